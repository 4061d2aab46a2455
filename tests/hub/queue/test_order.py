"""The rule of the line, by itself: who may overtake whom, and that nobody waits for ever."""

import random
from datetime import UTC, datetime, timedelta

from contract.messages import Priority
from hub.queue.order import HEAD_START, MOST_BOOKED_IN_A_ROW, Place, next_of

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def place(name: str, minute: float, *, priority: Priority = Priority.NONE, slot: float | None = None) -> Place:
    slot_at = None if slot is None else NINE + timedelta(minutes=slot)
    return Place(
        ticket=name,
        number=name,
        service="CT",
        came_at=NINE + timedelta(minutes=minute),
        priority=priority,
        slot_at=slot_at,
    )


def sequence(*waiting: Place, at: float = 0, booked_in_a_row: int = 0) -> str:
    left, names = list(waiting), ""
    while called := next_of(left, NINE + timedelta(minutes=at), booked_in_a_row):
        left.remove(called)
        booked_in_a_row = booked_in_a_row + 1 if called.slot_at else 0
        names += called.ticket
    return names


def test_walk_ins_are_called_by_arrival_however_their_tickets_are_ordered() -> None:
    assert sequence(place("c", 3), place("a", 1), place("b", 2)) == "abc"
    assert sequence(place("b", 1), place("a", 1)) == "ab"


def test_a_priority_person_overtakes_only_who_came_within_the_head_start() -> None:
    late = HEAD_START.total_seconds() / 60
    elderly = place("e", late, priority=Priority.ELDERLY)
    assert sequence(place("a", -0.1), place("b", 0.1), elderly) == "aeb"


def test_who_booked_is_called_before_the_line_once_the_slot_has_begun() -> None:
    assert sequence(place("a", -60), place("s", -5, slot=0)) == "sa"
    assert sequence(place("a", -60), place("s", -5, slot=30)) == "as"


def test_who_is_early_for_the_slot_is_called_where_the_counter_would_stand_idle() -> None:
    assert sequence(place("s", -5, slot=30)) == "s"


def test_each_third_call_is_the_lines_however_many_have_booked() -> None:
    booked = [place(str(each), -5, slot=0) for each in range(6)]
    assert sequence(*booked, place("a", 0), place("b", 1)) == "01a23b45"


def test_the_latest_slot_that_has_begun_is_called_after_the_earlier_ones() -> None:
    assert sequence(place("t", -9, slot=30), place("s", -1, slot=0), at=31) == "st"


def test_nobody_is_overtaken_without_bound_in_a_flood_of_priority_and_bookings() -> None:
    """In each of 200 random floods the first ordinary person is called within the bound that the docstring gives."""
    drawn = random.Random(7)
    for _ in range(200):
        waiting = [place("x", 0)]
        for number in range(drawn.randint(1, 60)):
            kind = drawn.choice(list(Priority))
            slot = 0.0 if drawn.random() < 0.5 else None
            waiting.append(place(f"{number:02d}", drawn.uniform(0, 90), priority=kind, slot=slot))
        ahead = sequence(*waiting).split("x")[0]
        overtakers = [ahead[at : at + 2] for at in range(0, len(ahead), 2)]
        in_line = [each for each in waiting if each.slot_at is None and each.ticket in overtakers]
        assert all(each.came_at - NINE <= HEAD_START for each in in_line)
        assert len(overtakers) <= (len(in_line) + 1) * (MOST_BOOKED_IN_A_ROW + 1) - 1
