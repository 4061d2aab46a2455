"""Bringing values into their form; an empty string says that a text can't be such a value."""

import re

from agent.reading import dates, id_number
from agent.reading.folding import folded
from agent.reading.form import as_printed

_ENDLESS = "Không thời hạn"


def person_name(text: str) -> str:
    """Return a name: letters and spaces only, two to eight words."""
    words = re.findall(r"[^\W\d_]+", as_printed(text))
    return " ".join(words) if 2 <= len(words) <= 8 else ""


def day(text: str) -> str:
    """Return `dd/mm/yyyy`, or the year alone where only that is printed."""
    found = dates.find_date(text)
    year = dates.find_year(text)
    return dates.slashed(found) if found else str(year or "")


def expiry(text: str) -> str:
    """Return a day, or `Không thời hạn`."""
    return _ENDLESS if "khong" in folded(text) else day(text)


def year(text: str) -> str:
    """Return a year."""
    return str(dates.find_year(text) or "")


def sex(text: str) -> str:
    """Return `Nam` or `Nữ`."""
    words = folded(text).split()
    return next((name for key, name in (("nam", "Nam"), ("nu", "Nữ")) if key in words[:1]), "")


def personal_number(text: str) -> str:
    """Return the twelve digits."""
    return id_number.find(text)


def first_words(text: str) -> str:
    """Return what stands before a double gap or a stray sign: short values such as an ethnicity or a nationality."""
    words = re.match(r"[^\W\d_]+(?: [^\W\d_]+){0,2}", as_printed(text))
    return words[0] if words else ""
