"""Personal data in DG13 of Vietnamese chip cards.

The layout is not published: the table is what independent public readers of such cards agree on, and says how far. The
group is `6D { … SEQUENCE { INTEGER number, value } … }`; a value is a PrintableString or UTF8String, of parents and
spouse a SEQUENCE of SEQUENCEs with one string each. Numbers that are not in the table are passed over.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from agent.identity.chip import tlv
from agent.identity.errors import ChipAnswerBroken

_GROUP, _SEQUENCE, _INTEGER, _CONSTRUCTED = 0x6D, 0x30, 0x02, 0x20
_STRINGS = (0x0C, 0x13, 0x16)
_DEEPEST = 6


class Certainty(StrEnum):
    """How sure a field's meaning is, without an official layout."""

    AGREED = "AGREED"
    """Three public readers, written apart, say the same (read in November 2026)."""
    LIKELY = "LIKELY"
    """Two say so, a third is silent."""
    DISPUTED = "DISPUTED"
    """They contradict each other; shown to nobody as a fact."""


_FIELDS = {
    1: ("personal_number", Certainty.AGREED),
    2: ("full_name", Certainty.AGREED),
    3: ("date_of_birth", Certainty.AGREED),
    4: ("sex", Certainty.AGREED),
    5: ("nationality", Certainty.AGREED),
    6: ("ethnicity", Certainty.AGREED),
    7: ("religion", Certainty.AGREED),
    8: ("place_of_origin", Certainty.AGREED),
    9: ("place_of_residence", Certainty.AGREED),
    10: ("distinguishing_marks", Certainty.AGREED),
    11: ("issued_on", Certainty.AGREED),
    12: ("expires_on", Certainty.AGREED),
    13: ("parents", Certainty.AGREED),
    14: ("spouse", Certainty.LIKELY),
    15: ("former_number", Certainty.DISPUTED),
    16: ("card_data", Certainty.DISPUTED),
}
"""Number, name of this project's fact, certainty. 15 and 16: one reader takes 15 for the former number, another 16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalField:
    """One field; `values` are its strings in order, NFC."""

    name: str
    certainty: Certainty
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What DG13 says, in the table's order."""

    fields: tuple[PersonalField, ...] = field(repr=False)

    def sure(self, name: str) -> str:
        """Return a field's first value, empty where it is not there or its meaning is disputed."""
        found = (field for field in self.fields if field.name == name and field.certainty is not Certainty.DISPUTED)
        return next((field.values[0] for field in found if field.values), "")


def parse(group: bytes) -> Personal:
    """Return what the group says; raise ChipAnswerBroken where it holds no field of the table."""
    items = dict(_items(tlv.first(group, _GROUP), _DEEPEST))
    found = [
        PersonalField(name=name, certainty=certainty, values=tuple(_texts(items[number], _DEEPEST)))
        for number, (name, certainty) in _FIELDS.items()
        if number in items
    ]
    if not found:
        raise ChipAnswerBroken("DG13 holds no field that this reader knows")
    return Personal(fields=tuple(found))


def _items(body: bytes, depth: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and rest of every numbered SEQUENCE, wherever it is wrapped."""
    for tag, value in tlv.objects(body) if depth else ():
        if not tag & _CONSTRUCTED:
            continue
        parts = list(tlv.objects(value))
        if tag == _SEQUENCE and parts and parts[0][0] == _INTEGER and len(parts[0][1]) == 1:
            yield parts[0][1][0], b"".join(tlv.encoded(at, part) for at, part in parts[1:])
        else:
            yield from _items(value, depth - 1)


def _texts(body: bytes, depth: int) -> Iterator[str]:
    for tag, value in tlv.objects(body) if depth else ():
        if tag in _STRINGS:
            try:
                yield unicodedata.normalize("NFC", value.decode("utf-8")).strip()
            except UnicodeDecodeError:
                raise ChipAnswerBroken("DG13 holds text that is no UTF-8") from None
        elif tag & _CONSTRUCTED:
            yield from _texts(value, depth - 1)
