"""Facts held against each other: a number against birth and sex, a zone's check digits against the print."""

from collections.abc import Sequence
from dataclasses import replace

from agent.reading import dates, id_number
from agent.reading.kind import Fact

_CONTRADICTED = 0.3


def number_against_person(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts; where the personal number contradicts birth or sex, all of them are in doubt."""
    value = {fact.name: fact.value for fact in facts}
    number = id_number.parse(value.get("personal_number", ""))
    if number is None:
        return list(facts)
    born = dates.find_date(value.get("date_of_birth", ""))
    if number.fits(born=born, sex=value.get("sex", "")):
        return list(facts)
    return [doubted(fact) if fact.name in ("personal_number", "date_of_birth", "sex") else fact for fact in facts]


def doubted(fact: Fact) -> Fact:
    """Return the fact as one that another contradicts."""
    return replace(fact, confidence=min(fact.confidence, _CONTRADICTED), sure=False)


def confirmed(fact: Fact) -> Fact:
    """Return the fact as one that an independent part of the paper repeats."""
    return replace(fact, sure=True)
