"""The estimate by itself: what a case is like, how far a turn may move, who is expected before it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from hub.calendar import WorkingCalendar
from hub.queue import coming
from hub.queue.estimate import PRIOR_VARIATION, Case, Desk, Expected, Turn, case, turn_of, unsure
from hub.queue.hours import Hours
from hub.queue.order import Place
from hub.store.tables import QueueTicket

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
AT_WORK = Desk(name="1", services=frozenset({"CT"}), free_at=NINE, booked_in_a_row=0)


def turn(cases: float, variance: float = 0.0) -> Turn:
    return Turn(at=NINE, before=int(cases), cases=cases, variance=variance)


def place(name: str, minute: float = 0) -> Place:
    return Place(ticket=name, number=name, service="CT", came_at=NINE + minute * MINUTE)


def test_a_case_is_what_was_configured_until_ten_were_seen() -> None:
    assert case(6 * MINUTE, []) == Case(mean=6 * MINUTE, variation=PRIOR_VARIATION, known=10)
    assert case(6 * MINUTE, [MINUTE] * 5).mean == 3.5 * MINUTE
    seen = case(6 * MINUTE, [MINUTE, 3 * MINUTE] * 50)
    assert (seen.mean, seen.variation, seen.known) == (2 * MINUTE, 0.5, 100)


def test_cases_that_took_no_time_at_all_break_nothing() -> None:
    assert case(6 * MINUTE, [timedelta()] * 10) == Case(mean=timedelta(), variation=0.0, known=10)


def test_a_long_line_is_known_better_than_a_short_one_and_never_better_than_the_mean() -> None:
    like = Case(mean=MINUTE, variation=0.5, known=100)
    shares = [unsure(turn(cases), like) for cases in (0, 3, 35, 10_000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(1.28 * 0.5 * 1.005, abs=0.001)
    assert shares[-1] == pytest.approx(1.28 * 0.05, abs=0.001)
    assert unsure(turn(35, variance=4.0), like) > shares[2]
    assert unsure(turn(0), Case(mean=MINUTE, variation=3.0, known=10)) == 1.0


def test_who_may_come_counts_by_the_share_and_makes_the_turn_less_sure() -> None:
    maybe = Expected(place=place("maybe", -1), share=0.25)
    found = turn_of("me", [place("me")], [maybe], [AT_WORK], {"CT": 4 * MINUTE}, lambda moment: moment)
    assert found == Turn(at=NINE + MINUTE, before=0, cases=0.25, variance=0.1875)


def test_as_many_with_priority_are_expected_as_came_today_and_none_in_the_break() -> None:
    """Six in the two hours since opening: one in the twenty minutes in which somebody may still overtake."""
    hours = Hours(
        calendar=WorkingCalendar.vietnam(),
        periods=((time(7), time(11, 30)), (time(13, 30), time(17))),
        slot=timedelta(minutes=30),
    )
    rows = [QueueTicket(service="CT", priority=priority, slot_at=None) for priority in ["ELDERLY"] * 6 + ["NONE"] * 30]
    expected = coming.with_priority(rows, hours, NINE)
    assert sum(each.share for each in expected) == pytest.approx(1.0)
    assert {each.place.service for each in expected} == {"CT"}
    assert all(timedelta() < each.place.came_at - NINE < timedelta(minutes=20) for each in expected)
    assert len(coming.with_priority(rows, hours, NINE + timedelta(hours=2, minutes=20))) == 2  # 11:20
