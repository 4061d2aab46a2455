"""A few Vietnamese places, enough for believable papers."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .dice import Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province-level unit; `code` is the three-digit prefix of personal numbers registered there."""

    code: str
    name: str
    short: str
    communes: tuple[str, ...]
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """A commune-level unit: `name` with its type in lower case ("phường Cửa Nam")."""

    name: str
    province: Province

    @property
    def short(self) -> str:
        """The bare name, as it stands before a date ("Cửa Nam")."""
        return self.name.split(" ", 1)[1]

    @property
    def inline(self) -> str:
        """Commune and province inside a sentence ("phường Cửa Nam, thành phố Hà Nội")."""
        return f"{self.name}, {self.province.name}"

    @property
    def full(self) -> str:
        """Commune and province as on papers since July 2025."""
        return capitalised(self.inline)


def any_province(stream: Dice) -> Province:
    """Draw a province."""
    return stream.choice(_provinces())


def any_commune(stream: Dice, province: Province | None = None) -> Commune:
    """Draw a commune, in a given province if there is one."""
    home = province or any_province(stream)
    return Commune(name=stream.choice(home.communes), province=home)


def street_address(stream: Dice) -> str:
    """Draw the part of an address below the commune ("Số 12 phố Bà Triệu")."""
    street = stream.choice(_names_of_streets())
    if street.split()[0] in ("thôn", "ấp", "buôn", "tổ", "khu"):
        return capitalised(street)
    return f"Số {stream.randint(1, 240)} {street}"


def capitalised(text: str) -> str:
    """Return the text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


@cache
def _provinces() -> tuple[Province, ...]:
    return tuple(
        Province(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            communes=tuple(row["communes"]),
            former=tuple(row["former"]),
        )
        for row in tomllib.loads(_text("places.toml"))["province"]
    )


@cache
def _names_of_streets() -> tuple[str, ...]:
    return tuple(tomllib.loads(_text("names.toml"))["streets"])


def _text(name: str) -> str:
    return (files(__package__) / "data" / name).read_text(encoding="utf-8")
