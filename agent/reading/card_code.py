"""The QR code of an identity card since 2021: number|old number|name|birth|sex|address|issue, more parts may follow.

It is not signed: it proves nothing about the card, but shows how what is printed there is spelt.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from agent.reading import dates, id_number
from agent.reading.crosschecks import Witness, held_against
from agent.reading.kind import Fact, Pages
from agent.reading.values import Code

_PARTS = 7
_READ_NOWHERE = 0.6
_LABELS = {
    "personal_number": "Số định danh cá nhân",
    "full_name": "Họ và tên",
    "date_of_birth": "Ngày sinh",
    "sex": "Giới tính",
    "issued_on": "Ngày cấp",
    "place_of_residence": "Nơi cư trú",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What a card's code says of its holder, consistent in itself; `former_number` may be empty, `rest` is kept raw."""

    number: str
    former_number: str
    name: str
    born: date
    sex: str
    address: str
    issued: date
    rest: tuple[str, ...] = ()

    def witness(self) -> Witness:
        """Return it as a witness of what is printed."""
        says = {
            "personal_number": self.number,
            "full_name": self.name,
            "date_of_birth": dates.slashed(self.born),
            "sex": self.sex,
            "issued_on": dates.slashed(self.issued),
            "place_of_residence": self.address,
        }
        return Witness(part="mã QR", says=says, accents=True)


def parse(text: str) -> Holder | None:
    """Return the holder, or None where a text is no such code or contradicts itself."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < _PARTS:
        return None
    digits, former, name, born_on, sex, address, issued_on, *rest = parts
    number, born, issued = id_number.parse(digits), _day(born_on), _day(issued_on)
    if number is None or born is None or issued is None or sex not in ("Nam", "Nữ") or not name:
        return None
    if issued < born or not number.fits(born=born, sex=sex):
        return None
    return Holder(
        number=number.digits,
        former_number=former,
        name=name,
        born=born,
        sex=sex,
        address=address,
        issued=issued,
        rest=tuple(rest),
    )


def find_holder(pages: Pages) -> tuple[int, Code, Holder] | None:
    """Return the first such code: its page's number, the code and what it says."""
    for page in pages:
        for code in page.codes:
            if holder := parse(code.text):
                return page.number, code, holder
    return None


def with_code(facts: Sequence[Fact], pages: Pages) -> list[Fact]:
    """Return the facts, held against a card's code if there is one; what the print lacks is taken from it, in doubt."""
    found = find_holder(pages)
    if found is None:
        return list(facts)
    number, code, holder = found
    witness = holder.witness()
    return [*held_against(facts, witness), *_added(facts, witness, number, code)]


def _added(facts: Sequence[Fact], witness: Witness, page: int, code: Code) -> Iterator[Fact]:
    known = {fact.name for fact in facts}
    plain = Fact(name="", label="", value="", page=page, lines=(), confidence=_READ_NOWHERE, sure=False, box=code.box)
    for name, label in _LABELS.items():
        said = witness.says[name]
        if name not in known and said:
            yield replace(plain, name=name, label=label, value=said.upper() if name == "full_name" else said)


def _day(text: str) -> date | None:
    found = re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
