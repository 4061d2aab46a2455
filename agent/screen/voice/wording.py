"""From a sentence that is read with the eyes to one for the ears: money, moments, codes and short forms in words."""

import re
from collections.abc import Mapping
from typing import Final

from agent.screen.page.state import Language
from agent.screen.voice.numbers import DIGITS, MOST, in_words

_LETTERS: Final = dict(
    zip(
        "ABCDĐEFGHIJKLMNOPQRSTUVWXYZ",
        ("a", "bê", "xê", "đê", "đê có gạch", "e", "ép", "giê", "hát", "i ngắn", "gi", "ca", "lờ", "mờ", "nờ", "o",
         "pê", "quy", "rờ", "ét", "tê", "u", "vê", "vê kép", "ích", "y dài", "dét"),
        strict=True,
    )
)  # fmt: skip
_SHORT: Final[Mapping[Language, Mapping[str, str]]] = {
    "vi": {
        "QR": "quy rờ", "AI": "ây ai", "VNeID": "vê nờ e i đê", "UBND": "ủy ban nhân dân", "QĐ": "quyết định",
        "CCCD": "căn cước", "NĐ-CP": "của Chính phủ", "TP": "thành phố", "SCTĐT/BS": "sổ chứng thực điện tử, bản sao",
    },
    "en": {"QR": "Q R", "AI": "A I", "VNeID": "V N E I D", "NĐ-CP": "of the Government", "UBND": "People's Committee"},
}  # fmt: skip

_CODE = re.compile(
    r"\b(?=[0-9A-Z]*[A-Z])(?=[0-9A-Z]*\d)[0-9A-Z]{4,}(?:[-–][0-9A-Z]{4})*\b|\b\d{4}[-–]\d{4}\b|\b\d{7,}\b"
)
_PHONE = re.compile(r"(?<![\w.])0\d{1,3}(?:[ .]\d{3,4}){1,2}(?!\w)")
_MONEY = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{3})+|\d+)[\s\N{NO-BREAK SPACE}]?đ(?!\w)")
_MOMENT = re.compile(r"\b(\d{1,2}):(\d{2})(?:,?\s+(\d{1,2})/(\d{1,2})/(\d{4}))?\b")
_DATE_FIRST = re.compile(r"\b(\d{1,2}/\d{1,2}/\d{4})\s+(\d{1,2}:\d{2})\b")
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_OF_YEAR = re.compile(r"\b(\d+)/(\d{4})(?=[/-])")
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{3})+(?![\d.])")
_ZONE = re.compile(r"\s\+07:00\b")
_LETTER = re.compile(r"(?<![\w-])[A-ZĐ](?![\w-])")
_NUMBER = re.compile(r"(?<!\w)\d+(?!\w)")
_MARKS: Final = str.maketrans(
    {"“": "", "”": "", "⌫": "", "·": ",", "–": ",", "−": "-", "/": " ", "-": " ", "(": ",", ")": ","}
)


def spoken(text: str, language: Language) -> str:
    """Return `text` as a voice is to say it; a code is said sign by sign, with a pause behind each four."""
    text = _PHONE.sub(lambda found: ", ".join(_signs(part, language) for part in re.split("[ .]", found[0])), text)
    text = _CODE.sub(lambda found: _signs(found[0], language), text)
    text = _MONEY.sub(lambda found: f"{found[1].replace('.', '')} {'đồng' if language == 'vi' else 'dong'}", text)
    text = _OF_YEAR.sub(r"\1 năm \2" if language == "vi" else r"\1 of \2", text)
    text = _DATE_FIRST.sub(r"\2 \1", _ZONE.sub("", text))
    if language == "vi":
        text = _MOMENT.sub(_vietnamese_moment, text)
        text = _DATE.sub(r"ngày \1 tháng \2 năm \3", text)
    for short, long in _SHORT[language].items():
        text = re.sub(rf"(?<!\w){re.escape(short)}(?!\w)", long, text)
    text = _GROUPED.sub(lambda found: found[0].replace(".", ""), text)
    if language == "vi":
        text = _LETTER.sub(lambda found: _LETTERS[found[0]], text)
        text = _NUMBER.sub(lambda found: _vietnamese_number(found[0]), text)
    return re.sub(r"\s*,[\s,]*", ", ", " ".join(text.translate(_MARKS).split())).strip(" ,")


def _vietnamese_moment(found: re.Match[str]) -> str:
    hour, minute, day, month, year = found.groups()
    clock = f"{int(hour)} giờ" + (f" {int(minute)} phút" if int(minute) else "")
    return f"{clock}, ngày {day} tháng {month} năm {year}" if day else clock


def _vietnamese_number(digits: str) -> str:
    number = int(digits)
    is_counted = number <= MOST and str(number) == digits
    return in_words(number) if is_counted else " ".join(DIGITS[int(each)] for each in digits)


def _signs(code: str, language: Language) -> str:
    fours = (part[at : at + 4] for part in re.split("[-–]", code) for at in range(0, len(part), 4))
    names = _LETTERS if language == "vi" else {}
    return ", ".join(
        " ".join(DIGITS[int(sign)] if sign.isdigit() and names else names.get(sign, sign) for sign in four)
        for four in fours
    )
