"""CAN_CUOC_2024: the identity card since 1 July 2024 (TT 16/2024/TT-BCA)."""

from agent.reading import cleaning
from agent.reading.card_code import with_code
from agent.reading.card_fields import NATIONALITY, SEX, bilingual, birth, expiry, full_name, issue, place
from agent.reading.card_zone import with_zone
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_FORM = (
    (
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=bilingual("Số định danh cá nhân", "Personal identification number"),
            clean=cleaning.personal_number,
        ),
        full_name(*bilingual("Họ, chữ đệm và tên khai sinh", "Full name")),
        birth(*bilingual("Ngày, tháng, năm sinh", "Date of birth")),
        SEX,
        NATIONALITY,
        place("place_of_residence", "Nơi cư trú", *bilingual("Nơi cư trú", "Place of residence"), joint=", "),
        place(
            "place_of_birth_registration",
            "Nơi đăng ký khai sinh",
            *bilingual("Nơi đăng ký khai sinh", "Place of birth"),
            lines=1,
        ),
        issue(*bilingual("Ngày, tháng, năm cấp", "Date of issue")),
        expiry(*bilingual("Ngày, tháng, năm hết hạn", "Date of expiry"), label="Ngày hết hạn"),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person(read_form(pages, _FORM))
    return with_code(with_zone(facts, pages), pages)


KIND = Kind(
    code="CAN_CUOC_2024",
    title="Thẻ căn cước",
    anchors=(
        Anchor(phrases=("CĂN CƯỚC",), weight=0.8, alone=True),
        Anchor(phrases=("IDENTITY CARD",), weight=0.3, alone=True),
        Anchor(phrases=("Số định danh cá nhân / Personal identification number",), weight=0.5),
        Anchor(phrases=("Nơi đăng ký khai sinh / Place of birth",), weight=0.4),
        Anchor(phrases=("IDVNM",), weight=0.3),
    ),
    facts=_facts,
    always=(
        "personal_number",
        "full_name",
        "date_of_birth",
        "sex",
        "nationality",
        "place_of_residence",
        "issued_on",
        "expires_on",
    ),
    sealed=False,
)
