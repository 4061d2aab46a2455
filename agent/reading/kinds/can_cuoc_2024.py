"""CAN_CUOC_2024: the identity card since 1 July 2024 (TT 16/2024/TT-BCA)."""

from agent.reading import cleaning
from agent.reading.card_zone import with_zone
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_FORM = (
    (
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=("Số định danh cá nhân / Personal identification number", "Số định danh cá nhân"),
            clean=cleaning.personal_number,
        ),
        Field(
            name="full_name",
            label="Họ và tên",
            phrases=("Họ, chữ đệm và tên khai sinh / Full name", "Họ, chữ đệm và tên khai sinh"),
            clean=cleaning.person_name,
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày, tháng, năm sinh / Date of birth", "Ngày, tháng, năm sinh"),
            clean=cleaning.day,
        ),
        Field(name="sex", label="Giới tính", phrases=("Giới tính / Sex", "Giới tính"), clean=cleaning.sex),
        Field(
            name="nationality",
            label="Quốc tịch",
            phrases=("Quốc tịch / Nationality", "Quốc tịch"),
            clean=cleaning.first_words,
        ),
        Field(
            name="place_of_residence",
            label="Nơi cư trú",
            phrases=("Nơi cư trú / Place of residence", "Nơi cư trú"),
            lines=2,
            joint=", ",
        ),
        Field(
            name="place_of_birth_registration",
            label="Nơi đăng ký khai sinh",
            phrases=("Nơi đăng ký khai sinh / Place of birth", "Nơi đăng ký khai sinh"),
        ),
        Field(
            name="issued_on",
            label="Ngày cấp",
            phrases=("Ngày, tháng, năm cấp / Date of issue", "Ngày, tháng, năm cấp"),
            clean=cleaning.day,
        ),
        Field(
            name="expires_on",
            label="Ngày hết hạn",
            phrases=("Ngày, tháng, năm hết hạn / Date of expiry", "Ngày, tháng, năm hết hạn"),
            clean=cleaning.expiry,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person(read_form(pages, _FORM))
    return with_zone(facts, pages)


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
    sealed=False,
)
