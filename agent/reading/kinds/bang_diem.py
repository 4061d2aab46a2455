"""BANG_DIEM: a transcript of marks of a university, college or school."""

import re

from agent.reading import cleaning, letterhead
from agent.reading.form import Field, read_form
from agent.reading.issuer import institution_in_head
from agent.reading.kind import Anchor, Fact, Kind, Pages

_GRADE = re.compile(r"\d{1,2}[.,]\d{1,2}")


def _grade(text: str) -> str:
    found = _GRADE.search(text)
    return found[0] if found else ""


_FORM = (
    (
        Field(
            name="full_name",
            label="Họ và tên",
            phrases=("Họ và tên", "Họ và tên sinh viên", "Họ tên", "Họ và tên / Full name"),
            clean=cleaning.person_name,
        ),
        Field(
            name="student_number",
            label="Mã sinh viên",
            phrases=("Mã sinh viên", "Mã số sinh viên", "Mã học viên", "Mã SV"),
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày sinh", "Ngày, tháng, năm sinh", "Ngày sinh / Date of birth"),
            clean=cleaning.day,
        ),
        Field(name="place_of_birth", label="Nơi sinh", phrases=("Nơi sinh", "Nơi sinh / Place of birth")),
        Field(name="major", label="Ngành", phrases=("Ngành", "Ngành đào tạo", "Chuyên ngành", "Ngành / Major")),
        Field(
            name="form_of_study",
            label="Hình thức đào tạo",
            phrases=("Hình thức đào tạo", "Hệ đào tạo"),
        ),
        Field(
            name="credits",
            label="Tổng số tín chỉ",
            phrases=("Tổng số tín chỉ tích lũy", "Số tín chỉ tích lũy", "Tổng số tín chỉ"),
            clean=cleaning.count,
        ),
        Field(
            name="mean",
            label="Điểm trung bình",
            phrases=("Điểm trung bình chung tích lũy", "Điểm trung bình chung", "Điểm trung bình toàn khóa"),
            clean=_grade,
        ),
        Field(name="grade", label="Xếp loại", phrases=("Xếp loại tốt nghiệp", "Xếp loại")),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    dated = letterhead.place_and_date(pages[-1], anywhere=True)
    head = [*letterhead.number(pages[0]), *institution_in_head(pages)]
    return [*head, *read_form(pages, _FORM), *dated, *letterhead.signer(pages)]


KIND = Kind(
    code="BANG_DIEM",
    title="Bảng điểm",
    anchors=(
        Anchor(
            phrases=(
                "BẢNG ĐIỂM",
                "BẢNG ĐIỂM TOÀN KHÓA",
                "BẢNG ĐIỂM HỌC TẬP",
                "BẢNG GHI ĐIỂM",
                "BẢNG ĐIỂM SINH VIÊN",
                "KẾT QUẢ HỌC TẬP",
                "PHỤ LỤC VĂN BẰNG",
            ),
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("TRANSCRIPT", "ACADEMIC TRANSCRIPT"), weight=0.5, alone=True),
        Anchor(phrases=("Mã sinh viên", "Mã số sinh viên", "Mã học viên"), weight=0.3),
        Anchor(phrases=("Số tín chỉ", "Tên học phần", "Điểm trung bình chung"), weight=0.3),
    ),
    facts=_facts,
    always=("full_name", "student_number", "date_of_birth", "mean", "signer_name"),
)
