"""What stays of a certified copy's words: where each stood, and a short keyed mark instead of its letters.

The key comes from the seal that is printed on the paper, so that only who holds the paper can ask "does this word stand
there?". A mark is 24 bits of HMAC-SHA256: it finds an altered word, and does not spell one. What it can't do is said in
`docs/paper-check.md`: whoever has both table and seal can try guesses, and short words are soon guessed.
"""

import hmac
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from contract.messages import Box

MARK_BYTES = 3
MOST_WORDS = 60_000
_PLACE = struct.Struct(">BHHBB")
_ENTRY_BYTES = _PLACE.size + MARK_BYTES
_STEP_MM = 0.5
_CONTEXT = b"tram paper check 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as printed: its page from 1 and its box in mm on the A4 page (x0, y0, x1, y1)."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A word of the register: its page, its box to half a millimetre, and its mark."""

    page: int
    box: Box
    mark: bytes


class Marker:
    """Marks words under the key of one copy's seal (the last segment of the QR's address, in either case)."""

    def __init__(self, seal_text: str) -> None:
        self._key = hmac.digest(_CONTEXT, seal_text.upper().encode(), "sha256")

    def mark(self, text: str) -> bytes:
        """Return a word's mark; how it is written (case, punctuation) does not matter, every letter and digit does."""
        return hmac.digest(self._key, plain(text).encode(), "sha256")[:MARK_BYTES]


def plain(text: str) -> str:
    """Return letters and digits of a word, in lower case, NFC; empty where there are none."""
    return "".join(char for char in unicodedata.normalize("NFC", text).casefold() if char.isalnum())


def pack(words: Iterable[Word], marker: Marker) -> bytes:
    """Return the table of a copy's words: 10 bytes each."""
    entries = [_entry(each, marker) for each in words if _is_kept(each)]
    return b"".join(entries[:MOST_WORDS])


@dataclass(frozen=True, slots=True)
class Table:
    """The marked words of one copy."""

    words: tuple[Marked, ...]

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Return the table that `pack` made."""
        return cls(tuple(_marked(packed[at : at + _ENTRY_BYTES]) for at in range(0, len(packed), _ENTRY_BYTES)))

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages that have words."""
        return tuple(sorted({each.page for each in self.words}))

    def of_page(self, page: int) -> list[Marked]:
        """Return the words of a page."""
        return [each for each in self.words if each.page == page]


def _entry(word: Word, marker: Marker) -> bytes:
    x0, y0, x1, y1 = (round(side / _STEP_MM) for side in word.box)
    place = _PLACE.pack(word.page, _bounded(x0, 65535), _bounded(y0, 65535), _bounded(x1 - x0), _bounded(y1 - y0))
    return place + marker.mark(word.text)


def _marked(entry: bytes) -> Marked:
    page, x, y, width, height = _PLACE.unpack(entry[: _PLACE.size])
    box = tuple(side * _STEP_MM for side in (x, y, x + width, y + height))
    return Marked(page=page, box=box, mark=entry[_PLACE.size :])


def _bounded(steps: int, most: int = 255) -> int:
    return min(max(steps, 0), most)


def _is_kept(word: Word) -> bool:
    """A letter that stands alone is seldom read surely; a digit may be all that a forger changes."""
    text = plain(word.text)
    return word.page <= 255 and bool(text) and (len(text) > 1 or text.isdigit())
