"""BANG_TOT_NGHIEP: a degree (Vietnamese and English) or an upper-secondary diploma."""

import re

from agent.reading import cleaning, letterhead
from agent.reading.form import Field, read_form
from agent.reading.issuer import institution_above
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_title

_TITLES = (
    "BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG",
    "BẰNG TỐT NGHIỆP TRUNG HỌC CƠ SỞ",
    "BẰNG TỐT NGHIỆP ĐẠI HỌC",
    "BẰNG CỬ NHÂN",
    "BẰNG KỸ SƯ",
    "BẰNG THẠC SĨ",
    "BẰNG TIẾN SĨ",
)
_TITLE = re.compile(r"^bang (tot nghiep|cu nhan|ky su|thac si|tien si|bac si|duoc si|kien truc su)")

_FORM = (
    (
        Field(name="major", label="Ngành", phrases=("Ngành", "Ngành / Major", "Major")),
        Field(
            name="full_name",
            label="Họ và tên",
            phrases=("Cho", "Cho / Upon", "Cấp cho", "Upon"),
            clean=cleaning.person_name,
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày sinh", "Ngày sinh / Date of birth", "Ngày, tháng, năm sinh"),
            clean=cleaning.day,
        ),
        Field(name="place_of_birth", label="Nơi sinh", phrases=("Nơi sinh", "Nơi sinh / Place of birth")),
        Field(name="sex", label="Giới tính", phrases=("Giới tính", "Giới tính / Sex"), clean=cleaning.sex),
        Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
        Field(name="school", label="Trường", phrases=("Học sinh trường",)),
        Field(
            name="year",
            label="Năm tốt nghiệp",
            phrases=("Năm tốt nghiệp", "Năm tốt nghiệp / Year of graduation", "Khóa thi"),
            clean=cleaning.year,
        ),
        Field(
            name="grade",
            label="Xếp loại",
            phrases=("Xếp loại tốt nghiệp", "Hạng tốt nghiệp", "Hạng tốt nghiệp / Degree classification"),
        ),
        Field(name="serial", label="Số hiệu", phrases=("Số hiệu", "Số hiệu / Serial number")),
        Field(
            name="register_number",
            label="Số vào sổ gốc",
            phrases=("Số vào sổ gốc cấp bằng", "Số vào sổ gốc cấp bằng / Reg. No", "Số vào sổ cấp bằng"),
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    dated = letterhead.place_and_date(pages[0], anywhere=True)
    title = printed_title(pages[:1], _TITLE, label="Tên văn bằng", known=_TITLES)
    return [*title, *institution_above(pages, _TITLE), *read_form(pages, _FORM), *dated, *letterhead.signer(pages)]


KIND = Kind(
    code="BANG_TOT_NGHIEP",
    title="Bằng tốt nghiệp",
    anchors=(
        Anchor(
            phrases=_TITLES,
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("Số vào sổ gốc cấp bằng", "Số vào sổ cấp bằng"), weight=0.4),
        Anchor(phrases=("THE DEGREE OF",), weight=0.3),
        Anchor(phrases=("Năm tốt nghiệp", "Xếp loại tốt nghiệp", "Hạng tốt nghiệp"), weight=0.3),
    ),
    facts=_facts,
    always=("title", "full_name", "date_of_birth", "serial", "register_number", "issued_on", "signer_name"),
)
