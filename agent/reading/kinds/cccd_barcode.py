"""CCCD_BARCODE: the identity card of 2016 to 2021, without chip, its labels in Vietnamese alone."""

from agent.reading import cleaning, letterhead
from agent.reading.card_fields import NATIONALITY, SEX, birth, expiry, full_name, place
from agent.reading.card_number import number_alone
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import dated

_FORM = (
    (
        full_name("Họ và tên", lines=2),
        birth("Ngày, tháng, năm sinh", "Ngày sinh"),
        SEX,
        NATIONALITY,
        place("place_of_origin", "Quê quán", "Quê quán"),
        place("place_of_residence", "Nơi thường trú", "Nơi thường trú"),
        expiry("Có giá trị đến"),
        Field(
            name="features",
            label="Đặc điểm nhận dạng",
            phrases=("Đặc điểm nhận dạng", "Đặc điểm nhân dạng"),
            lines=2,
            clean=cleaning.features,
        ),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person([*number_alone(pages), *read_form(pages, _FORM)])
    return [*facts, *dated(pages), *letterhead.signer(pages)]


KIND = Kind(
    code="CCCD_BARCODE",
    title="Thẻ căn cước công dân (mã vạch)",
    anchors=(
        Anchor(phrases=("CĂN CƯỚC CÔNG DÂN",), weight=0.9, alone=True),
        Anchor(phrases=("CẢNH SÁT ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ",), weight=0.6),
        Anchor(phrases=("Ngày, tháng, năm sinh:",), weight=0.2),
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
