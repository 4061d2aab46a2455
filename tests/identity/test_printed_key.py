"""The chip's key from the printed code: the same as the zone's, for the ages of the law and on their edges."""

from datetime import date

import pytest

from agent.identity import mrz
from agent.identity.chip.access import ZoneKey
from agent.identity.printed_key import keys_of

BORN = date(1990, 3, 15)


def expiries(born: date, issued: date) -> list[str]:
    return [key.information[-7:-1] for key in keys_of("001090001234", born=born, issued=issued)]


def test_key_is_the_one_of_the_zone_on_the_cards_back() -> None:
    rows = ("IDVNM0900012345001090001234<<9", "9003152M3003150VNM<<<<<<<<<<<4", "NGUYEN<<VAN<AN<<<<<<<<<<<<<<<<")
    zone = mrz.parse(rows)
    assert zone is not None
    assert not {"number", "birth", "expiry"} & set(zone.faults)
    assert keys_of("001090001234", born=BORN, issued=date(2021, 6, 1))[0] == ZoneKey.of(zone)


@pytest.mark.parametrize(
    ("issued", "first", "second"),
    [
        (date(2021, 6, 1), "300315", "500315"),
        (date(2028, 3, 14), "300315", "500315"),
        (date(2028, 3, 15), "500315", "991231"),
        (date(2013, 3, 14), "150315", "300315"),
        (date(2048, 3, 15), "991231", ""),
    ],
)
def test_expiry_follows_from_the_age_at_issue(issued: date, first: str, second: str) -> None:
    assert expiries(BORN, issued) == [each for each in (first, second) if each]


def test_child_s_card_ends_at_fourteen_and_a_leap_day_s_on_the_28th() -> None:
    assert expiries(date(2020, 2, 29), date(2024, 8, 1)) == ["340228", "450228"]
