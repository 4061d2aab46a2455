"""SO_YEU_LY_LICH: a curriculum vitae; its signature is certified, not a copy (TT 01/2020 Art. 15)."""

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import number_against_person
from agent.reading.form import PARAGRAPH_INDENT_MM, Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_PERSON = (
    Field(
        name="full_name",
        label="Họ và tên",
        phrases=("Họ và tên", "Họ và tên khai sinh", "Họ, chữ đệm và tên khai sinh"),
        clean=cleaning.person_name,
    ),
    Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
    Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
    Field(
        name="date_of_birth",
        label="Ngày sinh",
        phrases=("Ngày, tháng, năm sinh", "Sinh ngày", "Ngày sinh"),
        clean=cleaning.day,
    ),
    Field(name="place_of_birth", label="Nơi sinh", phrases=("Nơi sinh",), lines=2, indent_mm=PARAGRAPH_INDENT_MM),
    Field(
        name="personal_number",
        label="Số định danh cá nhân",
        phrases=("Số định danh cá nhân", "Số CCCD", "Số căn cước"),
        clean=cleaning.personal_number,
    ),
    Field(
        name="residence",
        label="Nơi cư trú",
        phrases=("Nơi cư trú", "Nơi đăng ký thường trú", "Hộ khẩu thường trú"),
        lines=2,
        indent_mm=PARAGRAPH_INDENT_MM,
    ),
    Field(name="education", label="Trình độ học vấn", phrases=("Trình độ học vấn", "Trình độ văn hóa")),
    Field(name="job", label="Nghề nghiệp", phrases=("nghề nghiệp", "Nghề nghiệp")),
)


def _parent(role: str, word: str) -> tuple[Field, Field]:
    return (
        Field(
            name=f"{role}_name",
            label=f"Họ và tên {word}",
            phrases=(f"Họ và tên {word}", f"Họ tên {word}"),
            clean=cleaning.person_name,
        ),
        Field(
            name=f"{role}_birth_year",
            label=f"Năm sinh của {word}",
            phrases=("sinh năm", "Năm sinh"),
            clean=cleaning.year,
        ),
    )


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person(read_form(pages, (_PERSON, _parent("father", "cha"), _parent("mother", "mẹ"))))
    return [*facts, *letterhead.place_and_date(pages[-1], anywhere=True)]


KIND = Kind(
    code="SO_YEU_LY_LICH",
    title="Sơ yếu lý lịch",
    anchors=(
        Anchor(
            phrases=(
                "SƠ YẾU LÝ LỊCH",
                "SƠ YẾU LÍ LỊCH",
                "SƠ YẾU LÝ LỊCH TỰ THUẬT",
                "TỜ KHAI LÝ LỊCH",
                "LÝ LỊCH TỰ THUẬT",
            ),
            weight=1.0,
            alone=True,
        ),
        Anchor(phrases=("Quá trình hoạt động của bản thân", "HOÀN CẢNH GIA ĐÌNH"), weight=0.3),
        Anchor(phrases=("Họ và tên cha",), weight=0.2),
    ),
    facts=_facts,
    always=("full_name", "date_of_birth", "residence"),
    sealed=False,
)
