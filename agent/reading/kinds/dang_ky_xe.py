"""DANG_KY_XE: a vehicle's registration certificate, the two sides of a card."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from agent.reading import cleaning
from agent.reading.folding import says, without_accents
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.letterhead import is_person_name
from agent.reading.printed import printed_number, printed_title
from agent.reading.values import ReadPage

_PLATE = re.compile(r"(?<!\d)(\d{2}[A-Z]{1,2}\d?)\s?-\s?(\d{3}\.?\d{2}|\d{4,5})(?!\d)")
"""A civil plate: province, series, running number (TT 79/2024/TT-BCA)."""

_TITLES = (
    "CHỨNG NHẬN ĐĂNG KÝ XE MÔ TÔ, XE MÁY",
    "CHỨNG NHẬN ĐĂNG KÝ XE MÁY",
    "CHỨNG NHẬN ĐĂNG KÝ XE Ô TÔ",
    "CHỨNG NHẬN ĐĂNG KÝ XE",
    "GIẤY CHỨNG NHẬN ĐĂNG KÝ XE",
)
_TITLE = re.compile(r"chung nhan dang ky xe")
_CAPITALS_BEHIND_COLON = re.compile(r":\s*([^a-z:]+)$")
_NO_VIN_LETTERS = str.maketrans("OQI", "001")
_LOOKS_LIKE_DIGIT = re.compile(r"[OQI]")
_UNSURE = 0.5


def _plate(text: str) -> str:
    found = _PLATE.search(without_accents(text).upper())
    return f"{found[1]}-{found[2]}" if found else ""


def _code(text: str) -> str:
    found = re.match(r"[A-Z0-9][A-Z0-9-]{4,}", without_accents(text).upper().replace(" ", ""))
    return found[0] if found else ""


def _chassis(text: str) -> str:
    """Return the chassis number; ISO 3779 leaves I, O and Q out of it."""
    return _code(text).translate(_NO_VIN_LETTERS)


_FORM = (
    (
        Field(
            name="owner_name",
            label="Chủ xe",
            phrases=("Tên chủ xe", "Tên chủ xe / Owner's full name"),
            clean=cleaning.person_name,
        ),
        Field(name="address", label="Địa chỉ", phrases=("Địa chỉ", "Địa chỉ / Address"), lines=2),
        Field(
            name="plate",
            label="Biển số",
            phrases=("Biển số đăng ký", "Biển số đăng ký / Number plate"),
            lines=2,
            clean=_plate,
        ),
        Field(name="brand", label="Nhãn hiệu", phrases=("Nhãn hiệu", "Nhãn hiệu / Brand")),
        Field(name="model", label="Số loại", phrases=("Số loại", "Số loại / Model code")),
        Field(name="colour", label="Màu sơn", phrases=("Màu sơn", "Màu sơn / Color"), clean=cleaning.first_words),
        Field(
            name="displacement",
            label="Dung tích",
            phrases=("Dung tích", "Dung tích / Capacity"),
            clean=lambda text: text.strip(" .:;"),
        ),
        Field(name="engine_number", label="Số máy", phrases=("Số máy", "Số máy / Engine No"), clean=_code),
        Field(name="chassis_number", label="Số khung", phrases=("Số khung", "Số khung / Chassis No"), clean=_chassis),
        Field(
            name="first_registered_on",
            label="Đăng ký lần đầu",
            phrases=("Đăng ký lần đầu ngày", "Đăng ký lần đầu ngày / Date of first registration", "Đăng ký lần đầu"),
            clean=cleaning.day,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    title = printed_title(pages, _TITLE, label="Tên giấy tờ", known=_TITLES)
    form = [_letters_for_digits(fact) for fact in read_form(pages, _FORM)]
    owner = () if any(fact.name == "owner_name" for fact in form) else _owner(pages)
    return [*title, *printed_number(pages, label="Số chứng nhận"), *owner, *form, *_signer(pages)]


def _owner(pages: Pages) -> Iterator[Fact]:
    """Yield the name in capitals above the address: its label is the smallest print on the card."""
    for page in pages:
        for at, (line, below) in enumerate(pairwise(page.lines)):
            found = _CAPITALS_BEHIND_COLON.search(line.text) if says(below.text, ("Địa chỉ / Address",)) else None
            if found and (name := cleaning.person_name(found[1])):
                yield Fact(name="owner_name", label="Chủ xe", value=name, page=page.number, lines=(at,))
                return


def _letters_for_digits(fact: Fact) -> Fact:
    """Return the fact; an engine number with O, Q or I may mean 0 or 1, and nothing on the paper tells."""
    if fact.name == "engine_number" and _LOOKS_LIKE_DIGIT.search(fact.value):
        return replace(fact, confidence=min(fact.confidence, _UNSURE))
    return fact


def _signer(pages: Pages) -> Iterator[Fact]:
    """Yield the officer's name, right of the plate or below it: the seal covers the title above."""
    for page in pages:
        plate = next((line for line in page.lines if says(line.text, ("Biển số đăng ký",))), None)
        for at, line in enumerate(page.lines if plate else ()):
            if plate and line.box[1] > plate.box[1] and line.box[0] > plate.box[2] - 5 and _is_name(page, at):
                yield Fact(name="signer_name", label="Người ký", value=line.text, page=page.number, lines=(at,))
                return


def _is_name(page: ReadPage, at: int) -> bool:
    text = page.lines[at].text
    return is_person_name(text) and not text.isupper()


KIND = Kind(
    code="DANG_KY_XE",
    title="Chứng nhận đăng ký xe",
    anchors=(
        Anchor(
            phrases=_TITLES,
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("Vehicle Registration Certificate",), weight=0.4),
        Anchor(phrases=("Tên chủ xe",), weight=0.3),
        Anchor(phrases=("Biển số đăng ký",), weight=0.3),
        Anchor(phrases=("Số khung / Chassis No", "Số máy / Engine No"), weight=0.4),
    ),
    facts=_facts,
    always=("number", "owner_name", "address", "plate", "brand", "engine_number", "chassis_number"),
    sealed=False,
)
