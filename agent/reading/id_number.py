"""The 12-digit personal number: province of birth registration (3), century and sex (1), year (2), random (6).

It has no check digit (Law 26/2023/QH15 Art. 12), so only its parts can be compared with what else is printed.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_PROVINCES = frozenset(
    re.findall(
        "...",
        "001002004006008010011012014015017019020022024025026027030031033034035036037038040042044045046048049"
        "051052054056058060062064066067068070072074075077079080082083084086087089091092093094095096",
    )
)
"""The 63 codes before July 2025; they stay in old numbers for ever. Others are births abroad or later codes."""

_FIRST_CENTURY = 1900
_LATEST_YEAR = 2099


class Verdict(StrEnum):
    """Whether a number can be a personal number."""

    VALID = "VALID"
    UNUSUAL = "UNUSUAL"
    INVALID = "INVALID"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalNumber:
    """What a well-formed number says about its holder."""

    digits: str
    province: str
    female: bool
    birth_year: int

    @property
    def verdict(self) -> Verdict:
        """UNUSUAL where the province is not in the table or the year is still to come: warn, never refuse."""
        known = self.province in _PROVINCES and self.birth_year <= _LATEST_YEAR
        return Verdict.VALID if known else Verdict.UNUSUAL

    def fits(self, *, born: date | None, sex: str) -> bool:
        """Return whether birth and sex (`Nam`, `Nữ`, or empty) as printed agree with the number."""
        return (born is None or born.year == self.birth_year) and (not sex or (sex == "Nữ") == self.female)


def parse(text: str) -> PersonalNumber | None:
    """Return the parts of a personal number, or None where `text` is not twelve digits."""
    digits = re.sub(r"[\s.]", "", text)
    if not re.fullmatch(r"[0-9]{12}", digits):
        return None
    century, year = int(digits[3]), int(digits[4:6])
    return PersonalNumber(
        digits=digits,
        province=digits[:3],
        female=century % 2 == 1,
        birth_year=_FIRST_CENTURY + 100 * (century // 2) + year,
    )


def judge(text: str) -> Verdict:
    """Return the verdict on any text."""
    number = parse(text)
    return number.verdict if number else Verdict.INVALID


def find(text: str) -> str:
    """Return the first run of twelve digits in `text` (spaces between them allowed), or an empty string."""
    hit = re.search(r"(?<!\d)(?:\d[ .]?){11}\d(?!\d)", text)
    return re.sub(r"\D", "", hit[0]) if hit else ""
