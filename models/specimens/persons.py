"""Invented persons whose numbers, dates and places agree with each other."""

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from .dice import Dice
from .places import Commune, Province, any_commune, any_province, street_address

LATEST = date(2026, 10, 30)
"""No specimen is dated later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person; `number` is a valid personal identification number, `former_home` the address before 2025."""

    name: str
    female: bool
    born: date
    number: str
    ethnicity: str
    home: Commune
    street: str
    birthplace: Commune
    former_home: str
    former_origin: str

    @property
    def sex(self) -> str:
        """`Nam` or `Nữ`."""
        return "Nữ" if self.female else "Nam"

    @property
    def address(self) -> str:
        """Where the person lives, as written since July 2025."""
        return f"{self.street}, {self.home.full}"


def any_person(
    stream: Dice, *, female: bool | None = None, born: tuple[int, int] = (1960, 2005), home: Commune | None = None
) -> Person:
    """Draw a person of a sex, born in a range of years (inclusive), living in a commune."""
    is_female = stream.random() < 0.5 if female is None else female
    birthday = any_date(stream, date(born[0], 1, 1), min(date(born[1], 12, 31), LATEST))
    origin, living = any_province(stream), home or any_commune(stream)
    return Person(
        name=any_name(stream, is_female),
        female=is_female,
        born=birthday,
        number=personal_number(stream, origin, birthday, is_female),
        ethnicity=stream.choice(_parts()["ethnicities"]),
        home=living,
        street=street_address(stream),
        birthplace=any_commune(stream, origin),
        former_home=f"{street_address(stream)}, {stream.choice(living.province.former)}",
        former_origin=stream.choice(origin.former),
    )


def born_to(child: Person, father: Person) -> Person:
    """Return the child with its father's surname."""
    surname = father.name.split()[0]
    return replace(child, name=" ".join([surname, *child.name.split()[1:]]))


def any_name(stream: Dice, female: bool) -> str:
    """Draw a full name."""
    parts, sex = _parts(), "female" if female else "male"
    pieces = (parts["surnames"], parts[f"{sex}_middle"], parts[f"{sex}_given"])
    return " ".join(stream.choice(piece) for piece in pieces)


def personal_number(stream: Dice, province: Province, born: date, female: bool) -> str:
    """Return `PPP G YY NNNNNN`: place of registration, century and sex, year, six digits (no check digit exists)."""
    century_and_sex = 2 * (born.year // 100 - 19) + female
    return f"{province.code}{century_and_sex}{born.year % 100:02d}{stream.randrange(1, 10**6):06d}"


def any_date(stream: Dice, first: date, last: date) -> date:
    """Draw a day between two days, both included."""
    return first + timedelta(days=stream.randint(0, (last - first).days))


@cache
def _parts() -> dict[str, list[str]]:
    text = (files(__package__) / "data" / "names.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
