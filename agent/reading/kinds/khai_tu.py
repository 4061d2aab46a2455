"""KHAI_TU: the extract that is issued when a death is registered (form of TT 04/2020/TT-BTP)."""

import re

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import number_against_person
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_number
from agent.reading.spoken import with_words

_DEATH = ("Đã chết vào lúc", "Đã chết")


def _hour(text: str) -> str:
    """Return `05 giờ 30 phút`; the form leaves it open where nobody knows."""
    found = re.search(r"\d{1,2} giờ(?: \d{1,2} phút)?", text)
    return found[0] if found else ""


_FORM = (
    (
        Field(
            name="full_name", label="Họ và tên", phrases=("Họ, chữ đệm, tên", "Họ và tên"), clean=cleaning.person_name
        ),
        Field(
            name="date_of_birth",
            label="Ngày sinh",
            phrases=("Ngày, tháng, năm sinh", "Sinh ngày"),
            clean=cleaning.day,
        ),
        Field(name="sex", label="Giới tính", phrases=("Giới tính",), clean=cleaning.sex),
        Field(name="ethnicity", label="Dân tộc", phrases=("Dân tộc",), clean=cleaning.first_words),
        Field(name="nationality", label="Quốc tịch", phrases=("Quốc tịch",), clean=cleaning.first_words),
        Field(
            name="personal_number",
            label="Số định danh cá nhân",
            phrases=("Số định danh cá nhân", "Giấy tờ tùy thân"),
            clean=cleaning.personal_number,
        ),
        Field(
            name="last_residence",
            label="Nơi cư trú cuối cùng",
            phrases=("Nơi cư trú cuối cùng", "Nơi thường trú cuối cùng"),
            lines=3,
        ),
        Field(name="died_at", label="Giờ chết", phrases=_DEATH, lines=2, clean=_hour, strict=True),
        Field(name="died_on", label="Ngày chết", phrases=_DEATH, lines=2, clean=cleaning.day),
        Field(name="died_on_in_words", label="Ngày chết bằng chữ", phrases=("Ghi bằng chữ",), lines=2),
        Field(name="place_of_death", label="Nơi chết", phrases=("Nơi chết",), lines=3),
        Field(name="cause_of_death", label="Nguyên nhân chết", phrases=("Nguyên nhân chết",)),
        Field(
            name="registered_at",
            label="Nơi đăng ký",
            phrases=("Nơi đăng ký khai tử", "Đăng ký khai tử tại"),
            lines=3,
        ),
        Field(name="registered_on", label="Ngày đăng ký", phrases=("Ngày, tháng, năm đăng ký",), clean=cleaning.day),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    first, facts = pages[0], with_words(number_against_person(read_form(pages, _FORM)))
    number = list(letterhead.number(first)) or list(printed_number(pages))
    head = [*number, *letterhead.place_and_date(first), *letterhead.agency(first)]
    return [*head, *facts, *letterhead.signer(pages)]


KIND = Kind(
    code="KHAI_TU",
    title="Trích lục khai tử",
    anchors=(
        Anchor(
            phrases=("TRÍCH LỤC KHAI TỬ", "TRÍCH LỤC KHAI TỬ (BẢN SAO)", "GIẤY CHỨNG TỬ", "GIẤY KHAI TỬ"),
            weight=1.0,
            alone=True,
        ),
        Anchor(phrases=("Đã chết vào lúc",), weight=0.4),
        Anchor(phrases=("Nơi chết",), weight=0.2),
        Anchor(phrases=("Nguyên nhân chết",), weight=0.3),
    ),
    facts=_facts,
    always=("number", "full_name", "date_of_birth", "sex", "died_on", "place_of_death", "signer_name"),
)
