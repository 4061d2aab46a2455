"""CMND: the paper identity card of nine or twelve digits, not valid since 1 January 2025 (Law 26/2023 Art. 46)."""

import re
from collections.abc import Iterator

from agent.reading import cleaning, letterhead
from agent.reading.card_fields import SEX, birth, expiry, full_name, place
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import dated, first_match

_NUMBER = re.compile(r"(?:^|S[ỐốôoóÔO]\s*[:.]?\s*)(\d{12}|\d{9}|\d{3}\s\d{3}\s\d{3})(?!\d)")

_FORM = (
    (
        full_name("Họ tên", "Họ và tên", "Họ và tên khai sinh", lines=2),
        birth("Sinh ngày", "Ngày, tháng, năm sinh", "Ngày sinh"),
        SEX,
        place("place_of_origin", "Nguyên quán", "Nguyên quán", "Quê quán"),
        place("place_of_residence", "Nơi thường trú", "Nơi ĐKHK thường trú", "Nơi thường trú"),
        expiry("Có giá trị đến"),
        Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
        Field(name="religion", label="Tôn giáo", phrases=("Tôn giáo",), clean=cleaning.first_words),
        Field(
            name="features",
            label="Dấu vết riêng và dị hình",
            phrases=("DẤU VẾT RIÊNG VÀ DỊ HÌNH", "Đặc điểm nhận dạng"),
            lines=2,
            clean=cleaning.features,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    return [*_number(pages), *read_form(pages, _FORM), *dated(pages), *letterhead.signer(pages)]


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
    always=("number", "full_name", "date_of_birth", "place_of_origin", "place_of_residence"),
    sealed=False,
)
