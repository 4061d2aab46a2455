"""CCCD_CHIP: the chip identity card of 2021 to June 2024."""

from agent.reading import cleaning
from agent.reading.card_code import with_code
from agent.reading.card_fields import NATIONALITY, SEX, bilingual, birth, expiry, full_name, issue, place
from agent.reading.card_number import number_alone
from agent.reading.card_zone import with_zone
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_FORM = (
    (
        full_name(*bilingual("Họ và tên", "Full name")),
        birth(*bilingual("Ngày sinh", "Date of birth")),
        SEX,
        NATIONALITY,
        place("place_of_origin", "Quê quán", *bilingual("Quê quán", "Place of origin"), lines=1),
        place("place_of_residence", "Nơi thường trú", *bilingual("Nơi thường trú", "Place of residence")),
        expiry("Có giá trị đến", lines=2),
        expiry("Date of expiry"),
        Field(
            name="features",
            label="Đặc điểm nhân dạng",
            phrases=bilingual("Đặc điểm nhân dạng", "Personal identification"),
            clean=cleaning.features,
        ),
        issue(*bilingual("Ngày, tháng, năm", "Date, month, year")),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person([*read_form(pages, _FORM), *number_alone(pages)])
    return with_code(with_zone(facts, pages), pages)


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
    always=(
        "personal_number",
        "full_name",
        "date_of_birth",
        "sex",
        "nationality",
        "place_of_origin",
        "place_of_residence",
        "issued_on",
        "expires_on",
    ),
    sealed=False,
)
