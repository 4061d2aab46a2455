"""Published and synthetic zones: the good ones are right, every bad one names its fault."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.identity.mrz import parse, repaired


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Any:
    return json.loads((shared / "samples/mrz/mrz_vectors.json").read_text(encoding="utf-8"))


def test_every_published_valid_zone_has_no_fault(vectors: Any) -> None:
    for vector in vectors["valid"]:
        zone = parse(vector["lines"])
        assert zone is not None
        assert (zone.form, zone.faults) == (vector["fmt"], ()), vector["src"]
        assert zone.personal_number == vector.get("idno", zone.personal_number)


def test_every_published_invalid_zone_names_a_fault(vectors: Any) -> None:
    for vector in vectors["invalid"]:
        zone = parse(vector["lines"])
        assert zone is not None
        assert zone.faults, vector["why"]


GOOD = ["IDVNM0990123459001099012345<<0", "9902152M3902150VNM<<<<<<<<<<<8", "NGUYEN<<VAN<MAU<<<<<<<<<<<<<<<"]


def test_letter_read_for_a_digit_is_repaired() -> None:
    misread = ["IDVNMO990123459001099O12345<<0", "99O2152M39O2150VNM<<<<<<<<<<<8", GOOD[2]]
    assert repaired(misread) == GOOD


@pytest.mark.parametrize("at", range(5, 15))
def test_any_changed_digit_of_the_number_is_noticed(at: int) -> None:
    changed = GOOD[0][:at] + str((int(GOOD[0][at]) + 1) % 10) + GOOD[0][at + 1 :]
    zone = parse([changed, *GOOD[1:]])
    assert zone is not None
    assert "composite" in zone.faults


def test_two_digit_years_are_put_into_the_right_century() -> None:
    zone = parse(GOOD)
    assert zone is not None
    assert (zone.birth_date(today_year=2026), zone.expiry_date()) == (date(1999, 2, 15), date(2039, 2, 15))


@pytest.mark.parametrize("lines", [[], ["A" * 30], ["A" * 30, "B" * 29, "C" * 30], ["a b"] * 3, ["Ắ" * 30] * 3])
def test_no_zone_is_no_zone(lines: list[str]) -> None:
    assert parse(lines) is None
