"""HOP_DONG: a contract between private parties."""

import re

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import number_against_person
from agent.reading.form import PARAGRAPH_INDENT_MM, Clean, Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_number, printed_title, signing_day

_TITLE = re.compile(r"^hop dong\b")
_NUMBER = re.compile(r"^\W*S[ốôoóỐÔ]\s*[:.;]\s*(\d\S*)")

_PARTY_WORDS = {
    "A": ("NGƯỜI SỬ DỤNG LAO ĐỘNG", "BÊN CHO THUÊ", "BÊN BÁN", "BÊN CHUYỂN NHƯỢNG", "BÊN CHO VAY", "BÊN ĐẶT CỌC"),
    "B": ("NGƯỜI LAO ĐỘNG", "BÊN THUÊ", "BÊN MUA", "BÊN NHẬN CHUYỂN NHƯỢNG", "BÊN VAY", "BÊN NHẬN ĐẶT CỌC"),
}


def _party(role: str, letter: str) -> tuple[Field, ...]:
    def field(part: str, label: str, *phrases: str, clean: Clean = as_printed, lines: int = 1) -> Field:
        indent = PARAGRAPH_INDENT_MM if lines > 1 else 0.0
        name, label = f"{role}{part}", f"{label} bên {letter}".strip()
        return Field(name=name, label=label, phrases=phrases, clean=clean, lines=lines, indent_mm=indent, strict=True)

    side = f"BÊN {letter}"
    words = _PARTY_WORDS[letter]
    titles = (side, *(f"{word} ({side})" for word in words), *(f"{side} ({word})" for word in words))
    return (
        field("", "Tên", *titles, clean=cleaning.named, lines=2),
        field("_representative", "Đại diện", "Đại diện", "Người đại diện", clean=cleaning.named),
        field("_date_of_birth", "Ngày sinh", "Sinh ngày", "Ngày sinh", clean=cleaning.day),
        field("_personal_number", "Số định danh", "Số định danh cá nhân", "Số CCCD", clean=cleaning.personal_number),
        field("_address", "Địa chỉ", "Địa chỉ", "Trụ sở chính", "Địa chỉ trụ sở", lines=3),
        field("_residence", "Nơi cư trú", "Nơi cư trú", "Nơi thường trú", lines=3),
    )


_TERMS = (
    Field(
        name="term",
        label="Thời hạn",
        phrases=("Thời hạn hợp đồng", "Thời hạn thuê", "Thời hạn vay", "Thời hạn của hợp đồng"),
        lines=2,
        indent_mm=PARAGRAPH_INDENT_MM,
    ),
    Field(
        name="value",
        label="Giá trị hợp đồng",
        phrases=("Giá trị hợp đồng", "Mức lương", "Tiền lương", "Giá thuê", "Giá chuyển nhượng", "Giá mua bán"),
        lines=2,
        clean=cleaning.amount,
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    head = [*printed_title(pages, _TITLE, label="Tên hợp đồng"), *printed_number(pages[:1], _NUMBER)]
    day = list(signing_day(pages)) or list(letterhead.place_and_date(pages[0], anywhere=True))
    facts = read_form(pages, (_party("first_party", "A"), _party("second_party", "B"), _TERMS))
    for role in ("first_party", "second_party"):
        facts = number_against_person(facts, prefix=f"{role}_")
    return [*head, *day, *facts]


KIND = Kind(
    code="HOP_DONG",
    title="Hợp đồng",
    anchors=(
        Anchor(
            phrases=(
                "HỢP ĐỒNG",
                "HỢP ĐỒNG LAO ĐỘNG",
                "HỢP ĐỒNG MUA BÁN",
                "HỢP ĐỒNG KINH TẾ",
                "HỢP ĐỒNG DỊCH VỤ",
                "HỢP ĐỒNG VAY TIỀN",
                "HỢP ĐỒNG ĐẶT CỌC",
                "HỢP ĐỒNG THUÊ NHÀ",
                "HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT",
            ),
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("BÊN A",), weight=0.2),
        Anchor(phrases=("BÊN B",), weight=0.2),
    ),
    facts=_facts,
    always=("title", "first_party", "second_party"),
    sealed=False,
    private=True,
)
