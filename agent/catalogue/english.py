"""The index over a catalogue's English words, for a question that is asked in English.

English has its own table: folded Vietnamese syllables look like English words (`do`, `to`, `can`, `in`), so one index
for both would answer with what only happens to be spelt alike. SQLite's Porter stemmer makes `registering` and
`registration` one word.
"""

import difflib
import itertools
import math
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from agent.catalogue.entries import Entry, prior
from agent.catalogue.words import Thesaurus, is_syllable
from agent.reading.folding import folded
from contract.catalogue import Elsewhere, Same

SURE_FROM: Final = 5.0
"""BM25 of the best, times the share of the question that it covers; set on tests/bench/guide/*_outside.tsv."""

_TELLING: Final = """about and another are been could did does for from get got had have her here him how is its just
like make must my need needs of our please she should some somebody someone that their them there these they this those
want was we were what when where which who whose why with without would you your"""
_OTHER_TALK: Final = """a am an any anyone as at be but by can do each give has he help hers his i if in into it may me
mine no not now off on one or out paper papers person procedure shall so the then thing to too up us"""
TELLING: Final = frozenset(_TELLING.split())
"""Words of talk that are no Vietnamese syllable without marks: they make a question an English one."""

TALK: Final = TELLING | frozenset(_OTHER_TALK.split())
"""Words that say nothing of the matter."""

_LIKE: Final = 0.8
_SHORTEST_MENDED: Final = 4
_STEM: Final = 5
_WEIGHTS: Final = "3.0, 4.0"
_MADE: Final = (
    "CREATE VIRTUAL TABLE entry USING fts5(place UNINDEXED, prior UNINDEXED, title, also, tokenize = 'porter ascii')"
)
_ASKED: Final = (
    f"SELECT place, -bm25(entry, 0.0, 0.0, {_WEIGHTS}) * prior AS score FROM entry"  # noqa: S608  constants
    " WHERE entry MATCH ?"
)
_HAVING: Final = "SELECT place FROM entry WHERE entry MATCH ?"


class EnglishIndex:
    """The English words of a catalogue's entries; an entry is named by its place in their order."""

    def __init__(self, entries: Sequence[Entry], same: Iterable[Same]) -> None:
        self._thesaurus = Thesaurus(each.words for each in same)
        rows = [(place, prior(entry), *self._words(entry)) for place, entry in enumerate(entries)]
        self._count = len(rows)
        self._titles = [_stems(title) for _, _, title, _ in rows]
        self._known = sorted({word for *_, title, also in rows for word in f"{title} {also}".split()} - TALK)
        self._vocabulary = frozenset(self._known)
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_MADE)
        self._database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)

    def is_asked(self, question: str) -> bool:
        """Return whether a question is English: more of its words can only be English than can only be Vietnamese."""
        if not question.isascii():
            return False
        words = folded(question).split()
        english = [each for each in words if each in TELLING or (each in self._vocabulary and not is_syllable(each))]
        vietnamese = [each for each in words if is_syllable(each) and each not in self._vocabulary | TALK]
        return len(english) > len(vietnamese)

    def ask(self, question: str, most: int) -> tuple[list[int], bool]:
        """Return the places of at most so many entries that answer best, and whether the machine may be sure."""
        words = [self._mended(each) for each in folded(question).split() if each not in TALK]
        if not words:
            return [], False
        pairs = (f"{one} {other}" for one, other in itertools.pairwise(words))
        terms = dict.fromkeys((*words, *pairs, *self._thesaurus.meant(folded(question))))
        match = " OR ".join(f'"{term}"' for term in terms)
        asked = _stems(question)
        rows = [
            (score * self._plainness(place, asked), place) for place, score in self._database.execute(_ASKED, (match,))
        ]
        if not rows:
            return [], False
        best = sorted(rows, reverse=True)[:most]
        score, place = best[0]
        is_met = len(words) > 1 or bool(asked & self._titles[place])
        return [each for _, each in best], is_met and score * self._covered(words, place) >= SURE_FROM

    def _plainness(self, place: int, asked: set[str]) -> float:
        """Return by how much more an entry is meant the less of its title was not asked: 1…2."""
        title = self._titles[place]
        return 1.0 + len(title & asked) / (len(title) or 1)

    def _words(self, entry: Entry) -> tuple[str, str]:
        title, also = (entry.en, entry.words_en) if isinstance(entry, Elsewhere) else (entry.english, entry.also_en)
        said = " . ".join(map(folded, also))
        return folded(title), " ".join((said, *self._thesaurus.meant(f"{folded(title)} . {said}")))

    def _mended(self, word: str) -> str:
        if word in self._vocabulary or len(word) < _SHORTEST_MENDED:
            return word
        return next(iter(difflib.get_close_matches(word, self._known, 1, _LIKE)), word)

    def _covered(self, words: Sequence[str], place: int) -> float:
        """Return which share of the words, weighed by rarity, an entry has; 0…1."""
        total = has = 0.0
        for word in dict.fromkeys(words):
            places = {found for (found,) in self._database.execute(_HAVING, (f'"{word}"',))}
            weight = math.log(1 + (self._count - len(places) + 0.5) / (len(places) + 0.5))
            total += weight
            has += weight if place in places else 0.0
        return has / (total or 1.0)


def _stems(text: str) -> set[str]:
    """Return how the words of a text begin, without those of talk; as good as a stem to compare titles by."""
    return {word[:_STEM] for word in folded(text).split() if word not in TALK}
