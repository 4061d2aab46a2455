"""Machine-readable zones as they are *written* on Vietnamese cards and passports (ICAO 9303-4, -5)."""

import unicodedata
from datetime import date


def td1(number: str, name: str, born: date, female: bool, expires: date | None) -> tuple[str, str, str]:
    """Return the three lines of a chip card: nine last digits as document number, all twelve as optional data."""
    document = number[-9:]
    first = f"IDVNM{document}{check_digit(document)}{number}<<{check_digit(number)}"
    dates = _dates(born, female, expires)
    second = f"{dates}VNM" + "<" * 11
    composite = check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return first, second + composite, _name(name, 30)


def td3(passport: str, number: str, name: str, born: date, female: bool, expires: date) -> tuple[str, str]:
    """Return the two lines of a passport; the personal number stands in the optional data."""
    document = passport.ljust(9, "<")
    optional = number.ljust(14, "<")
    dates = _dates(born, female, expires)
    second = f"{document}{check_digit(document)}VNM{dates}{optional}{check_digit(optional)}"
    composite = check_digit(second[:10] + second[13:20] + second[21:43])
    return "P<VNM" + _name(name, 39), second + composite


def check_digit(text: str) -> str:
    """Return the check digit: weights 7, 3, 1, modulo 10 (ICAO 9303-3 §4.9)."""
    return str(sum(_value(sign) * (7, 3, 1)[i % 3] for i, sign in enumerate(text)) % 10)


def ascii_capitals(text: str) -> str:
    """Return capitals without tone marks; Đ becomes D."""
    plain = unicodedata.normalize("NFD", text.upper().replace("Đ", "D"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _value(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def _dates(born: date, female: bool, expires: date | None) -> str:
    birth = f"{born:%y%m%d}"
    expiry = f"{expires:%y%m%d}" if expires else "991231"
    return f"{birth}{check_digit(birth)}{'F' if female else 'M'}{expiry}{check_digit(expiry)}"


def _name(name: str, width: int) -> str:
    surname, *given = ascii_capitals(name).split()
    return f"{surname}<<{'<'.join(given)}".ljust(width, "<")[:width]
