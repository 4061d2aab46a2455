"""The ESC/POS bytes that the ticket printer uses (Epson's ESC/POS command reference; names as there).

Text travels as raster: no code page of these printers holds Vietnamese.
"""

from io import BytesIO

from PIL import Image

START = b"\x1b@"
FEED_TO_CUTTER = b"\x1bd\x06"
CUT = b"\x1dV\x01"
ASK_WHEN_PROCESSED = b"\x1dr\x01"
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
CLEARED = b"\x37\x25\x00"

STRIP_ROWS = 24
"""Rows in one GS v 0: few, so that little white is sent and a printer with little memory begins at once."""

_HEADER, _NUL = 0x37, 0x00
_FLOW_CONTROL = (0x11, 0x13)
_LONGEST_BLOCK = 16
_REAL_TIME = {b"\x10\x04": b"\x10\x0c", b"\x10\x05": b"\x10\x0d", b"\x10\x14": b"\x10\x1c"}


def ask(subject: int) -> bytes:
    """Return DLE EOT n: 1 printer, 2 cause of offline, 3 error, 4 roll; answered at once, past all that waits."""
    return bytes((0x10, 0x04, subject))


def report(mark: bytes) -> bytes:
    """Return GS ( H fn 48: the printer says these four characters when what stands before them is on paper."""
    return b"\x1d(H\x06\x00\x30\x30" + mark


def reported(mark: bytes) -> bytes:
    """Return the block with which the printer says so."""
    return b"\x37\x22" + mark + b"\x00"


def raster(png: bytes) -> bytes:
    """Return a picture as GS v 0 strips, one dot a pixel; dark is black.

    A printer obeys real-time commands inside picture data too, so where dots spell one, one dot more is printed.
    """
    picture = Image.open(BytesIO(png)).convert("L").point(lambda grey: 0 if grey >= 128 else 255, "1")
    dots, wide = picture.tobytes(), (picture.width + 7) // 8
    rows = [dots[at : at + wide] for at in range(0, len(dots), wide)]
    return b"".join(_strip(rows[at : at + STRIP_ROWS]) for at in range(0, len(rows), STRIP_ROWS))


def _strip(rows: list[bytes]) -> bytes:
    """Return rows without the white to the right of all of them."""
    wide = max(1, *(len(row.rstrip(b"\0")) for row in rows))
    dots = b"".join(row[:wide] for row in rows)
    for command, harmless in _REAL_TIME.items():
        dots = dots.replace(command, harmless)
    return b"\x1dv0\x00" + wide.to_bytes(2, "little") + len(rows).to_bytes(2, "little") + dots


def is_status(answer: bytes) -> bool:
    """Return whether this is an answer to DLE EOT: bits 1 and 4 on, 0 and 7 off."""
    return len(answer) == 1 and answer[0] & 0x93 == 0x12


def is_processed(answer: bytes) -> bool:
    """Return whether this is an answer to GS r: bits 4 and 7 off."""
    return len(answer) == 1 and answer[0] & 0x90 == 0


class Answers:
    """Cuts what the printer says into single status bytes and blocks (37h … NUL)."""

    def __init__(self) -> None:
        self._open = b""

    def cut(self, said: bytes) -> list[bytes]:
        """Return the answers that are whole with `said`."""
        whole: list[bytes] = []
        for byte in said:
            if byte in _FLOW_CONTROL:
                continue
            self._open += bytes((byte,))
            if self._open[0] != _HEADER or byte == _NUL or len(self._open) > _LONGEST_BLOCK:
                whole.append(self._open)
                self._open = b""
        return whole
