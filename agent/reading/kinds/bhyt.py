"""BHYT: a health-insurance card, with the ten-digit code since 2021 or the older one of fifteen signs."""

import re

from agent.reading import cleaning
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages


def _code(text: str) -> str:
    """Return ten digits, or two letters and thirteen digits."""
    found = re.match(r"\W*([A-Z]{2}\d{13}|\d{10})(?!\d)", re.sub(r"[\s.]", "", text).upper())
    return found[1] if found else ""


def _sign(pattern: str, text: str) -> str:
    found = re.match(rf"\W*({pattern})\b", text.upper())
    return found[1] if found else ""


_FORM = (
    (
        Field(name="insurance_code", label="Mã số BHYT", phrases=("Mã số", "Số thẻ"), clean=_code),
        Field(name="full_name", label="Họ và tên", phrases=("Họ và tên",), clean=cleaning.person_name),
        Field(name="date_of_birth", label="Ngày sinh", phrases=("Ngày sinh",), clean=cleaning.day),
        Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
        Field(
            name="benefit_code",
            label="Mã mức hưởng",
            phrases=("Mã mức hưởng", "Mã mức hưởng BHYT"),
            clean=lambda text: _sign("[1-5]", text),
        ),
        Field(
            name="residence_code",
            label="Mã nơi đối tượng sinh sống",
            phrases=("Mã nơi đối tượng sinh sống",),
            clean=lambda text: _sign("K[1-3]", text),
        ),
        Field(
            name="first_hospital",
            label="Nơi đăng ký khám chữa bệnh ban đầu",
            phrases=("Nơi ĐK KCB BĐ", "Nơi đăng ký KCB BĐ", "Nơi đăng ký khám bệnh, chữa bệnh ban đầu"),
        ),
        Field(
            name="valid_from",
            label="Giá trị sử dụng từ",
            phrases=("Giá trị sử dụng",),
            clean=cleaning.day,
        ),
        Field(
            name="five_years_on",
            label="Thời điểm đủ 05 năm liên tục",
            phrases=("Thời điểm đủ 05 năm liên tục",),
            clean=cleaning.day,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    return read_form(pages, _FORM)


KIND = Kind(
    code="BHYT",
    title="Thẻ bảo hiểm y tế",
    anchors=(
        Anchor(phrases=("THẺ BẢO HIỂM Y TẾ",), weight=1.0, alone=True),
        Anchor(phrases=("Nơi ĐK KCB BĐ", "Nơi đăng ký KCB BĐ"), weight=0.4),
        Anchor(phrases=("Mã mức hưởng",), weight=0.3),
        Anchor(phrases=("BẢO HIỂM XÃ HỘI VIỆT NAM",), weight=0.2),
    ),
    facts=_facts,
    always=("insurance_code", "full_name", "date_of_birth", "sex", "valid_from"),
    sealed=False,
)
