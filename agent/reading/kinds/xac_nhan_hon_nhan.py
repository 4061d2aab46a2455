"""XAC_NHAN_HON_NHAN: a commune's confirmation of marital status (form of TT 04/2020/TT-BTP)."""

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import number_against_person
from agent.reading.form import PARAGRAPH_INDENT_MM, Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_FORM = (
    (
        Field(
            name="full_name", label="Họ và tên", phrases=("Họ, chữ đệm, tên", "Họ và tên"), clean=cleaning.person_name
        ),
        Field(name="date_of_birth", label="Ngày sinh", phrases=("Ngày, tháng, năm sinh",), clean=cleaning.day),
        Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
        Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
        Field(name="nationality", label="Quốc tịch", phrases=("Quốc tịch",), clean=cleaning.first_words),
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=("Số định danh cá nhân", "Giấy tờ tùy thân"),
            clean=cleaning.personal_number,
        ),
        Field(name="residence", label="Nơi cư trú", phrases=("Nơi cư trú",), lines=3, indent_mm=PARAGRAPH_INDENT_MM),
        Field(
            name="status",
            label="Tình trạng hôn nhân",
            phrases=("Tình trạng hôn nhân",),
            lines=4,
            indent_mm=PARAGRAPH_INDENT_MM,
        ),
        Field(
            name="purpose",
            label="Mục đích sử dụng",
            phrases=("Giấy này được sử dụng để", "Giấy này được cấp để"),
            lines=3,
            indent_mm=PARAGRAPH_INDENT_MM,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    first = pages[0]
    head = [*letterhead.number(first), *letterhead.place_and_date(first), *letterhead.agency(first)]
    return [*head, *number_against_person(read_form(pages, _FORM)), *letterhead.signer(pages)]


KIND = Kind(
    code="XAC_NHAN_HON_NHAN",
    title="Giấy xác nhận tình trạng hôn nhân",
    anchors=(
        Anchor(phrases=("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",), weight=1.0, alone=True),
        Anchor(phrases=("/UBND-XNTTHN",), weight=0.3),
        Anchor(phrases=("Tình trạng hôn nhân:",), weight=0.3),
        Anchor(phrases=("Giấy này có giá trị 6 tháng",), weight=0.3),
    ),
    facts=_facts,
    always=("issued_on", "agency", "full_name", "date_of_birth", "sex", "residence", "status", "signer_name"),
)
