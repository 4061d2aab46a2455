"""CMND: the paper identity card of nine or twelve digits, not valid since 1 January 2025 (Law 26/2023 Art. 46)."""

import re
from collections.abc import Iterator

from agent.reading import cleaning
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import first_match

_NUMBER = re.compile(r"(?:^|S[ỐốôoóÔO]\s*[:.]?\s*)(\d{12}|\d{9}|\d{3}\s\d{3}\s\d{3})(?!\d)")

_FORM = (
    (
        Field(
            name="full_name", label="Họ và tên", phrases=("Họ tên", "Họ và tên"), lines=2, clean=cleaning.person_name
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Sinh ngày", "Ngày, tháng, năm sinh", "Ngày sinh"),
            clean=cleaning.day,
        ),
        Field(name="place_of_origin", label="Nguyên quán", phrases=("Nguyên quán", "Quê quán"), lines=2),
        Field(
            name="place_of_residence",
            label="Nơi thường trú",
            phrases=("Nơi ĐKHK thường trú", "Nơi thường trú"),
            lines=2,
        ),
        Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    return [*_number(pages), *read_form(pages, _FORM)]


def _number(pages: Pages) -> Iterator[Fact]:
    for fact in first_match(pages, _NUMBER, name="number", label="Số CMND"):
        digits = fact.value.replace(" ", "")
        yield Fact(name=fact.name, label=fact.label, value=digits, page=fact.page, lines=fact.lines)


KIND = Kind(
    code="CMND",
    title="Giấy chứng minh nhân dân",
    anchors=(
        Anchor(phrases=("GIẤY CHỨNG MINH NHÂN DÂN", "CHỨNG MINH NHÂN DÂN"), weight=1.0, alone=True),
        Anchor(phrases=("Nơi ĐKHK thường trú",), weight=0.4),
        Anchor(phrases=("Nguyên quán",), weight=0.2),
        Anchor(phrases=("DẤU VẾT RIÊNG VÀ DỊ HÌNH",), weight=0.3),
    ),
    facts=_facts,
    sealed=False,
)
