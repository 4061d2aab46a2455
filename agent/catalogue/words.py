"""A question's words: without marks, with the slips of typing and of dialect mended as far as the catalogue knows them.

Everything is compared without diacritics, đ as d, so `cap lai giay khai sinh` is as good as the proper spelling.
"""

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from agent.reading.folding import folded

_TALK: Final = """a ah anh ba ban bi chi cho co con cua da dau de di duoc em gi gio giup giay hoi khong la lam len ma
man minh mo mot muon nao nay nha nhe nhi nhu no o oi ong phai ra rang roi rua sao te the thi to toi tui va ve vay voi
xin"""
FILLERS: Final = frozenset(_TALK.split())
"""Syllables of talk: where one of them alone agrees, nothing agrees."""

LONGEST_QUESTION: Final = 200
_LIKE: Final = 0.75
_SHORTEST_MENDED: Final = 3
_SAME_BEGINNINGS: Final = (("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("r", "d"), ("x", "s"), ("k", "c"))
"""What sounds alike somewhere in the country, or is written either way."""


_SYLLABLE: Final = re.compile(
    "(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(ch|ng|nh|[cmnpt])?",
)
"""The shape of a Vietnamese syllable without marks."""


def is_syllable(word: str) -> bool:
    """Return whether a folded word has that shape; `visa`, `ct07` and most English words have not."""
    return _SYLLABLE.fullmatch(word) is not None


def marked(text: str) -> list[str]:
    """Return the words that carry marks, in lower case, NFC: they tell apart what is alike without."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text.lower()))
    return [word for word in words if not word.isascii()]


def sound(syllable: str) -> str:
    """Return the common key of syllables that are taken for one another: `khai xinh`, `dang ki`, `tam chu`."""
    for written, heard in _SAME_BEGINNINGS:
        if syllable.startswith(written) and syllable != written:
            syllable = heard + syllable[len(written) :]
            break
    return syllable.replace("y", "i").replace("ph", "f")


def as_typed(syllable: str) -> str:
    """Return a folded syllable without what a Vietnamese keyboard that was off has left in it.

    Telex writes marks as letters (`giaays` is giấy, `ddaats` đất), VNI as figures (`giay61`). Behind the first vowel no
    Vietnamese syllable has any of f, j, r, s, w, x, and none has a letter twice.
    """
    parts = re.fullmatch(r"([^aeiouyw]*)([a-z0-9]+)", syllable)
    if parts is None or not parts[2][0].isalpha():
        return syllable
    head, tail = parts[1].replace("dd", "d").replace("d9", "d"), parts[2]
    tail = "u" + tail[1:] if tail[0] == "w" else tail
    return head + re.sub(r"([aeo])\1", r"\1", tail[0] + re.sub("[0-9fjrswxz]", "", tail[1:]))


class Lexicon:
    """The syllables that a catalogue knows, and which of them stand beside one another in its `lines`, folded."""

    def __init__(self, lines: Iterable[str]) -> None:
        told = [line.split() for line in lines]
        self._known = sorted({syllable for line in told for syllable in line})
        self._pairs = frozenset(pair for line in told for pair in pairwise(line))
        self._set = frozenset(self._known)
        self._by_sound: dict[str, list[str]] = {}
        for syllable in self._known:
            self._by_sound.setdefault(sound(syllable), []).append(syllable)

    def mended(self, question: str) -> list[str]:
        """Return a question's syllables, folded; one that nobody knows becomes the one that it sounds or looks like."""
        line = [self._mended(syllable) for syllable in folded(question[:LONGEST_QUESTION]).split()]
        for place in range(len(line) - 1):
            line[place : place + 2] = self._heard(line[place], line[place + 1])
        return line

    def _heard(self, one: str, other: str) -> tuple[str, str]:
        """Return two neighbours, as they sound where nobody writes them so: `cong trung` is `cong chung`."""
        if (one, other) in self._pairs or {one, other} & FILLERS:
            return one, other
        alike = itertools.product(self._alike(one), self._alike(other))
        return next((pair for pair in alike if pair in self._pairs), (one, other))

    def _alike(self, syllable: str) -> list[str]:
        return self._by_sound.get(sound(syllable), [syllable])

    def _mended(self, syllable: str) -> str:
        for meant in (syllable, as_typed(syllable)):
            if meant in self._set or meant in FILLERS:
                return meant
            if alike := self._by_sound.get(sound(meant)):
                return alike[0]
        if len(syllable) < _SHORTEST_MENDED:
            return syllable
        return next(iter(difflib.get_close_matches(syllable, self._known, 1, _LIKE)), syllable)


class Thesaurus:
    """Words of one meaning; the first of each group stands for it."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._phrases: Mapping[str, str] = {f" {folded(word)} ": folded(group[0]) for group in groups for word in group}

    @property
    def phrases(self) -> list[str]:
        """Return every phrase, folded."""
        return list(self._phrases)

    def meant(self, line: str) -> dict[str, set[str]]:
        """Return what a folded line means beyond its letters: the first phrase of each group, and what said it."""
        found: dict[str, set[str]] = {}
        for phrase, first in self._phrases.items():
            if phrase in f" {line} ":
                found.setdefault(first, set()).update(phrase.split())
        return found
