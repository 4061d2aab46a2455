"""CHUNG_CHI: a certificate of a course or an examination (languages, informatics, a trade)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from agent.reading import cleaning, letterhead
from agent.reading.folding import folded, in_capitals
from agent.reading.form import Field, read_form
from agent.reading.issuer import institution_above
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.nearby import same_row
from agent.reading.printed import printed_title

_TITLE = re.compile(r"^(chung chi|giay chung nhan hoan thanh)( [a-z0-9 ]+)?$")
_END_OF_TITLE = re.compile(r"^(cap cho|chung nhan|ong|ba|ho va ten|certificate)\b")

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
    return [
        *_title(pages),
        *institution_above(pages, _TITLE),
        *read_form(pages, _FORM),
        *dated,
        *letterhead.signer(pages),
    ]


def _title(pages: Pages) -> Iterator[Fact]:
    """Yield the title; what is certified stands below the word CHỨNG CHỈ, in capitals too."""
    for fact in printed_title(pages, _TITLE, label="Tên chứng chỉ"):
        page = pages[fact.page - pages[0].number]
        rest = letterhead.block_below(page, fact.lines[0], stop=_END_OF_TITLE, most=2)
        holder = [line.box for line in page.lines if _END_OF_TITLE.match(folded(line.text))]
        rest = [at for at in rest if not any(same_row(box, page.lines[at].box) for box in holder)]
        rest = [at for at in rest if in_capitals(page.lines[at].text)]
        value = " ".join([fact.value, *(page.lines[at].text.upper() for at in rest)])
        yield replace(fact, value=value, lines=(*fact.lines, *rest))


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
    always=("title", "full_name", "date_of_birth", "issued_on", "signer_name"),
)
