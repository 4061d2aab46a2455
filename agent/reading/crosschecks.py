"""Facts held against each other: a number against birth and sex, the print against what a zone, a code or words say."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.reading import dates, id_number
from agent.reading.folding import folded
from agent.reading.kind import Fact

_CONTRADICTED = 0.3
_NAMES = frozenset({"full_name"})
_WRITTEN_FREELY = frozenset({"place_of_residence"})
"""What a card's code may word otherwise than its print does; where it does, nothing follows."""

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What another part of a paper says of its facts; `part` is its Vietnamese name, `accents` whether it writes them.

    A witness without accents may cut long names off.
    """

    part: str
    says: Mapping[str, str]
    accents: bool

    def contradicts(self, name: str, value: str) -> bool:
        """Return whether letters or digits of a value differ from what is said here; accents and signs don't count."""
        said = folded(self.says.get(name, ""))
        if not said or name in _WRITTEN_FREELY:
            return False
        if name in _NAMES and not self.accents:
            return not folded(value).startswith(said)
        return folded(value) != said


def held_against(facts: Sequence[Fact], witness: Witness) -> list[Fact]:
    """Return the facts: what the witness repeats is sure, what it contradicts is in doubt.

    Without accents it proves digits, but of a name only its letters. Where it differs in accents alone, its spelling
    stands, in doubt: letters so small that a reader errs are no trouble to a code.
    """
    return [_held(fact, witness) if witness.says.get(fact.name) else fact for fact in facts]


def _held(fact: Fact, witness: Witness) -> Fact:
    said = witness.says[fact.name]
    if witness.contradicts(fact.name, fact.value):
        return doubted(fact)
    if spelt(fact.value) == spelt(said):
        return confirmed(fact)
    if witness.accents and folded(fact.value) == folded(said):
        return doubted(replace(fact, value=said.upper() if fact.value.isupper() else said))
    return fact


def spelt(text: str) -> str:
    """Return a text for comparison with accents: without case and punctuation, tones by the syllable (`hòa`, `hoà`)."""
    words = "".join(sign if sign.isalnum() else " " for sign in unicodedata.normalize("NFC", text).casefold()).split()
    return " ".join(_toned(word) for word in words)


def _toned(word: str) -> str:
    signs = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(sign for sign in signs if sign in _TONES))
    return "".join(sign for sign in signs if sign not in _TONES) + tones


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
    """Return the fact as one that an independent part of the paper repeats; what another contradicts stays in doubt."""
    return fact if fact.sure is False else replace(fact, sure=True)
