"""Dates and numbers as Vietnamese papers spell them."""

from datetime import date

_DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def slashed(day: date) -> str:
    """Return dd/MM/yyyy."""
    return f"{day:%d/%m/%Y}"


def long_date(day: date) -> str:
    """Return `ngày 05 tháng 01 năm 2026`; days below 10 and the first two months take a zero (NĐ 30/2020)."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_in_words(day: date) -> str:
    """Return `Ngày năm tháng một năm hai nghìn không trăm hai mươi sáu`."""
    month = "tư" if day.month == 4 else number_in_words(day.month)
    return f"Ngày {number_in_words(day.day)} tháng {month} năm {number_in_words(day.year)}"


def number_in_words(number: int) -> str:
    """Spell 0..9999."""
    if number >= 1000:
        rest = number % 1000
        tail = f" {_hundreds(rest)}" if rest else ""
        return f"{_DIGITS[number // 1000]} nghìn{tail}"
    return _hundreds(number) if number >= 100 else _tens(number)


def _hundreds(number: int) -> str:
    head, rest = f"{_DIGITS[number // 100]} trăm", number % 100
    if not rest:
        return head
    return f"{head} lẻ {_DIGITS[rest]}" if rest < 10 else f"{head} {_tens(rest)}"


def _tens(number: int) -> str:
    ten, one = divmod(number, 10)
    if ten == 0:
        return _DIGITS[one]
    head = "mười" if ten == 1 else f"{_DIGITS[ten]} mươi"
    unit = {0: "", 1: "mốt" if ten > 1 else "một", 4: "tư" if ten > 1 else "bốn", 5: "lăm"}.get(one, _DIGITS[one])
    return f"{head} {unit}".strip()
