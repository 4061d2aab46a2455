"""The log as static resources that any cache may keep (C2SP tlog-tiles): hashes by tiles of 256, entries by bundles."""

import re
import struct
from dataclasses import dataclass

from hub.log.tree import WIDTH, Tree

_NUMBER = re.compile(r"(?P<number>(?:x\d{3}/){0,4}\d{3})(?:\.p/(?P<width>[1-9]\d{0,2}))?")
_MOST_LEVELS = 6


class NoSuchTile(LookupError):
    """There is no such tile, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which tile of its level, and how many of its 256 places are asked for."""

    number: int
    width: int

    @classmethod
    def parse(cls, path: str) -> "Place":
        """Return the place in `x001/x234/067` or `000.p/17`; raise NoSuchTile."""
        found = _NUMBER.fullmatch(path)
        if not found:
            raise NoSuchTile(path)
        width = int(found["width"] or WIDTH)
        if width >= WIDTH and found["width"]:
            raise NoSuchTile(path)
        place = cls(number=int(found["number"].replace("x", "").replace("/", "")), width=width)
        if place.path != path:
            raise NoSuchTile(path)
        return place

    @property
    def path(self) -> str:
        """The place as it stands in an address."""
        digits = str(self.number)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *above, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
        whole = "/".join([*(f"x{part}" for part in above), last])
        return whole if self.width == WIDTH else f"{whole}.p/{self.width}"


def hashes(tree: Tree, level: int, place: Place) -> bytes:
    """Return the hashes of a tile end to end; raise NoSuchTile."""
    if not 0 <= level < _MOST_LEVELS:
        raise NoSuchTile(str(level))
    found = tree.hashes(level, place.number * WIDTH, place.width)
    if len(found) < place.width:
        raise NoSuchTile(place.path)
    return b"".join(found)


def entries(tree: Tree, place: Place) -> bytes:
    """Return the entries of a bundle, each after its length in two bytes; raise NoSuchTile."""
    found = tree.entries(place.number * WIDTH, place.width)
    if len(found) < place.width:
        raise NoSuchTile(place.path)
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in found)


def unpacked(bundle: bytes) -> list[bytes]:
    """Return the entries of a bundle; raise ValueError where it is cut off."""
    found, at = [], 0
    while at < len(bundle):
        if at + 2 > len(bundle):
            raise ValueError("the bundle of entries is cut off")
        (length,) = struct.unpack_from(">H", bundle, at)
        entry = bundle[at + 2 : at + 2 + length]
        if len(entry) < length:
            raise ValueError("the bundle of entries is cut off")
        found.append(entry)
        at += 2 + length
    return found
