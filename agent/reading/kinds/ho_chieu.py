"""HO_CHIEU: a passport: its data page with a machine-readable zone of two lines of 44 (ICAO Doc 9303-4)."""

import re

from agent.reading import cleaning
from agent.reading.card_zone import with_zone
from agent.reading.crosschecks import number_against_person
from agent.reading.folding import without_accents
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages


def _passport_number(text: str) -> str:
    """Return one letter and seven or eight digits."""
    found = re.search(r"[A-Z]\d{7,8}(?!\d)", without_accents(text).upper().replace(" ", ""))
    return found[0] if found else ""


_FORM = (
    (
        Field(
            name="passport_number",
            label="Số hộ chiếu",
            phrases=("Số hộ chiếu / Passport No", "Số hộ chiếu"),
            clean=_passport_number,
        ),
        Field(
            name="full_name",
            label="Họ và tên",
            phrases=("Họ và tên / Full name", "Họ và tên"),
            clean=cleaning.person_name,
        ),
        Field(
            name="nationality",
            label="Quốc tịch",
            phrases=("Quốc tịch / Nationality", "Quốc tịch"),
            clean=cleaning.first_words,
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày sinh / Date of birth", "Ngày sinh"),
            clean=cleaning.day,
        ),
        Field(name="place_of_birth", label="Nơi sinh", phrases=("Nơi sinh / Place of birth", "Nơi sinh")),
        Field(name="sex", label="Giới tính", phrases=("Giới tính / Sex", "Giới tính"), clean=cleaning.sex),
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=("Số ĐDCN / ID No", "Số GCMND / ID card No", "Số ĐDCN"),
            clean=cleaning.personal_number,
        ),
        Field(
            name="issued_on",
            label="Ngày cấp",
            phrases=("Ngày cấp / Date of issue", "Ngày cấp"),
            clean=cleaning.day,
        ),
        Field(
            name="expires_on",
            label="Có giá trị đến",
            phrases=("Có giá trị đến / Date of expiry", "Có giá trị đến"),
            clean=cleaning.day,
        ),
        Field(name="authority", label="Nơi cấp", phrases=("Nơi cấp / Place of issue", "Nơi cấp")),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    return with_zone(number_against_person(read_form(pages, _FORM)), pages)


KIND = Kind(
    code="HO_CHIEU",
    title="Hộ chiếu",
    anchors=(
        Anchor(phrases=("HỘ CHIẾU / PASSPORT",), weight=0.8, alone=True),
        Anchor(phrases=("HỘ CHIẾU",), weight=0.6, alone=True),
        Anchor(phrases=("PASSPORT",), weight=0.4, alone=True),
        Anchor(phrases=("Số hộ chiếu / Passport No",), weight=0.5),
        Anchor(phrases=("P<VNM",), weight=0.6),
    ),
    facts=_facts,
    sealed=False,
)
