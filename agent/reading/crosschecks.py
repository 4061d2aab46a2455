"""Facts held against each other: a number against birth and sex, a zone's check digits against the print."""

from collections.abc import Sequence
from dataclasses import replace

from agent.reading import dates, id_number
from agent.reading.kind import Fact

_CONTRADICTED = 0.3


def number_against_person(facts: Sequence[Fact], *, prefix: str = "") -> list[Fact]:
    """Return the facts; where the personal number contradicts birth or sex, all of them are in doubt.

    A paper of several persons names theirs with a `prefix`: `wife_personal_number`.
    """
    value = {fact.name.removeprefix(prefix): fact.value for fact in facts if fact.name.startswith(prefix)}
    number = id_number.parse(value.get("personal_number", ""))
    if number is None:
        return list(facts)
    born = dates.find_date(value.get("date_of_birth", ""))
    if number.fits(born=born, sex=value.get("sex", "")):
        return list(facts)
    concerned = {prefix + name for name in ("personal_number", "date_of_birth", "sex")}
    return [doubted(fact) if fact.name in concerned else fact for fact in facts]


def doubted(fact: Fact) -> Fact:
    """Return the fact as one that another contradicts."""
    return replace(fact, confidence=min(fact.confidence, _CONTRADICTED), sure=False)


def confirmed(fact: Fact) -> Fact:
    """Return the fact as one that an independent part of the paper repeats."""
    return replace(fact, sure=True)
