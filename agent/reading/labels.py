"""Where labels stand in the print: `Họ và tên`, `Ngày sinh / Date of birth`, found though a letter be misread."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.reading.folding import without_accents
from agent.reading.values import Line, ReadPage

_ALIKE = 0.84


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A label found: on which line of a page, from which sign to which, which phrase it is and how alike (0…1)."""

    line: int
    start: int
    end: int
    phrase: str
    likeness: float

    @property
    def weight(self) -> float:
        """How much of the line the label explains: of two that overlap, the heavier one is meant."""
        return self.likeness**2 * len(self.phrase)


def find_labels(page: ReadPage, phrases: Sequence[str]) -> list[Hit]:
    """Return the labels of a page in reading order; where two overlap, the one that explains more stands."""
    hits = [hit for number, line in enumerate(page.lines) for hit in _on_line(number, line, phrases)]
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (-hit.weight, hit.line, hit.start)):
        if not any(other.line == hit.line and other.start < hit.end and hit.start < other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.line, hit.start))


def x_at(line: Line, position: int) -> float:
    """Return about where on the page (mm) the sign at `position` of a line stands."""
    x0, _, x1, _ = line.box
    return x0 + (x1 - x0) * position / max(1, len(line.text))


def _on_line(number: int, line: Line, phrases: Sequence[str]) -> Iterator[Hit]:
    words = [(word.start(), word.end(), _key(word[0])) for word in re.finditer(r"\w+", line.text)]
    for phrase in phrases:
        for first, last, likeness in _windows(words, phrase):
            yield Hit(line=number, start=words[first][0], end=words[last][1], phrase=phrase, likeness=likeness)


def _windows(words: Sequence[tuple[int, int, str]], phrase: str) -> Iterator[tuple[int, int, float]]:
    """Yield first and last word of each place where the phrase stands, and how alike it is.

    A reader may have split or joined a word.
    """
    wanted = [_key(word) for word in re.findall(r"\w+", phrase)]
    joined = "".join(wanted)
    for first in range(len(words)):
        if len(wanted) == 1 and first > 0:
            return  # a single word is a label only where a line begins with it
        sizes = [size for size in (len(wanted), len(wanted) - 1, len(wanted) + 1) if 0 < size <= len(words) - first]
        for size in sizes:
            likeness = _likeness("".join(word for _, _, word in words[first : first + size]), joined)
            if likeness >= _ALIKE:
                yield first, first + size - 1, likeness
                break


def _likeness(said: str, wanted: str) -> float:
    if said == wanted:
        return 1.0
    if len(wanted) < 6 or abs(len(said) - len(wanted)) > 2 or said[0] != wanted[0]:
        return 0.0
    return SequenceMatcher(None, said, wanted, autojunk=False).ratio()


def _key(word: str) -> str:
    return without_accents(word).lower()
