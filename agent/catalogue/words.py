"""A question's words: without marks, with the slips of typing and of dialect mended as far as the catalogue knows them.

Everything is compared without diacritics, đ as d, so `cap lai giay khai sinh` is as good as the proper spelling.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from agent.reading.folding import folded

_TALK: Final = """a ah anh ba ban bi chi cho co con cua da dau de di duoc em gi gio giup giay hoi khong la lam len ma
minh mot muon nao nay nha nhe nhi nhu o oi ong phai roi sao the thi to toi tui va ve vay voi xin"""
FILLERS: Final = frozenset(_TALK.split())
"""Syllables of talk: where one of them alone agrees, nothing agrees."""

LONGEST_QUESTION: Final = 200
_LIKE: Final = 0.75
_SHORTEST_MENDED: Final = 3
_SAME_BEGINNINGS: Final = (("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("gi", "d"), ("r", "d"), ("x", "s"), ("k", "c"))
"""What sounds alike somewhere in the country, or is written either way."""


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


class Lexicon:
    """The syllables that a catalogue knows."""

    def __init__(self, syllables: Iterable[str]) -> None:
        self._known = sorted(set(syllables))
        self._set = frozenset(self._known)
        self._by_sound: dict[str, str] = {}
        for syllable in self._known:
            self._by_sound.setdefault(sound(syllable), syllable)

    def mended(self, question: str) -> list[str]:
        """Return a question's syllables, folded; one that nobody knows becomes the one that it sounds or looks like."""
        return [self._mended(syllable) for syllable in folded(question[:LONGEST_QUESTION]).split()]

    def _mended(self, syllable: str) -> str:
        if syllable in self._set or syllable in FILLERS:
            return syllable
        if alike := self._by_sound.get(sound(syllable)):
            return alike
        if len(syllable) < _SHORTEST_MENDED:
            return syllable
        return next(iter(difflib.get_close_matches(syllable, self._known, 1, _LIKE)), syllable)


class Thesaurus:
    """Words of one meaning; the first of each group stands for it."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._phrases: Mapping[str, str] = {f" {folded(word)} ": folded(group[0]) for group in groups for word in group}

    @property
    def syllables(self) -> set[str]:
        """Return every syllable that stands in a phrase."""
        return {syllable for phrase in self._phrases for syllable in phrase.split()}

    def meant(self, line: str) -> dict[str, set[str]]:
        """Return what a folded line means beyond its letters: the first phrase of each group, and what said it."""
        found: dict[str, set[str]] = {}
        for phrase, first in self._phrases.items():
            if phrase in f" {line} ":
                found.setdefault(first, set()).update(phrase.split())
        return found
