"""The short form of `make prove-day`, and that it can fail."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contract.clock import VIETNAM
from hub.store.tables import QueueTicket, TicketState
from tests.prove import day, day_judge
from tests.prove.day_judge import PromiseBroken


@pytest.fixture(scope="module")
def lived() -> Iterator[day.Day]:
    yield day.lived(people=16, kills=2, seed=3)


def test_a_short_day_keeps_its_promises_while_hub_network_and_kiosks_die(lived: day.Day) -> None:
    figures = day.judge(lived)
    assert len(lived.kills) == 2 and lived.restarts == 2
    assert len(lived.given) > 10
    assert any("0 beyond the rule" in line for line in figures)


def test_a_number_that_the_hub_does_not_know_or_that_is_printed_twice_breaks_the_day(lived: day.Day) -> None:
    with pytest.raises(PromiseBroken, match="lost at the hub"):
        day_judge.nothing_lost(lived.given, [row for row in lived.rows if row.id != lived.given[0].ticket], 0)
    twice = [replace(each, slips=2) for each in lived.given]
    with pytest.raises(PromiseBroken, match="slips"):
        day_judge.nothing_lost(twice, lived.rows, lived.refused)


NINE = datetime(2026, 11, 23, 9, 0, tzinfo=VIETNAM)


def row(number: str, came: float, called: float, **more: object) -> QueueTicket:
    values = {
        "number": number, "printed": number, "id": number, "priority": "NONE", "state": TicketState.DONE,
        "came_at": NINE + timedelta(minutes=came), "received_at": NINE + timedelta(minutes=came), "slot_at": None,
        "first_called_at": NINE + timedelta(minutes=called),
    }  # fmt: skip
    return QueueTicket(**(values | more))


def test_the_judge_counts_who_waited_longer_than_the_end_of_what_they_were_told() -> None:
    told = [row(f"{number}", 0, waited, told_to_s=600) for number, waited in enumerate((2, 14.9, 15.1, 40))]
    assert day_judge.late_share([*told, row("untold", 0, 90, told_to_s=None)]) == 0.5


def test_the_judge_counts_the_ranges_that_held_as_they_are_told() -> None:
    told = [
        row(f"{number}", 0, waited, told_from_s=350, told_to_s=550) for number, waited in enumerate((4, 6, 9.9, 11))
    ]
    assert day_judge.kept_share([*told, row("untold", 0, 90, told_from_s=None, told_to_s=None)]) == 0.5


@pytest.mark.parametrize(("rows", "is_wrong"), [
    ([row("a", 0, 10), row("b", 1, 9)], True),
    ([row("a", 0, 10), row("b", 1, 9, priority="ELDERLY")], False),
    ([row("a", 0, 30), row("b", 21, 29, priority="ELDERLY")], True),
    ([row("a", 0, 10), row("b", 1, 9, slot_at=NINE + timedelta(minutes=5))], False),
    ([row("a", 0, 10), row("b", 1, 9, slot_at=NINE + timedelta(minutes=30))], True),
    ([row("a", 0, 9), row("b", 1, 10, slot_at=NINE + timedelta(minutes=5))], True),
    ([row("a", 0, 10, received_at=NINE + timedelta(minutes=9.5)), row("b", 1, 9)], False),
])  # fmt: skip
def test_the_judge_knows_an_overtaking_beyond_the_rule(rows: list[QueueTicket], is_wrong: bool) -> None:
    assert bool(day_judge.overtakings(rows)[2]) is is_wrong
