"""Dates as Vietnamese papers write them: 05/09/2021, "ngày 5 tháng 9 năm 2021", a year alone."""

import re
from collections.abc import Iterator
from datetime import date

from agent.reading.folding import without_accents

_SHORT = re.compile(r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})(?!\d)")
# on licences the words stand in two languages: ngày/date 05 tháng/month 09
_LONG = re.compile(
    "".join(
        rf"{word}(?:\s?/\s?[a-z]{{3,6}}|\s(?:date|month|year))?[\s.:,…]{{0,10}}(\d{{{digits}}})\W{{0,4}}"
        for word, digits in (("ngay", "1,2"), ("thang", "1,2"), ("nam", "4"))
    )
)
_NOUGHT = re.compile(r"\b[oq](?=\d\b)")
"""A nought before a single digit that was read as a letter: `tháng Q8`."""

_ONE = re.compile(r"(?<=\b20\d)[tli|](?!\w)|(?<=\b19\d)[tli|](?!\w)")
"""A one at the end of a year that was read as a letter: `năm 202T`."""

_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


def find_date(text: str) -> date | None:
    """Return the first date of the calendar that is written in `text`, in digits or with ngày, tháng, năm."""
    return next(_dates(text), None)


def find_year(text: str) -> int | None:
    """Return the first year of 1800–2099 that stands alone."""
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def slashed(day: date) -> str:
    """Return `05/09/2021`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def _dates(text: str) -> Iterator[date]:
    plain = _ONE.sub("1", _NOUGHT.sub("0", without_accents(text).lower()))
    hits = sorted([*_SHORT.finditer(plain), *_LONG.finditer(plain)], key=lambda hit: hit.start())
    for hit in hits:
        day, month, year = (int(part) for part in hit.groups())
        try:
            yield date(year, month, day)
        except ValueError:
            continue
