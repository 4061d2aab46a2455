"""Where labels stand in the print: `Họ và tên`, `Ngày sinh / Date of birth`, found though a letter be misread."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.reading.folding import without_accents
from agent.reading.values import Line, ReadPage

_ALIKE = 0.84
_NARROW = frozenset(" ijltfrI.,:;'|!()[]/-")
_BROAD = frozenset("mwMW")


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
        return self.likeness**4 * len(self.phrase)


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
    widths = [_width(sign) for sign in line.text]
    return x0 + (x1 - x0) * sum(widths[:position]) / (sum(widths) or 1.0)


def _width(sign: str) -> float:
    """Return a sign's width in lower-case letters, as in Times: narrow, broad, capitals, the rest."""
    plain = without_accents(sign)
    if plain in _NARROW:
        return 0.6
    if plain in _BROAD:
        return 1.65
    return 1.45 if plain.isupper() else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    start: int
    end: int
    key: str
    colons: int


def _on_line(number: int, line: Line, phrases: Sequence[str]) -> Iterator[Hit]:
    words = [
        _Word(start=word.start(), end=word.end(), key=_key(word[0]), colons=line.text.count(":", 0, word.start()))
        for word in re.finditer(r"\w+", line.text)
    ]
    for phrase in phrases:
        for window, likeness in _windows(words, phrase):
            hit = Hit(line=number, start=window[0].start, end=window[-1].end, phrase=phrase, likeness=likeness)
            if likeness == 1.0 or not _is_name(line.text[hit.start : hit.end], phrase):
                yield hit


def _is_name(printed: str, phrase: str) -> bool:
    """Return whether print that resembles a label stands in capitals as values do: `NGUYỄN QUỲNH`, `Nguyên quán`."""
    return printed.isupper() and not phrase.isupper()


def _windows(words: Sequence[_Word], phrase: str) -> Iterator[tuple[Sequence[_Word], float]]:
    """Yield each stretch of words where the phrase stands, and how alike it is; a colon ends a label.

    A reader may have split or joined a word. A single word is a label only where a line begins with it.
    """
    wanted = [_key(word) for word in re.findall(r"\w+", phrase)]
    joined = "".join(wanted)
    for first in range(len(words) if len(wanted) > 1 else min(1, len(words))):
        for size in (len(wanted), len(wanted) - 1, len(wanted) + 1):
            window = words[first : first + size]
            if not window or window[0].colons != window[-1].colons:
                continue
            likeness = _likeness("".join(word.key for word in window), joined)
            if likeness >= _ALIKE:
                yield window, likeness
                break


def _likeness(said: str, wanted: str) -> float:
    if said == wanted:
        return 1.0
    if len(wanted) < 6 or abs(len(said) - len(wanted)) > 2 or said[0] != wanted[0]:
        return 0.0
    return SequenceMatcher(None, said, wanted, autojunk=False).ratio()


def _key(word: str) -> str:
    return without_accents(word).lower()
