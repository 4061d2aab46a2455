"""CCCD_BARCODE: the identity card of 2016 to 2021, without chip, its labels in Vietnamese alone."""

from agent.reading import cleaning
from agent.reading.card_number import number_alone
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_FORM = (
    (
        Field(name="full_name", label="Họ và tên", phrases=("Họ và tên",), lines=2, clean=cleaning.person_name),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày, tháng, năm sinh", "Ngày sinh"),
            clean=cleaning.day,
        ),
        Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
        Field(name="nationality", label="Quốc tịch", phrases=("Quốc tịch",), clean=cleaning.first_words),
        Field(name="place_of_origin", label="Quê quán", phrases=("Quê quán",), lines=2),
        Field(name="place_of_residence", label="Nơi thường trú", phrases=("Nơi thường trú",), lines=2),
        Field(name="expires_on", label="Có giá trị đến", phrases=("Có giá trị đến",), clean=cleaning.expiry),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    return number_against_person([*number_alone(pages), *read_form(pages, _FORM)])


KIND = Kind(
    code="CCCD_BARCODE",
    title="Thẻ căn cước công dân (mã vạch)",
    anchors=(
        Anchor(phrases=("CĂN CƯỚC CÔNG DÂN",), weight=0.9, alone=True),
        Anchor(phrases=("CẢNH SÁT ĐKQL CƯ TRÚ VÀ DLQG VỀ DÂN CƯ",), weight=0.6),
        Anchor(phrases=("Ngày, tháng, năm sinh:",), weight=0.2),
    ),
    facts=_facts,
    sealed=False,
)
