"""CHUNG_CHI: a certificate of a course or an examination (languages, informatics, a trade)."""

import re

from agent.reading import cleaning, letterhead
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_title

_TITLE = re.compile(r"^(chung chi|giay chung nhan hoan thanh)( [a-z ]+)?$")

_FORM = (
    (
        Field(
            name="full_name",
            label="Họ và tên",
            phrases=("Cấp cho", "Chứng nhận", "Họ và tên", "Cấp cho / Awarded to", "Ông/Bà"),
            clean=cleaning.person_name,
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày sinh", "Sinh ngày", "Ngày, tháng, năm sinh", "Ngày sinh / Date of birth"),
            clean=cleaning.day,
        ),
        Field(name="place_of_birth", label="Nơi sinh", phrases=("Nơi sinh", "Nơi sinh / Place of birth")),
        Field(
            name="course",
            label="Khóa học",
            phrases=("Đã hoàn thành khóa học", "Đã hoàn thành chương trình", "Đã hoàn thành khóa đào tạo"),
            lines=2,
        ),
        Field(name="grade", label="Xếp loại", phrases=("Xếp loại", "Đạt loại")),
        Field(name="serial", label="Số hiệu", phrases=("Số hiệu", "Số hiệu / Serial number")),
        Field(
            name="register_number",
            label="Số vào sổ",
            phrases=("Số vào sổ gốc cấp chứng chỉ", "Số vào sổ cấp chứng chỉ"),
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    dated = letterhead.place_and_date(pages[0], anywhere=True)
    title = printed_title(pages, _TITLE, label="Tên chứng chỉ")
    return [*title, *read_form(pages, _FORM), *dated, *letterhead.signer(pages)]


KIND = Kind(
    code="CHUNG_CHI",
    title="Chứng chỉ",
    anchors=(
        Anchor(
            phrases=(
                "CHỨNG CHỈ",
                "CHỨNG CHỈ NGOẠI NGỮ",
                "CHỨNG CHỈ TIN HỌC",
                "CHỨNG CHỈ ỨNG DỤNG CÔNG NGHỆ THÔNG TIN",
                "CHỨNG CHỈ SƠ CẤP",
                "CHỨNG CHỈ HÀNH NGHỀ",
                "CHỨNG CHỈ BỒI DƯỠNG",
            ),
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("Số vào sổ gốc cấp chứng chỉ", "Số vào sổ cấp chứng chỉ"), weight=0.5),
        Anchor(phrases=("Số hiệu:",), weight=0.2),
        Anchor(phrases=("Cấp cho", "Xếp loại", "Đã hoàn thành"), weight=0.2),
    ),
    facts=_facts,
)
