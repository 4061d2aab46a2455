"""Text that no spelling can guess: syllables, names, numbers, codes, machine-readable lines."""

import random
import string
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["LABELS", "code", "date", "leader", "mrz_line", "number", "personal_name", "pick", "rare_marks", "syllable"]

_LISTS = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
_FAMILY, _MIDDLE, _GIVEN, _ISSUERS = (_LISTS[name].split() for name in ("family", "middle", "given", "issuers"))
_ONSETS, _CODAS = (["", *_LISTS[name].split()] for name in ("onsets", "codas"))
_NUCLEI, _TONE_ON_LAST = (_LISTS[name].split() for name in ("nuclei", "tone_on_last"))
_MARKS: list[str] = _LISTS["marks"].split("\n")[:-1]
_TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
_ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"]

LABELS: list[str] = _LISTS["labels"].strip().split("\n")
"""Labels of forms and cards."""

Writer = Callable[[random.Random], str]
"""Writes one text."""


def pick(rng: random.Random, choices: Sequence[tuple[float, Writer]]) -> str:
    """One text from weighted generators."""
    weights = [weight for weight, _ in choices]
    return rng.choices(choices, weights)[0][1](rng)


def syllable(rng: random.Random) -> str:
    """A syllable that the phonotactics of Vietnamese allow, whether or not a word has it."""
    nucleus = rng.choice(_NUCLEI)
    last = len(nucleus) == 1 or nucleus in _TONE_ON_LAST
    at = len(nucleus) - 1 if last else max(0, len(nucleus) - 2)
    toned = nucleus[: at + 1] + rng.choice(_TONES) + nucleus[at + 1 :]
    return unicodedata.normalize("NFC", rng.choice(_ONSETS) + toned + rng.choice(_CODAS))


def personal_name(rng: random.Random) -> str:
    """A name of two to five syllables in title case; half of the syllables after the first are random ones."""
    between = [_part(rng, _MIDDLE) for _ in range(rng.choice((0, 1, 1, 1, 2, 2, 3)))]
    return " ".join([rng.choice(_FAMILY), *between, _part(rng, _GIVEN)])


def _part(rng: random.Random, usual: Sequence[str]) -> str:
    return syllable(rng).capitalize() if rng.random() < 0.5 else rng.choice(usual)


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def _capitals(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.ascii_uppercase, k=count))


def date(rng: random.Random) -> str:
    """A date, numeric or in words."""
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1930, 2040)
    forms = (f"{day:02d}/{month:02d}/{year}", f"{day}/{month}/{year}", f"ngày {day:02d} tháng {month:02d} năm {year}")
    return rng.choice((*forms, f"{day:02d}-{month:02d}-{year}", f"{day:02d}.{month:02d}.{year}"))


def _money(rng: random.Random) -> str:
    groups = "".join("." + _digits(rng, 3) for _ in range(rng.randint(1, 3)))
    return f"{rng.randint(1, 999)}{groups}" + rng.choice((" đồng", "đ", " VNĐ", "", " đồng/bản"))


def _measure(rng: random.Random) -> str:
    unit = rng.choice((" m2", " m²", "%", " ha", " km", "°C", "°", " m³", " cm³", "½", " kg", ""))
    return f"{rng.randint(0, 999)},{rng.randint(0, 99)}{unit}"


def _phone(rng: random.Random) -> str:
    apart = rng.choice(("", " ", ".", "-"))
    return f"0{_digits(rng, 3)}{apart}{_digits(rng, 3)}{apart}{_digits(rng, 3)}"


def _clock_time(rng: random.Random) -> str:
    hour, minute = rng.randint(0, 23), rng.randint(0, 59)
    return rng.choice((f"{hour:02d}:{minute:02d}", f"{hour} giờ {minute:02d} phút", f"{hour:02d}h{minute:02d}"))


def _list_mark(rng: random.Random) -> str:
    head = rng.choice((str(rng.randint(1, 50)), rng.choice(_ROMAN), rng.choice("abcdđeghiklmnopABCDĐEGHIK")))
    return head + rng.choice((".", "/", ")", "", f".{rng.randint(1, 20)}.", f".{rng.randint(1, 9)}"))


def number(rng: random.Random) -> str:
    """A number as official papers write them: ids, money, measures, telephone, time, fractions, list marks."""
    kinds: list[tuple[float, Writer]] = [
        (5, lambda r: _digits(r, 12)),
        (2, lambda r: _digits(r, 9)),
        (3, _money),
        (3, _measure),
        (2, _phone),
        (2, _clock_time),
        (2, _list_mark),
        (2, lambda r: f"{r.randint(1, 999)}/{r.randint(1, 99)}"),
        (2, lambda r: _digits(r, r.randint(1, 16))),
        (1, lambda r: f"({r.randint(1, 99)})"),
    ]
    return pick(rng, kinds)


def code(rng: random.Random) -> str:
    """An identifier: number of a decision, of a dossier, plate, serial, passport, e-mail."""
    kinds: list[tuple[float, Writer]] = [
        (6, lambda r: f"{r.randint(1, 9999)}/{r.choice(_ISSUERS)}"),
        (3, lambda r: f"Số: {r.randint(1, 9999)}{r.choice(('/', ' /'))}{r.choice(_ISSUERS)}"),
        (6, lambda r: f"{r.randint(1, 300)}/{r.randint(1975, 2030)}/{r.choice(_ISSUERS)}"),
        (2, _dossier),
        (1, lambda r: f"{r.randint(1, 2)}.{_digits(r, 6)}.000.00.00.H{_digits(r, 2)}"),
        (3, lambda r: f"{r.randint(11, 99)}{_capitals(r, 1)}{r.choice('-123456789')}-{_digits(r, 3)}.{_digits(r, 2)}"),
        (3, lambda r: _capitals(r, r.randint(1, 3)) + r.choice(("", " ", "-")) + _digits(r, r.randint(4, 8))),
        (2, lambda r: "".join(r.choices(string.ascii_uppercase + string.digits, k=r.randint(4, 17)))),
        (1, lambda r: "".join(r.choices(string.ascii_letters + string.digits, k=r.randint(4, 14)))),
        (2, _address),
    ]
    return pick(rng, kinds)


def _dossier(rng: random.Random) -> str:
    unit = f"000.{rng.randint(0, 99):02d}.{rng.randint(0, 99):02d}.H{rng.randint(10, 99)}"
    return f"{unit}-{_digits(rng, 6)}-{_digits(rng, 4)}"


def _address(rng: random.Random) -> str:
    user, host = ("".join(rng.choices(string.ascii_lowercase, k=rng.randint(3, 9))) for _ in range(2))
    return (
        rng.choice((f"{user}{_digits(rng, rng.randint(0, 3))}@", "www."))
        + host
        + rng.choice((".gov.vn", ".com", ".vn"))
    )


def mrz_line(rng: random.Random) -> str:
    """A line of a machine-readable zone (ICAO 9303): 30 or 44 of A–Z, 0–9 and ``<``; check digits are not kept."""
    length = rng.choice((30, 44))
    names = "<".join(_capitals(rng, rng.randint(1, 8)) for _ in range(rng.randint(2, 4))).replace("<", "<<", 1)
    head = rng.choice(("P<VNM", "I<VNM", "IDVNM", ""))
    data = (
        _digits(rng, rng.randint(6, 13))
        + rng.choice("MF<")
        + _digits(rng, 7)
        + "VNM"
        + _digits(rng, rng.randint(0, 12))
    )
    body = rng.choice((head + names, head + _capitals(rng, 1) + data, names, data))
    return body[:length] if rng.random() < 0.1 else body[:length].ljust(length, "<")


def leader(rng: random.Random) -> str:
    """A run of marks that forms leave for a pen or that ends a text."""
    return rng.choice((".", "…", "-", "_")) * rng.randint(3, 12)


def rare_marks(rng: random.Random) -> str:
    """A short token with a mark that running text hardly ever has."""
    form = rng.choice(_MARKS)
    return form.replace("{n}", str(rng.randint(1, 99))).replace("{m}", str(rng.randint(1, 9)))
