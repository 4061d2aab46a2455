"""The index over one catalogue: SQLite's full-text search (FTS5) ranks by its own BM25; nothing leaves the device.

A question in English is asked of the English words (english.py). Any other is mended and widened (words.py), then asked
as single syllables, as neighbouring pairs, since most Vietnamese words have two, and as what its phrases mean. The
index lies in memory and is made anew at each start from the catalogue, whose signature was checked: there is no file of
it that could be half written or changed.

Whether the machine is sure is judged by how much of what was asked, weighed by rarity, the best answer has.
"""

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from agent.catalogue.english import EnglishIndex
from agent.catalogue.entries import Entry, prior
from agent.catalogue.words import FILLERS, LONGEST_QUESTION, Lexicon, Thesaurus, is_syllable, marked
from agent.reading.folding import folded
from contract.catalogue import Catalogue, Elsewhere, Procedure

MOST_FOUND: Final = 5
SURE_FROM: Final = 8.0
"""BM25 of the best, times the share of the question that it covers; set on tests/bench/guide/tuning*.tsv."""

_WEIGHTS: Final = "6.0, 5.0, 2.0, 0.5, 2.0"
"""Of short name, people's words, official name, the rest, and the words with their marks."""

_MADE: Final = (
    "CREATE VIRTUAL TABLE entry USING fts5"
    "(place UNINDEXED, prior UNINDEXED, short, also, name, rest, marked, tokenize = 'ascii')"
)
_TEXT: Final = "short || ' ' || also || ' ' || name || ' ' || rest"
_ASKED: Final = (
    f"SELECT place, -bm25(entry, 0.0, 0.0, {_WEIGHTS}) * prior AS score, {_TEXT} FROM entry WHERE entry MATCH ?"  # noqa: S608  constants
    f" ORDER BY score DESC, place LIMIT {MOST_FOUND + 1}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a question found, best first; `elsewhere` is what it rather asks for, which no procedure here answers."""

    procedures: tuple[Procedure, ...] = ()
    elsewhere: Elsewhere | None = None
    is_sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    singles: tuple[str, ...]
    phrases: tuple[str, ...]
    meant: dict[str, set[str]]
    marked: tuple[str, ...]

    @property
    def match(self) -> str:
        """The question in FTS5's language; only letters and digits stand in its quotes."""
        terms = [f'"{term}"' for term in (*self.singles, *self.phrases, *self.meant)]
        return " OR ".join(dict.fromkeys(terms + [f'marked : "{word}"' for word in self.marked]))


class Index:
    """A catalogue that can be asked; asking takes about a millisecond."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._thesaurus = Thesaurus(each.words for each in catalogue.same)
        self._entries: tuple[Entry, ...] = (*catalogue.procedure, *catalogue.elsewhere)
        self._english = EnglishIndex(self._entries, catalogue.same_en)
        rows = [self._row(place, entry) for place, entry in enumerate(self._entries)]
        self._seen = Counter(syllable for row in rows for syllable in set(" ".join(row[2:6]).split()))
        self._lexicon = Lexicon([*(text for row in rows for text in row[2:6]), *self._thesaurus.phrases])
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_MADE)
        self._database.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def ask(self, question: str) -> Found:
        """Return what answers a question best; a procedure's code names it."""
        if named := self._catalogue.find(question.strip()):
            return Found(procedures=(named,), is_sure=True)
        if self._english.is_asked(question):
            places, is_sure = self._english.ask(question[:LONGEST_QUESTION], MOST_FOUND + 1)
            if places:
                return self._said(places, is_sure=is_sure)
        asked = self._understood(question)
        if not asked.match:
            return Found()
        rows = self._database.execute(_ASKED, (asked.match,)).fetchall()
        while rows and isinstance(self._entries[rows[0][0]], Elsewhere) and not _is_met(asked, rows[0][2]):
            rows.pop(0)
        if not rows:
            return Found()
        _, score, text = rows[0]
        is_sure = _is_met(asked, text) and score * self._covered(asked, text) >= SURE_FROM
        return self._said([place for place, _, _ in rows], is_sure=is_sure)

    def _said(self, places: Sequence[int], *, is_sure: bool) -> Found:
        found = [self._entries[place] for place in places]
        return Found(
            procedures=tuple(each for each in found if isinstance(each, Procedure))[:MOST_FOUND],
            elsewhere=found[0] if isinstance(found[0], Elsewhere) else None,
            is_sure=is_sure,
        )

    def _understood(self, question: str) -> _Question:
        line = self._lexicon.mended(question)
        return _Question(
            singles=tuple(each for each in line if each not in FILLERS),
            phrases=tuple(f"{a} {b}" for a, b in pairwise(line) if not {a, b} <= FILLERS),
            meant=self._thesaurus.meant(" ".join(line)),
            marked=tuple(each for each in marked(question[:LONGEST_QUESTION]) if folded(each) not in FILLERS),
        )

    def _covered(self, asked: _Question, text: str) -> float:
        """Return which share of a question stands in a text, in its own letters or in others of that meaning; 0…1."""
        has = set(text.split())
        for phrase, said in asked.meant.items():
            if f" {phrase} " in f" {text} ":
                has |= said
        weights = {each: self._rarity(each) for each in asked.singles}
        return sum(weight for each, weight in weights.items() if each in has) / (sum(weights.values()) or 1.0)

    def _rarity(self, syllable: str) -> float:
        seen = self._seen[syllable]
        return math.log(1 + (len(self._entries) - seen + 0.5) / (seen + 0.5))

    def _row(self, place: int, entry: Entry) -> tuple[int, float, str, str, str, str, str]:
        if isinstance(entry, Elsewhere):
            short, also, name, rest = entry.vi, entry.words, "", entry.en
        else:
            short, also, name = entry.short, entry.also, re.sub(r"^Thủ tục ", "", entry.name)
            rest = " . ".join((entry.code, entry.english, *entry.bring, entry.note))
        people = " . ".join(also)
        plain = self._widened(short), self._widened(people), folded(name), folded(rest)
        return place, prior(entry), *plain, " ".join(marked(f"{short} {people}"))

    def _widened(self, text: str) -> str:
        line = folded(text)
        return " ".join((line, *self._thesaurus.meant(line)))


def _is_met(asked: _Question, text: str) -> bool:
    """Return whether a text has more of a question than a lone syllable, which without marks has too many meanings."""
    if not asked.phrases:
        return True
    line, has = f" {text} ", set(text.split())
    said = any(f" {phrase} " in line for phrase in (*asked.phrases, *asked.meant))
    return said or any(each in has and not (each.isdigit() or is_syllable(each)) for each in asked.singles)
