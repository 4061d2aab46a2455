"""KHAI_SINH: a birth certificate (Law 60/2014 Art. 14; form of TT 04/2020/TT-BTP)."""

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_number
from agent.reading.spoken import with_words


def _parent(role: str, word: str) -> tuple[Field, ...]:
    def field(part: str, label: str, *phrases: str, lines: int = 1) -> Field:
        clean = {"name": cleaning.person_name, "birth_year": cleaning.year}.get(part, as_printed)
        clean = cleaning.first_words if part in ("ethnicity", "nationality") else clean
        return Field(name=f"{role}_{part}", label=f"{label} người {word}", phrases=phrases, lines=lines, clean=clean)

    return (
        field("name", "Họ, chữ đệm, tên", f"Họ, chữ đệm, tên người {word}", f"Họ và tên {word}"),
        field("birth_year", "Năm sinh", "Năm sinh"),
        field("ethnicity", "Dân tộc", "Dân tộc"),
        field("nationality", "Quốc tịch", "Quốc tịch"),
        field("residence", "Nơi cư trú", "Nơi cư trú", lines=2),
    )


_CHILD = (
    Field(name="full_name", label="Họ và tên", phrases=("Họ, chữ đệm, tên", "Họ và tên"), clean=cleaning.person_name),
    Field(
        name="date_of_birth",
        label="Ngày sinh",
        phrases=("Ngày, tháng, năm sinh",),
        clean=cleaning.day,
    ),
    Field(name="date_of_birth_in_words", label="Ngày sinh bằng chữ", phrases=("ghi bằng chữ",), lines=2),
    Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
    Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
    Field(name="nationality", label="Quốc tịch", phrases=("Quốc tịch",), clean=cleaning.first_words),
    Field(name="place_of_birth", label="Nơi sinh", phrases=("Nơi sinh",), lines=3),
    Field(name="place_of_origin", label="Quê quán", phrases=("Quê quán",), lines=2),
    Field(
        name="personal_number",
        label="Số định danh cá nhân",
        phrases=("Số định danh cá nhân",),
        clean=cleaning.personal_number,
    ),
)
_REGISTRATION = (
    Field(
        name="registered_at", label="Nơi đăng ký", phrases=("Nơi đăng ký khai sinh", "Đăng ký khai sinh tại"), lines=2
    ),
    Field(
        name="registered_on",
        label="Ngày đăng ký",
        phrases=("Ngày, tháng, năm đăng ký",),
        clean=cleaning.day,
    ),
)
_FORM = (_CHILD, _parent("mother", "mẹ"), _parent("father", "cha"), _REGISTRATION)


def _facts(pages: Pages) -> list[Fact]:
    facts = with_words(number_against_person(read_form(pages, _FORM)))
    return [*printed_number(pages[:1]), *facts, *letterhead.signer(pages)]


KIND = Kind(
    code="KHAI_SINH",
    title="Giấy khai sinh",
    anchors=(
        Anchor(
            phrases=(
                "GIẤY KHAI SINH",
                "GIẤY KHAI SINH (BẢN SAO)",
                "TRÍCH LỤC KHAI SINH",
                "TRÍCH LỤC KHAI SINH (BẢN SAO)",
            ),
            weight=1.0,
            alone=True,
        ),
        Anchor(phrases=("Nơi đăng ký khai sinh",), weight=0.3),
        Anchor(phrases=("Họ, chữ đệm, tên người mẹ",), weight=0.4),
        Anchor(phrases=("Họ, chữ đệm, tên người cha",), weight=0.4),
    ),
    facts=_facts,
    always=(
        "number",
        "full_name",
        "date_of_birth",
        "sex",
        "ethnicity",
        "nationality",
        "place_of_birth",
        "mother_name",
        "registered_at",
        "registered_on",
        "signer_name",
    ),
)
