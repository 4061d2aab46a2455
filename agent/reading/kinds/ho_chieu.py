"""HO_CHIEU: a passport: its data page with a machine-readable zone of two lines of 44 (ICAO Doc 9303-4)."""

import re

from agent.reading import cleaning
from agent.reading.card_fields import NATIONALITY, SEX, bilingual, birth, expiry, full_name, issue, place
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
            phrases=bilingual("Số hộ chiếu", "Passport No"),
            clean=_passport_number,
        ),
        full_name(*bilingual("Họ và tên", "Full name")),
        NATIONALITY,
        birth(*bilingual("Ngày sinh", "Date of birth")),
        place("place_of_birth", "Nơi sinh", *bilingual("Nơi sinh", "Place of birth"), lines=1),
        SEX,
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=("Số ĐDCN / ID No", "Số GCMND / ID card No", "Số ĐDCN"),
            clean=cleaning.personal_number,
        ),
        issue(*bilingual("Ngày cấp", "Date of issue")),
        expiry(*bilingual("Có giá trị đến", "Date of expiry")),
        place("authority", "Nơi cấp", *bilingual("Nơi cấp", "Place of issue"), lines=1),
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
    always=("passport_number", "full_name", "date_of_birth", "sex", "issued_on", "expires_on", "mrz"),
    sealed=False,
)
