"""BHXH: a social-insurance book."""

import re

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages


def _code(text: str) -> str:
    """Return the ten digits of a person's insurance number."""
    found = re.match(r"\W*(\d{10})(?!\d)", re.sub(r"[\s.]", "", text))
    return found[1] if found else ""


def _time(text: str) -> str:
    """Return years and months paid: `12 năm 03 tháng`."""
    found = re.search(r"\d{1,2} năm(?: \d{1,2} tháng)?|\d{1,2} tháng", text)
    return found[0] if found else ""


_FORM = (
    (
        Field(
            name="insurance_code",
            label="Mã số BHXH",
            phrases=("Mã số BHXH", "Mã số bảo hiểm xã hội", "Số sổ BHXH", "Số sổ", "Mã số"),
            clean=_code,
        ),
        Field(name="full_name", label="Họ và tên", phrases=("Họ và tên",), clean=cleaning.person_name),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày, tháng, năm sinh", "Ngày sinh"),
            clean=cleaning.day,
        ),
        Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
        Field(name="nationality", label="Quốc tịch", phrases=("Quốc tịch",), clean=cleaning.first_words),
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=("Số định danh cá nhân", "Số CCCD", "Số CMND/CCCD"),
            clean=cleaning.personal_number,
        ),
        Field(
            name="time_paid",
            label="Thời gian đóng",
            phrases=("Tổng thời gian đóng BHXH", "Thời gian đóng BHXH", "Tổng thời gian đóng bảo hiểm xã hội"),
            clean=_time,
            strict=True,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    dated = next((facts for page in pages if (facts := list(letterhead.place_and_date(page, anywhere=True)))), [])
    return [*number_against_person(read_form(pages, _FORM)), *dated, *letterhead.signer(pages)]


KIND = Kind(
    code="BHXH",
    title="Sổ bảo hiểm xã hội",
    anchors=(
        Anchor(phrases=("SỔ BẢO HIỂM XÃ HỘI", "SỔ BẢO HIỂM XÃ HỘI ĐIỆN TỬ"), weight=1.0, alone=True),
        Anchor(phrases=("Mã số BHXH", "Số sổ BHXH"), weight=0.5),
        Anchor(phrases=("BẢO HIỂM XÃ HỘI VIỆT NAM",), weight=0.2),
        Anchor(phrases=("Quá trình đóng bảo hiểm xã hội",), weight=0.4),
    ),
    facts=_facts,
    always=("insurance_code", "full_name", "date_of_birth", "sex"),
    sealed=False,
)
