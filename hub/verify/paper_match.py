"""A photographed page against the register's table of its words: what agrees, and which places differ.

Nothing is held against a paper that the reader is not sure of: a word counts as different only where two looks at its
line agreed, its neighbours stand where they should, and no likely misreading of it (an accent, a letter taken for
another, a word cut in two) is what the register has there. A digit is never forgiven for another digit.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from contract.messages import Box
from hub.fingerprint import Marked, Marker, Table, plain

LEAST_ANCHORS = 8
LEAST_SHARE = 0.6
"""Of a page's words that must be found again before anything is said about the rest."""

_ANCHOR_MM, _ANCHOR_LETTERS = 4.0, 3
_REACH_MM = (7.0, 3.5)
_SAME_PLACE_MM = 2.0
_OVERLAP = 0.6
_NEIGHBOURS = 8
_ALIKE = (
    "aàáảãạăằắẳẵặâầấẩẫậ", "eèéẻẽẹêềếểễệ", "iìíỉĩịl1j|t", "oòóỏõọôồốổỗộơờớởỡợ0", "uùúủũụưừứửữựv", "yỳýỷỹỵv", "dđ",
    "rnm", "cegq", "s5", "b86h", "z2", "g9q", "kx", "ft",
)  # fmt: skip
_DROPPED = "1il.rt"

Point = NDArray[np.float64]


class Comparison(StrEnum):
    """What a photograph of a page came to."""

    AGREES = "AGREES"
    DIFFERS = "DIFFERS"
    TOO_POOR = "TOO_POOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """A line that was read in the photograph, its box in mm on the flattened page; `sure`: two looks agreed."""

    text: str
    box: Box
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The outcome for one page (0: none fitted): `agreeing` of `words` in the register were found on the paper.

    `differing` are boxes in mm on the flattened photograph, in reading order; `unclear` are places where something else
    was read than is kept, but not surely: for a person to look at.
    """

    outcome: Comparison
    page: int
    agreeing: int
    words: int
    differing: tuple[Box, ...]
    unclear: tuple[Box, ...] = ()


@dataclass(slots=True)
class _Seen:
    """A word in the photograph; `at` is where the register would have its middle."""

    text: str
    box: Box
    line: int
    sure: bool
    at: Point
    width: float
    match: int | None = None


def compare(lines: Sequence[ReadLine], table: Table, marker: Marker) -> Compared:
    """Return what a photograph's lines come to against the best fitting page of a copy."""
    seen = list(_words(lines))
    marks = [marker.mark(each.text) for each in seen]
    tried = [(_anchors(seen, marks, table.of_page(page)), page) for page in table.pages]
    anchors, page = max(tried, key=lambda each: len(each[0]), default=([], 0))
    words = table.of_page(page)
    if len(anchors) < LEAST_ANCHORS or not _placed(seen, anchors, words):
        return Compared(outcome=Comparison.TOO_POOR, page=0, agreeing=0, words=len(words), differing=())
    return _Page(seen, marks, words, marker).compared(page)


class _Page:
    """The two sides of one comparison, and who was matched with whom."""

    def __init__(self, seen: list[_Seen], marks: list[bytes], words: list[Marked], marker: Marker) -> None:
        self._seen, self._marks, self._words, self._marker = seen, marks, words, marker
        self._middles = np.array([_middle(each.box) for each in words])
        self._taken: set[int] = set()

    def compared(self, page: int) -> Compared:
        for mark, each in zip(self._marks, self._seen, strict=True):
            self._take(each, self._near(each), {mark})
        self._settle()
        for each in self._unmatched():
            self._take(each, self._near(each), set(self._misreadings(each.text)))
        for at, each in enumerate(self._seen):
            if each.match is None:
                self._join(at, each)
        share = len(self._taken) / max(len(self._words), 1)
        different = self._different(share) if share >= LEAST_SHARE else []
        sure, unsure = [[each.box for each in different if each.sure is wanted] for wanted in (True, False)]
        outcome = Comparison.DIFFERS if sure else Comparison.AGREES
        return Compared(
            outcome=outcome if share >= LEAST_SHARE else Comparison.TOO_POOR,
            page=page,
            agreeing=len(self._taken),
            words=len(self._words),
            differing=tuple(sure),
            unclear=tuple(unsure),
        )

    def _unmatched(self) -> Iterator[_Seen]:
        return (each for each in self._seen if each.match is None)

    def _near(self, each: _Seen) -> list[int]:
        off = np.abs(self._middles - each.at)
        reach = _REACH_MM[0] + each.width / 2
        near = np.flatnonzero((off[:, 0] <= reach) & (off[:, 1] <= _REACH_MM[1]))
        return sorted((int(at) for at in near if int(at) not in self._taken), key=lambda at: float(off[at].sum()))

    def _take(self, each: _Seen, near: Iterable[int], marks: set[bytes]) -> None:
        found = next((at for at in near if self._words[at].mark in marks), None)
        if found is not None:
            each.match = found
            self._taken.add(found)

    def _settle(self) -> None:
        """Move every word by as much as its matched neighbours lie off: paper bends."""
        known = [(each.at.copy(), self._middles[each.match] - each.at) for each in self._seen if each.match is not None]
        if not known:
            return
        places, offs = np.array([place for place, _ in known]), np.array([off for _, off in known])
        for each in self._seen:
            nearest = np.argsort(np.abs(places - each.at) @ np.array([1.0, 3.0]))[:_NEIGHBOURS]
            each.at = each.at + np.median(offs[nearest], axis=0)

    def _misreadings(self, text: str) -> Iterator[bytes]:
        return (self._marker.mark(each) for each in misreadings(plain(text)))

    def _join(self, at: int, each: _Seen) -> None:
        """Match a word that the reader, here or at the kiosk, took for two, or two for one."""
        text, near = plain(each.text), self._near(each)
        for cut in range(1, len(text)):
            halves = self._marker.mark(text[:cut]), self._marker.mark(text[cut:])
            left = next((n for n in near if self._words[n].mark == halves[0]), None)
            right = next((n for n in near if self._words[n].mark == halves[1] and n != left), None)
            if left is not None or right is not None:
                each.match = left if left is not None else right
                self._taken |= {n for n in (left, right) if n is not None}
                return
        following = self._seen[at + 1] if at + 1 < len(self._seen) else None
        if following is not None and following.line == each.line and following.match is None:
            whole = self._marker.mark(each.text + following.text)
            self._take(each, near, {whole})
            following.match = each.match

    def _different(self, share: float) -> list[_Seen]:
        of_line: dict[int, list[_Seen]] = defaultdict(list)
        for each in self._seen:
            of_line[each.line].append(each)
        return [each for each in self._unmatched() if self._is_other(each, of_line[each.line], share)]

    def _is_other(self, each: _Seen, line: list[_Seen], share: float) -> bool:
        others = [other for other in line if other is not each]
        if others and sum(other.match is not None for other in others) * 2 < len(others):
            return False
        if not others and share < 0.8:
            return False
        return any(self._stands_there(each, at) for at in self._near(each))

    def _stands_there(self, each: _Seen, at: int) -> bool:
        box, middle = self._words[at].box, self._middles[at]
        width = box[2] - box[0]
        common = min(each.at[0] + each.width / 2, box[2]) - max(each.at[0] - each.width / 2, box[0])
        level = abs(each.at[1] - middle[1]) <= _SAME_PLACE_MM
        return bool(level and common >= _OVERLAP * max(width, each.width))


def misreadings(text: str) -> Iterator[str]:
    """Yield what a word may truly say that was read as `text`: one letter for one alike, one too many or too few."""
    for at, char in enumerate(text):
        for group in _ALIKE:
            if char in group:
                for other in group:
                    if other != char and not (char.isdigit() and other.isdigit()):
                        yield text[:at] + other + text[at + 1 :]
        if not char.isdigit():
            yield text[:at] + text[at + 1 :]
    for at in range(len(text) + 1):
        for extra in _DROPPED:
            if not (extra.isdigit() and any(char.isdigit() for char in text)):
                yield text[:at] + extra + text[at:]


def _words(lines: Sequence[ReadLine]) -> Iterator[_Seen]:
    for number, line in enumerate(lines):
        x0, y0, x1, y1 = line.box
        step = (x1 - x0) / max(len(line.text), 1)
        at = 0
        for text in line.text.split():
            at = line.text.index(text, at)
            box = (x0 + at * step, y0, x0 + (at + len(text)) * step, y1)
            at += len(text)
            if plain(text):
                yield _Seen(text=text, box=box, line=number, sure=line.sure, at=_middle(box), width=box[2] - box[0])


def _anchors(seen: list[_Seen], marks: list[bytes], words: list[Marked]) -> list[tuple[int, int]]:
    """Return words that occur once on either side: (in the photograph, in the register)."""
    here, there = Counter(marks), Counter(each.mark for each in words)
    place = {each.mark: at for at, each in enumerate(words)}
    return [
        (at, place[mark])
        for at, mark in enumerate(marks)
        if here[mark] == there[mark] == 1 and len(plain(seen[at].text)) >= _ANCHOR_LETTERS
    ]


def _placed(seen: list[_Seen], anchors: list[tuple[int, int]], words: list[Marked]) -> bool:
    """Bring the photograph's words to where the register has them; return False where no plain movement does that."""
    here = np.array([seen[at].at for at, _ in anchors])
    there = np.array([_middle(words[at].box) for _, at in anchors])
    move, fits = cv2.estimateAffine2D(here, there, ransacReprojThreshold=_ANCHOR_MM)
    if move is None or int(fits.sum()) < LEAST_ANCHORS:
        return False
    for each in seen:
        each.at = move[:, :2] @ each.at + move[:, 2]
        each.width *= float(np.linalg.norm(move[:, 0]))
    return True


def _middle(box: Box) -> Point:
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
