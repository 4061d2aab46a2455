"""Machine-readable zones (ICAO Doc 9303-3 … -6): three lines of 30, two of 36 or two of 44 signs, with check digits.

On Vietnamese chip cards the document number is the last nine digits of the personal number, and the optional data of
the first line are all twelve, `<<` and the check digit of the twelve. A document number of more than nine signs goes on
in the optional data: `<` stands where its check digit would, the rest and the digit follow up to the next `<`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_SIZES = {(3, 30): "TD1", (2, 36): "TD2", (2, 44): "TD3"}
_LETTERS_FOR_DIGITS = str.maketrans("ODQILZSBG", "000112586")
_ALLOWED = re.compile(r"[A-Z0-9<]+")
_TWO_LINES = {"number": (1, 0, 9), "birth": (1, 13, 19), "sex": (1, 20, 21), "expiry": (1, 21, 27)}
_PLACES = {
    "TD1": {"number": (0, 5, 14), "birth": (1, 0, 6), "sex": (1, 7, 8), "expiry": (1, 8, 14), "optional": (0, 15, 30)},
    "TD2": {**_TWO_LINES, "optional": (1, 28, 35)},
    "TD3": {**_TWO_LINES, "optional": (1, 28, 42)},
}
"""Line, first sign and the sign after the last of every part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A zone's content; `faults` names every check that fails, so an empty tuple means that it is right."""

    form: str
    lines: tuple[str, ...]
    country: str
    number: str
    optional: str
    birth: str
    sex: str
    expiry: str
    name: str
    faults: tuple[str, ...]
    access_key: str
    """Number, birth and expiry with their check digits, as BAC and PACE take them (ICAO 9303-11, D.2)."""

    @property
    def personal_number(self) -> str:
        """The twelve digits on a Vietnamese card or passport, else empty."""
        found = re.match(r"[0-9]{12}", self.optional)
        return found[0] if found and self.country == "VNM" else ""

    def birth_date(self, *, today_year: int) -> date | None:
        """Return the date of birth; two digits of a year after `today_year` mean the century before."""
        return _date(self.birth, 2000 if int(self.birth[:2]) <= today_year % 100 else 1900)

    def expiry_date(self) -> date | None:
        """Return the last day of validity, or None where there is no limit (99 12 31) or no date."""
        return None if self.expiry == "991231" else _date(self.expiry, 2000)


def parse(lines: Sequence[str]) -> Zone | None:
    """Return the zone in these lines with every fault named, or None where they have no zone's shape."""
    rows = tuple(line.strip().replace(" ", "").upper() for line in lines)
    form = _SIZES.get((len(rows), len(rows[0]))) if rows else None
    if form is None or len({len(row) for row in rows}) != 1 or not all(_ALLOWED.fullmatch(row) for row in rows):
        return None
    part = {name: rows[row][first:last] for name, (row, first, last) in _PLACES[form].items()}
    number, digit, optional = _numbers(form, rows)
    name = rows[2] if form == "TD1" else rows[0][5:]
    return Zone(
        form=form,
        lines=rows,
        country=rows[0][2:5].rstrip("<"),
        number=number.rstrip("<"),
        optional=optional.rstrip("<"),
        birth=part["birth"],
        sex=part["sex"],
        expiry=part["expiry"],
        name=" ".join(name.replace("<", " ").split()),
        faults=tuple(label for label, checked, digit in _checks(form, rows) if check_digit(checked) != digit),
        access_key=number + digit + _checked(form, rows, "birth") + _checked(form, rows, "expiry"),
    )


def repaired(lines: Sequence[str]) -> list[str]:
    """Return the lines with letters turned to digits where only digits can stand (O → 0, I → 1, S → 5 …)."""
    rows = [line.strip().replace(" ", "").upper().replace("«", "<<") for line in lines]
    form = _SIZES.get((len(rows), len(rows[0]))) if rows else None
    if form == "TD3":
        return _repaired_passport(rows)
    if form != "TD1":
        return rows
    first, second = rows[0], rows[1]
    vietnamese = first.startswith("IDVNM")
    rows[0] = first[:5] + (first[5:27].translate(_LETTERS_FOR_DIGITS) + first[27:29] if vietnamese else first[5:29])
    rows[0] += first[29:].translate(_LETTERS_FOR_DIGITS)
    digits = [*range(7), *range(8, 15), 29]
    rows[1] = "".join(sign.translate(_LETTERS_FOR_DIGITS) if at in digits else sign for at, sign in enumerate(second))
    return rows


def _repaired_passport(rows: list[str]) -> list[str]:
    """Return the lines of a passport; a Vietnamese number is a letter and seven or eight digits."""
    vietnamese = rows[0].startswith("P<VNM")
    digits = {9, *range(13, 20), *range(21, 28), 43, *((*range(1, 9), *range(28, 43)) if vietnamese else ())}
    second = (sign.translate(_LETTERS_FOR_DIGITS) if at in digits else sign for at, sign in enumerate(rows[1]))
    return [rows[0], "".join(second)]


def check_digit(text: str) -> str:
    """Return the check digit: weights 7, 3, 1, modulo 10, `<` counts 0, A counts 10 (ICAO Doc 9303-3 §4.9)."""
    return str(sum(_value(sign) * (7, 3, 1)[at % 3] for at, sign in enumerate(text)) % 10)


def _value(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def _checks(form: str, rows: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (what is checked, the signs it covers, the digit printed)."""
    number, digit, _ = _numbers(form, rows)
    dates = [(label, *_split(_checked(form, rows, label))) for label in ("birth", "expiry")]
    return [("number", number, digit), *dates, *_optional_check(form, rows), _composite_check(form, rows)]


def _numbers(form: str, rows: Sequence[str]) -> tuple[str, str, str]:
    """Return the document number with its fillers, its check digit, and the optional data that are left."""
    number, digit = _split(_checked(form, rows, "number"))
    row, first, last = _PLACES[form]["optional"]
    optional = rows[row][first:last]
    rest = optional.partition("<")[0]
    if form == "TD3" or digit != "<" or len(rest) < 2:
        return number, digit, optional
    return number + rest[:-1], rest[-1], optional[len(rest) + 1 :]


def _checked(form: str, rows: Sequence[str], label: str) -> str:
    """Return a part and the check digit behind it."""
    row, first, last = _PLACES[form][label]
    return rows[row][first : last + 1]


def _split(checked: str) -> tuple[str, str]:
    return checked[:-1], checked[-1]


def _optional_check(form: str, rows: Sequence[str]) -> list[tuple[str, str, str]]:
    if form == "TD3":
        # an empty field may carry `<` instead of 0
        return [("optional", rows[1][28:42], rows[1][42].replace("<", "0"))]
    if form == "TD1" and rows[0].startswith("IDVNM"):
        return [("personal number", rows[0][15:27], rows[0][29])]
    return []


def _composite_check(form: str, rows: Sequence[str]) -> tuple[str, str, str]:
    second = rows[1]
    covered = {
        "TD1": rows[0][5:30] + second[:7] + second[8:15] + second[18:29],
        "TD2": second[:10] + second[13:20] + second[21:35],
        "TD3": second[:10] + second[13:20] + second[21:43],
    }[form]
    return ("composite", covered, second[-1])


def _date(six: str, century: int) -> date | None:
    try:
        return date(century + int(six[:2]), int(six[2:4]), int(six[4:]))
    except ValueError:
        return None
