"""Bringing values into their form; an empty string says that a text can't be such a value."""

import re
from collections.abc import Sequence

from agent.reading import dates, id_number
from agent.reading.folding import folded
from agent.reading.form import Clean, as_printed

_ONES = str.maketrans("lI", "11")
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


def features(text: str) -> str:
    """Return a distinguishing mark as cards describe it, up to the day of issue below; its distances are in cm."""
    mark = as_printed(re.split(r"\bNgày \d", text)[0]).replace("đưới", "dưới")
    return re.sub(r"\b([lI]|\d+)(,\d+)?\s?[ce]m\b", lambda far: f"{far[1].translate(_ONES)}{far[2] or ''}cm", mark)


def address(text: str) -> str:
    """Return an address; its parts are parted by commas, and a hamlet is an `Ấp`, whatever marks were read."""
    commas = re.sub(r"(?<=[^\W\d_]{3})\.(?= [A-ZĐÂĂÊÔƠƯ])", ",", as_printed(text))
    return re.sub(r"^[AÂÁ]p(?= [^\W\d_a-z])", "Ấp", commas)


def among(known: Sequence[str]) -> Clean:
    """Return a cleaning that spells one of a few known values as it should be; others stay as printed."""
    spelt = {folded(value): value for value in known}
    return lambda text: spelt.get(folded(text), as_printed(text))


def amount(text: str) -> str:
    """Return an amount of money: `5.000.000.000 đồng`, `14.500.000 đồng/tháng`."""
    found = re.search(r"(?:\d{1,3}(?:\.\d{3})+|\d+) đồng(?:/tháng)?", text)
    return found[0] if found else ""


def count(text: str) -> str:
    """Return a whole number that stands first: `132`."""
    found = re.match(r"\W*(\d+)(?![\d.,])", text)
    return found[1] if found else ""


def named(text: str) -> str:
    """Return a person's or company's name without what stands before and behind it: `Ông/Bà: … , chức vụ …`."""
    plain = re.sub(r"^(?:\W*\([^)]*\))?\W*", "", text)
    plain = re.sub(r"^(?:(?:[ÔO]ng|Bà)\s*(?:/\s*Bà)?|Anh|Chị)\b\W*", "", plain)
    return as_printed(re.split(r"[,;(]|\s[-–]\s*Chức|Chức vụ|(?<=\w)\s+[Ss]inh ngày", plain)[0])


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
