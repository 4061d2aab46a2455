"""CCCD_CHIP: the chip identity card of 2021 to June 2024."""

from agent.reading import cleaning
from agent.reading.card_number import number_alone
from agent.reading.card_zone import with_zone
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_FORM = (
    (
        Field(
            name="full_name",
            label="Họ và tên",
            phrases=("Họ và tên / Full name", "Họ và tên"),
            clean=cleaning.person_name,
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày sinh / Date of birth", "Ngày sinh"),
            clean=cleaning.day,
        ),
        Field(name="sex", label="Giới tính", phrases=("Giới tính / Sex", "Giới tính"), clean=cleaning.sex),
        Field(
            name="nationality",
            label="Quốc tịch",
            phrases=("Quốc tịch / Nationality", "Quốc tịch"),
            clean=cleaning.first_words,
        ),
        Field(name="place_of_origin", label="Quê quán", phrases=("Quê quán / Place of origin", "Quê quán"), lines=1),
        Field(
            name="place_of_residence",
            label="Nơi thường trú",
            phrases=("Nơi thường trú / Place of residence", "Nơi thường trú"),
            lines=2,
        ),
        Field(name="expires_on", label="Có giá trị đến", phrases=("Có giá trị đến",), lines=2, clean=cleaning.expiry),
        Field(name="expires_on", label="Có giá trị đến", phrases=("Date of expiry",), clean=cleaning.expiry),
        Field(
            name="features",
            label="Đặc điểm nhân dạng",
            phrases=("Đặc điểm nhân dạng / Personal identification", "Đặc điểm nhân dạng"),
        ),
        Field(
            name="issued_on",
            label="Ngày cấp",
            phrases=("Ngày, tháng, năm / Date, month, year", "Ngày, tháng, năm"),
            clean=cleaning.day,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person([*read_form(pages, _FORM), *number_alone(pages)])
    return with_zone(facts, pages)


KIND = Kind(
    code="CCCD_CHIP",
    title="Thẻ căn cước công dân",
    anchors=(
        Anchor(phrases=("CĂN CƯỚC CÔNG DÂN",), weight=0.9),
        Anchor(phrases=("Citizen Identity Card",), weight=0.5),
        Anchor(phrases=("Nơi thường trú / Place of residence",), weight=0.2),
        Anchor(phrases=("Đặc điểm nhân dạng / Personal identification",), weight=0.5),
        Anchor(phrases=("IDVNM",), weight=0.4),
    ),
    facts=_facts,
    sealed=False,
)
