"""BHXH: a social-insurance book."""

import re

from agent.reading import cleaning
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages


def _code(text: str) -> str:
    """Return the ten digits of a person's insurance number."""
    found = re.match(r"\W*(\d{10})(?!\d)", re.sub(r"[\s.]", "", text))
    return found[1] if found else ""


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
        Field(name="issued_on", label="Ngày cấp", phrases=("Ngày cấp", "Cấp ngày"), clean=cleaning.day),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    return number_against_person(read_form(pages, _FORM))


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
    sealed=False,
)
