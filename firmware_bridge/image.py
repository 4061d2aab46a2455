"""A firmware image as Intel HEX: the application's bytes, and the seal by which the boot loader knows it whole.

`python3 image.py kiosk.bin BUILD_ID kiosk.hex` seals what the linker made; it needs Python alone (firmware/Makefile).
The seal's layout is firmware/boot.h's.
"""

import struct
import sys
from binascii import crc_hqx
from dataclasses import dataclass
from pathlib import Path

SEAL_AT = 0x1F700
_SEAL = struct.Struct("<4sIIH")
_MAGIC = b"TRAM"
_LINE = 16
_DATA, _END, _SEGMENT, _LINEAR = 0, 1, 2, 4


class ImageWrong(ValueError):
    """The file is no sealed firmware image; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An application of at most SEAL_AT bytes, from address 0, and its build id."""

    code: bytes
    build: int


def write(image: Image, path: Path) -> None:
    """Write the image with its seal."""
    seal = _SEAL.pack(_MAGIC, len(image.code), image.build, crc_hqx(image.code, 0xFFFF))
    lines = [*_lines(0, image.code), *_lines(SEAL_AT, seal), _record(_END, 0, b"")]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def read(path: Path) -> Image:
    """Return the image in `path`; raise ImageWrong, or OSError where it can't be read."""
    memory = _memory(path)
    seal = bytes(memory.get(SEAL_AT + i, 0) for i in range(_SEAL.size))
    magic, length, build, crc = _SEAL.unpack(seal)
    if magic != _MAGIC:
        raise ImageWrong(f"{path} is no firmware of Trạm: it has no seal")
    code = bytes(memory.get(at, 0xFF) for at in range(min(length, SEAL_AT)))
    outside = [at for at in memory if not (at < length or SEAL_AT <= at < SEAL_AT + _SEAL.size)]
    if length > SEAL_AT or outside or crc_hqx(code, 0xFFFF) != crc:
        raise ImageWrong(f"{path} is damaged: its bytes do not fit its seal")
    return Image(code=code, build=build)


def _lines(start: int, data: bytes) -> list[str]:
    lines = []
    for offset in range(0, len(data), _LINE):
        at = start + offset
        if offset == 0 or at % 0x10000 == 0:
            lines.append(_record(_LINEAR, 0, (at >> 16).to_bytes(2, "big")))
        lines.append(_record(_DATA, at & 0xFFFF, data[offset : offset + _LINE]))
    return lines


def _record(kind: int, at: int, data: bytes) -> str:
    body = bytes((len(data), at >> 8, at & 0xFF, kind)) + data
    return f":{(body + bytes((-sum(body) & 0xFF,))).hex().upper()}"


def _memory(path: Path) -> dict[int, int]:
    memory: dict[int, int] = {}
    base = 0
    for number, line in enumerate(path.read_bytes().split(), start=1):
        kind, at, data = _parsed(line, f"{path}, line {number}")
        if kind == _DATA:
            memory.update((base + at + i, byte) for i, byte in enumerate(data))
        elif kind in (_SEGMENT, _LINEAR):
            base = int.from_bytes(data, "big") << (4 if kind == _SEGMENT else 16)
        elif kind == _END:
            return memory
    raise ImageWrong(f"{path} is no whole Intel HEX file: its end record is missing")


def _parsed(line: bytes, where: str) -> tuple[int, int, bytes]:
    try:
        body = bytes.fromhex(line[1:].decode("ascii"))
    except ValueError as fault:
        raise ImageWrong(f"{where}: no Intel HEX") from fault
    if line[:1] != b":" or len(body) < 5 or len(body) != body[0] + 5 or sum(body) & 0xFF:
        raise ImageWrong(f"{where}: no Intel HEX, or a damaged line")
    return body[3], body[1] << 8 | body[2], body[4:-1]


if __name__ == "__main__":
    write(Image(code=Path(sys.argv[1]).read_bytes(), build=int(sys.argv[2], 16)), Path(sys.argv[3]))
