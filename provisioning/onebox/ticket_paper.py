"""What an ESC/POS printer makes of bytes, written from Epson's command reference and sharing no code with the agent.

The interpreter is a generator: it names what it is about to do (`Deed`) and does it when it is resumed, so the machine
around it can stop it between two rows of dots as an open cover does.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from enum import Enum, auto
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH = 576
BYTES_WIDE = WIDTH // 8
ROWS_PER_MM = 8
LINE_ROWS = 30
BLANK = bytes(BYTES_WIDE)


class Deed(Enum):
    """What the printer is about to do."""

    WAIT_FOR_BYTES = auto()
    PRINT_ROW = auto()
    CUT = auto()


Steps = Generator[Deed, None, None]


class Paper:
    """The strip that comes out: rows of dots until it is cut."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []

    def save(self, path: Path) -> None:
        """Write what has come out since the last cut as a one-bit PNG; begin anew."""
        dots = b"".join(self.rows)
        picture = Image.frombytes("1", (WIDTH, len(self.rows)), bytes(255 - byte for byte in dots))
        picture.save(path, "PNG", dpi=(203, 203))
        self.rows = []


class Interpreter:
    """Takes bytes with `feed`; iterate over `steps` to let it work. `answer` is called with what it says."""

    def __init__(self, paper: Paper, answer: Callable[[bytes], None], roll_status: Callable[[], int]) -> None:
        self._paper, self._answer, self._roll_status = paper, answer, roll_status
        self._bytes: deque[int] = deque()
        self._text = ""
        self.steps: Iterator[Deed] = self._run()

    def feed(self, data: bytes) -> None:
        """Put bytes into the receive buffer."""
        self._bytes.extend(data)

    def clear(self) -> None:
        """Drop the receive buffer and whatever command was half way through (DLE DC4 fn 8)."""
        self._bytes.clear()
        self._text = ""
        self.steps = self._run()

    def _run(self) -> Steps:
        commands = {0x1B: self._escape, 0x1D: self._group, 0x10: self._real_time, 0x0A: self._line_feed}
        while True:
            (byte,) = yield from self._take(1)
            if byte in commands:
                yield from commands[byte]()
            elif byte:
                self._text += chr(byte) if 0x20 <= byte < 0x7F else "?"

    def _take(self, count: int) -> Generator[Deed, None, bytes]:
        while len(self._bytes) < count:
            yield Deed.WAIT_FOR_BYTES
        return bytes(self._bytes.popleft() for _ in range(count))

    def _row(self, dots: bytes) -> Steps:
        yield Deed.PRINT_ROW
        self._paper.rows.append(dots)

    def _feed_rows(self, count: int) -> Steps:
        for _ in range(count):
            yield from self._row(BLANK)

    def _line_feed(self) -> Steps:
        line = Image.new("1", (WIDTH, LINE_ROWS), 0)
        ImageDraw.Draw(line).text((0, 4), self._text, fill=1, font=ImageFont.load_default(20))
        self._text, dots = "", line.tobytes()
        for at in range(0, len(dots), BYTES_WIDE):
            yield from self._row(dots[at : at + BYTES_WIDE])

    def _real_time(self) -> Steps:
        """Skip what was obeyed on arrival."""
        (kind,) = yield from self._take(1)
        yield from self._take(8 if kind == 0x14 else 1)

    def _escape(self) -> Steps:
        (command,) = yield from self._take(1)
        if command == ord("@"):
            self._text = ""
        elif command == ord("J"):
            yield from self._feed_rows((yield from self._take(1))[0])
        elif command == ord("d"):
            yield from self._feed_rows((yield from self._take(1))[0] * LINE_ROWS)
        elif command in b"!-Eaat3RM":
            yield from self._take(1)
        else:
            self._text += "?"

    def _group(self) -> Steps:
        (command,) = yield from self._take(1)
        if command == ord("v"):
            yield from self._raster()
        elif command == ord("V"):
            yield from self._cut()
        elif command == ord("("):
            yield from self._block()
        elif command == ord("r"):
            yield from self._take(1)
            self._answer(bytes((self._roll_status(),)))
        elif command in b"!Ba":
            yield from self._take(1)
        else:
            self._text += "?"

    def _raster(self) -> Steps:
        header = yield from self._take(6)
        wide, rows = int.from_bytes(header[2:4], "little"), int.from_bytes(header[4:6], "little")
        for _ in range(rows):
            dots = yield from self._take(wide)
            yield from self._row(dots[:BYTES_WIDE].ljust(BYTES_WIDE, b"\0"))

    def _cut(self) -> Steps:
        (mode,) = yield from self._take(1)
        if mode in (65, 66):
            yield from self._feed_rows((yield from self._take(1))[0])
        yield Deed.CUT

    def _block(self) -> Steps:
        kind, low, high = yield from self._take(3)
        body = yield from self._take(low + 256 * high)
        if kind == ord("H") and body[:2] == b"\x30\x30":
            self._answer(b"\x37\x22" + body[2:6] + b"\x00")
