"""Dates spelt out in words, as birth and death certificates repeat them below the digits."""

import re
from collections.abc import Sequence
from datetime import date

from agent.reading import dates
from agent.reading.crosschecks import Witness, doubted, held_against
from agent.reading.folding import folded
from agent.reading.kind import Fact

_DATE = re.compile(r"(?:ngay )?(?P<day>.+?) thang (?P<month>.+?) nam (?P<year>(?:mot|hai) (?:nghin|ngan)\b.*)")
_ONES = {
    **{"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5},
    **{"sau": 6, "bay": 7, "tam": 8, "chin": 9},
}
_TIMES = {"muoi": 10, "tram": 100, "nghin": 1000, "ngan": 1000}
_IN_WORDS = "_in_words"
_SILENT = frozenset({"le", "linh", "mong", "mung"})


def date_in_words(text: str) -> date | None:
    """Return the date that `Ngày mười lăm tháng hai năm hai nghìn không trăm lẻ một` says, None where it says none."""
    found = _DATE.fullmatch(folded(text))
    if found is None:
        return None
    day, month, year = (_number(found[part].split()) for part in ("day", "month", "year"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def witness_of(name: str, value: str) -> Witness | None:
    """Return a fact `…_in_words` as a witness of the date it spells out; None where it is none."""
    said = date_in_words(value) if name.endswith(_IN_WORDS) else None
    if said is None:
        return None
    return Witness(part="ngày ghi bằng chữ", says={name.removesuffix(_IN_WORDS): dates.slashed(said)}, accents=False)


def with_words(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts; a date and its words (`…_in_words`) that agree are sure, those that differ are in doubt."""
    judged = list(facts)
    for fact in facts:
        if witness := witness_of(fact.name, fact.value):
            judged = held_against(judged, witness)
            agrees = all(other.sure is not False for other in judged if other.name in witness.says)
            judged = [other if other.name != fact.name or agrees else doubted(other) for other in judged]
    return judged


def _number(words: Sequence[str]) -> int:
    """Return a number below 10,000 from its folded words, 0 where a word is none of them."""
    total = held = 0
    for word in words:
        if word in _ONES:
            held, total = _ONES[word], total + held
        elif word in _TIMES:
            total += (held or (word == "muoi")) * _TIMES[word]
            held = 0
        elif word not in _SILENT:
            return 0
    return total + held
