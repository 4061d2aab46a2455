"""HOC_BA: a school record: the cover with the pupil, then a page of marks for each year."""

import re
from collections.abc import Iterator
from dataclasses import replace

from agent.reading import cleaning, letterhead
from agent.reading.form import PARAGRAPH_INDENT_MM, Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_number
from agent.reading.values import ReadPage

_NUMBER = re.compile(r"^\W*S[ốôoóỐÔ]\s*[:.;]\s*(\d+\s*/\s*\S*)")


def _class_year(text: str) -> str:
    found = re.match(r"\W*(1[0-2]|[1-9])(?!\d)", text)
    return found[1] if found else ""


def _mark(text: str) -> str:
    """Return a mark of 0…10 with one decimal and a comma, as schools write it."""
    found = re.match(r"\W*(10|\d)\s*[.,]\s*(\d)(?!\d)", text)
    return f"{found[1]},{found[2]}" if found else ""


def _school(text: str) -> str:
    return as_printed(text.partition(",")[0])


_PUPIL = (
    (
        Field(
            name="full_name", label="Họ và tên", phrases=("Họ và tên", "Họ và tên học sinh"), clean=cleaning.person_name
        ),
        Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
        Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày, tháng, năm sinh", "Ngày sinh"),
            clean=cleaning.day,
        ),
        Field(
            name="place_of_birth",
            label="Nơi sinh",
            phrases=("Nơi sinh",),
            lines=2,
            indent_mm=PARAGRAPH_INDENT_MM,
        ),
        Field(
            name="residence",
            label="Chỗ ở hiện tại",
            phrases=("Chỗ ở hiện tại", "Nơi ở hiện tại"),
            lines=2,
            indent_mm=PARAGRAPH_INDENT_MM,
        ),
        Field(name="school", label="Trường", phrases=("Trường",), clean=_school),
    ),
)
_YEAR = (
    (
        Field(name="class", label="Lớp", phrases=("Lớp",), clean=_class_year),
        Field(
            name="mean",
            label="Điểm trung bình các môn",
            phrases=("Điểm trung bình các môn", "Điểm trung bình các môn học"),
            clean=_mark,
        ),
        Field(
            name="rating",
            label="Xếp loại học lực",
            phrases=("Xếp loại học lực", "Kết quả học tập"),
            clean=cleaning.first_words,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    years = [fact for page in pages for fact in _year(page)]
    return [*printed_number(pages, _NUMBER), *read_form(pages, _PUPIL), *years, *letterhead.signer(pages)]


def _year(page: ReadPage) -> Iterator[Fact]:
    """Yield mean and rating of the year that a page is of: `mean_10`, `rating_10`."""
    found = {fact.name: fact for fact in read_form([page], _YEAR)}
    year = _class_year(found["class"].value) if "class" in found else ""
    for name in ("mean", "rating"):
        if year and name in found:
            fact = found[name]
            yield replace(fact, name=f"{name}_{year}", label=f"{fact.label} lớp {year}")


KIND = Kind(
    code="HOC_BA",
    title="Học bạ",
    anchors=(
        Anchor(
            phrases=("HỌC BẠ", "HỌC BẠ TRUNG HỌC PHỔ THÔNG", "HỌC BẠ TRUNG HỌC CƠ SỞ", "HỌC BẠ TIỂU HỌC"),
            weight=1.0,
            alone=True,
        ),
        Anchor(phrases=("Xếp loại học lực",), weight=0.4),
        Anchor(phrases=("Điểm trung bình các môn",), weight=0.4),
        Anchor(phrases=("Năm học:",), weight=0.3),
    ),
    facts=_facts,
    always=("full_name", "date_of_birth", "signer_name"),
)
