"""Dates and personal numbers as papers print them."""

import json
from datetime import date
from pathlib import Path

import pytest

from agent.reading import id_number
from agent.reading.dates import find_date, find_year
from agent.reading.id_number import Verdict


def test_personal_numbers_are_judged_as_published(shared: Path) -> None:
    verdicts = {True: Verdict.VALID, False: Verdict.INVALID, "warn": Verdict.UNUSUAL}
    for case in json.loads((shared / "samples/cccd/id_number_vectors.json").read_text(encoding="utf-8"))["cases"]:
        assert id_number.judge(case["id"]) is verdicts[case["valid"]], case["id"]
        number = id_number.parse(case["id"])
        if "sex" in case:
            assert number is not None
            says = (number.female, number.birth_year, number.province)
            assert says == (case["sex"] == "F", case["year"], case["prov"])


def test_every_former_province_is_known(shared: Path) -> None:
    for code in json.loads((shared / "samples/cccd/province_codes.json").read_text(encoding="utf-8"))["codes"]:
        assert id_number.judge(f"{code}099012345") is Verdict.VALID


def test_number_that_contradicts_birth_or_sex_does_not_fit() -> None:
    number = id_number.parse("001099012345")
    assert number is not None
    assert number.fits(born=date(1999, 2, 15), sex="Nam")
    assert not number.fits(born=date(1998, 2, 15), sex="Nam")
    assert not number.fits(born=date(1999, 2, 15), sex="Nữ")
    assert number.fits(born=None, sex="")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hà Nội, ngày 05 tháng 9 năm 2021", date(2021, 9, 5)),
        ("sinh 5/9/2021 tại", date(2021, 9, 5)),
        ("05.09.2021", date(2021, 9, 5)),
        ("ngày/date 05 tháng/month 09 năm/year 2021", date(2021, 9, 5)),
        ("Ngày , tháng, năm sinh: 31/02/2021", None),
        ("31/02/2021 rồi 01/03/2021", date(2021, 3, 1)),
        ("số 123/05/20212", None),
        ("", None),
    ],
)
def test_dates_are_found_and_impossible_ones_are_not(text: str, expected: date | None) -> None:
    assert find_date(text) == expected


def test_year_alone_is_found() -> None:
    assert (find_year("Năm sinh: 1950"), find_year("số 19501"), find_year("")) == (1950, None, None)


def test_number_with_spaces_is_found_and_longer_ones_are_not() -> None:
    assert id_number.find("Số: 001 099 012 345.") == "001099012345"
    assert id_number.find("0010990123456") == ""
