"""Marks that are in every personal item of the proof's visit, and a search that finds them however they are written."""

import base64
import json
import random
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b\x08")
_MOST_INFLATED = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Marks drawn from a seed: bytes in three pictures, what a card says, and two numbers that were measured."""

    portrait: bytes
    frame: bytes
    still: bytes
    name: str
    number: str
    born: date
    score: float
    cue: float

    @classmethod
    def drawn(cls, seed: int) -> "Marks":
        """Return marks that stand nowhere by chance."""
        chance = random.Random(seed)
        letters = "".join(chance.choices("ĂÂÊÔƠƯĐBCGHKLMNPQRSTVX", k=14))
        return cls(
            portrait=chance.randbytes(24), frame=chance.randbytes(24), still=chance.randbytes(24),
            name=f"NGUYỄN {letters}", number="".join(chance.choices("0123456789", k=12)), born=date(1953, 2, 17),
            score=round(chance.uniform(0.7, 0.9), 13), cue=round(chance.uniform(0.7, 0.9), 13),
        )  # fmt: skip

    def needles(self) -> Mapping[str, tuple[bytes, ...]]:
        """Return every form in which each mark is looked for."""
        return {
            "portrait": _forms(self.portrait),
            "frame": _forms(self.frame),
            "still": _forms(self.still),
            "name": _text_forms(self.name),
            "number": _text_forms(self.number),
            "score": _number_forms(self.score),
            "cue": _number_forms(self.cue),
        }


def marked_jpeg(mark: bytes, grey: int) -> bytes:
    """Return a picture of nobody with the mark in its comment (ISO/IEC 10918-1 COM)."""
    out = BytesIO()
    Image.effect_noise((120, 160), grey).convert("RGB").save(out, "JPEG", comment=mark)
    return out.getvalue()


def found_in(content: bytes, needles: Mapping[str, tuple[bytes, ...]]) -> set[str]:
    """Return the marks that stand in some bytes, or in what is deflated in them (RFC 1950, 1952)."""
    return {name for name, forms in needles.items() for each in _layers(content) if any(form in each for form in forms)}


def found_on_disk(folder: Path, needles: Mapping[str, tuple[bytes, ...]]) -> dict[str, set[str]]:
    """Return, by file below `folder`, the marks that stand in it; free pages and write-ahead logs are files' bytes."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # it went while we looked
            continue
        marks = found_in(content, needles) | found_in(str(path.relative_to(folder)).encode(), needles)
        if marks:
            found[str(path.relative_to(folder))] = marks
    return found


def _layers(content: bytes) -> Iterator[bytes]:
    yield content
    for magic in _ZLIB:
        at = content.find(magic)
        while at >= 0:
            inflated = _inflated(content[at:])
            if len(inflated) >= 8:
                yield inflated
            at = content.find(magic, at + 1)


def _inflated(content: bytes) -> bytes:
    inflate = zlib.decompressobj(wbits=47)  # zlib or gzip, as the header says
    out = b""
    try:
        out = inflate.decompress(content, _MOST_INFLATED)
    except zlib.error:
        return b""
    return out


def _forms(raw: bytes) -> tuple[bytes, ...]:
    return (raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode(), *_base64(raw))


def _base64(raw: bytes) -> Iterator[bytes]:
    """The letters that are there whatever stands before and behind, at each of the three places in a group."""
    for before in range(3):
        padded = b"\0" * before + raw
        whole = padded[: len(padded) // 3 * 3]
        inner = base64.b64encode(whole)[4 if before else 0 :]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def _text_forms(text: str) -> tuple[bytes, ...]:
    raws = (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    escaped = json.dumps(text).strip('"').encode()
    return (*(form for raw in raws for form in _forms(raw)), escaped, text.title().encode(), text.lower().encode())


def _number_forms(number: float) -> tuple[bytes, ...]:
    binary = (struct.pack("<d", number), struct.pack(">d", number))
    return (f"{number!r}".encode()[:12], *binary, *(raw.hex().encode() for raw in binary))
