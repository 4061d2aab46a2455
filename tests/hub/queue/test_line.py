"""Numbers at the hub: taken in once, merged by the time of issue, never doubled, and told where they stand."""

import pytest
from hub_doubles import KIOSK, PREPARING_KIOSK, bodies, opened
from queue_doubles import CERTIFY, Giver, called, minutes, with_line
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.messages import Priority, Queued, Rejected
from hub.config import HubConfig
from hub.queue import bookings, counter
from hub.queue.coming import KEPT
from hub.queue.settings import QueueConfig
from hub.rooms import Hub
from hub.store.tables import QueueTicket


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    return with_line(config)


@pytest.fixture
def first(hub: Hub) -> Giver:
    return Giver(hub, KIOSK, 1)


@pytest.fixture
def second(hub: Hub) -> Giver:
    return Giver(hub, PREPARING_KIOSK, 2)


def tickets(hub: Hub) -> list[QueueTicket]:
    with hub.database.reading() as session:
        return list(session.scalars(select(QueueTicket).order_by(QueueTicket.id)))


@pytest.mark.both_databases
def test_the_same_message_again_is_one_ticket_with_the_same_answer(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    ticket, payload = first.message()
    said = bodies(first.double.ask(payload, "ticket"))
    clock.advance(600)
    assert bodies(first.double.ask(payload, "ticket")) == said
    assert [each.id for each in tickets(hub)] == [ticket]


def test_an_id_with_other_bytes_or_of_another_kiosk_is_refused(hub: Hub, first: Giver, second: Giver) -> None:
    _, payload = first.message()
    first.double.ask(payload, "ticket")
    other = payload.replace(b'"C1-001"', b'"C1-009"')
    assert other != payload
    for giver, sent in ((first, other), (second, payload)):
        (said,) = bodies(giver.double.ask(sent, "ticket"))
        assert isinstance(said, Rejected)
        assert (said.code, said.final) == ("REPLAYED_ID", True)
    assert len(tickets(hub)) == 1


def test_numbers_of_a_kiosk_that_was_offline_stand_where_they_were_given(
    hub: Hub, first: Giver, second: Giver, clock: SimulatedClock
) -> None:
    held_back = [second.message()[1]]
    clock.advance(60)
    first.give()
    clock.advance(600)
    second.double.ask(held_back.pop(), "ticket")
    assert [called(hub), called(hub)] == ["C2-001", "C1-001"]


def test_a_clock_that_is_ahead_makes_nobody_come_later_than_the_hub_heard(
    hub: Hub, first: Giver, second: Giver, clock: SimulatedClock
) -> None:
    first.give(came_at=clock.now() + minutes(300))
    clock.advance(60)
    second.give()
    assert called(hub) == "C1-001"


def test_two_kiosks_with_one_series_call_two_numbers_and_the_page_knows_what_was_printed(
    hub: Hub, first: Giver, second: Giver
) -> None:
    first.give(number="C1-001")
    said = second.give(number="C1-001")
    assert said.number == "C0-001"
    assert sorted((each.number, each.printed) for each in tickets(hub)) == [("C0-001", "C1-001"), ("C1-001", "C1-001")]


def test_how_many_stand_before_and_how_long_it_takes_follow_the_rule(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    """Two counters of six minutes: the third waits six minutes, and a priority person is told the place it has."""
    told = [first.give() for _ in range(4)]
    assert [(each.before, each.wait_s) for each in told] == [(0, 0), (1, 0), (2, 360), (3, 360)]
    assert (elderly := first.give(priority=Priority.ELDERLY)).before == 0
    assert elderly.wait_s == 0


def test_an_estimate_passes_over_the_break_and_says_nothing_where_the_day_is_over(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    clock.advance((2 * 60 + 29) * 60)  # 11:29
    told = [first.give().wait_s for _ in range(3)]
    assert told == [0, 0, (2 * 60 + 1) * 60]
    clock.advance(5.5 * 3600)  # 16:59
    assert first.give().wait_s is None


def test_no_time_is_told_where_nobody_can_know_on_which_side_of_the_break_it_lies(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    """At 10:30 two counters of six minutes: who is called at 11:12 may come after 11:30 too, if cases are longer."""
    clock.advance(90 * 60)
    told = [first.give().wait_s for _ in range(24)]
    in_minutes = [None if each is None else each // 60 for each in told]
    told_to = in_minutes.index(None)
    assert in_minutes[told_to - 2 : told_to] == [36, 36] and set(in_minutes[told_to:]) == {None}


def test_a_wait_is_told_as_a_range_that_says_how_little_is_known(hub: Hub, first: Giver, clock: SimulatedClock) -> None:
    """Ten wait for two counters of six minutes; after twenty-four cases that were all alike the range is narrow."""
    told = [first.give() for _ in range(10)][-1]
    assert (told.wait_from_s, told.wait_s, told.wait_to_s) == (945, 24 * 60, 1935)
    for _ in range(12):
        called(hub, "1"), called(hub, "2")
        first.give(), first.give()
        clock.advance(6 * 60)
    told = first.give()
    assert told.wait_s is not None and told.wait_from_s is not None and told.wait_to_s is not None
    assert told.wait_to_s - told.wait_from_s < 5 * 60


def test_an_answer_that_is_sent_again_tells_the_same_range(hub: Hub, first: Giver, clock: SimulatedClock) -> None:
    first.give(), first.give()
    _, payload = first.message()
    (told,) = bodies(first.double.ask(payload, "ticket"))
    clock.advance(240)
    assert bodies(first.double.ask(payload, "ticket")) == [told]
    assert isinstance(told, Queued) and told.wait_to_s is not None


def test_a_case_that_was_left_open_over_the_break_is_not_taken_for_a_long_one(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    """Ten cases of two minutes, the last of them ended on the officer's screen after the break."""
    clock.advance((2 * 60 + 10) * 60)  # 11:10
    for _ in range(10):
        first.give()
        there = called(hub, "1")
        clock.advance(2 * 60)
    assert there == "C1-010"  # 11:30
    clock.advance(2 * 3600)
    first.give(), first.give()
    called(hub, "1"), called(hub, "2")
    assert first.give().wait_s == 2 * 60


def test_who_has_booked_and_not_come_yet_is_reckoned_with_until_the_slot_is_over(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    """Twelve wait for two counters at 9:00; two more have booked for 9:30, a third has cancelled."""
    codes = [bookings.book(hub, bookings.new_code(hub), CERTIFY, clock.now() + minutes(30)).code for _ in range(3)]
    bookings.cancel(hub, codes[0])
    for _ in range(12):
        first.give()
    assert first.give().wait_s == 36 * 60 + round(KEPT * 6 * 60)
    clock.advance(60 * 60)
    assert first.give().wait_s == 36 * 60


def test_a_counter_that_calls_nobody_any_more_is_not_reckoned_with(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    first.give(), first.give()
    called(hub, "1"), called(hub, "2")
    there = counter.look(hub, "2").ticket
    assert there
    clock.advance(6 * 60)
    counter.finish(hub, "2", there.id)
    clock.advance(31 * 60)
    now = counter.look(hub, "1").ticket
    assert now
    counter.recall(hub, "1", now.id)
    assert [first.give().wait_s for _ in range(2)] == [360, 720]


def test_a_service_that_the_hub_does_not_know_is_called_by_every_counter(hub: Hub, first: Giver) -> None:
    first.give(service="XX")
    assert [called(hub, "1"), called(hub, "2")] == ["X1-001", ""]


def test_numbers_begin_again_on_the_next_day_and_nobody_of_the_day_before_is_called(
    hub: Hub, first: Giver, clock: SimulatedClock
) -> None:
    first.give(number="C1-001")
    clock.advance(24 * 3600)
    assert first.give(number="C1-001").number == "C1-001"
    assert [called(hub), called(hub)] == ["C1-001", ""]


def test_the_line_is_the_same_after_the_hub_has_died(
    hub: Hub, first: Giver, clock: SimulatedClock, config: HubConfig
) -> None:
    for _ in range(3):
        first.give()
    called(hub)
    again = opened(config, clock)
    try:
        there = counter.look(again, "1")
        assert there.ticket
        assert (there.ticket.number, [each.number for each in there.waiting]) == ("C1-001", ["C1-002", "C1-003"])
    finally:
        again.database.close()


def test_a_hub_without_a_line_says_so(config: HubConfig, clock: SimulatedClock) -> None:
    hub = opened(with_line(config, QueueConfig()), clock)
    try:
        _, payload = Giver(hub, KIOSK, 1).message()
        (said,) = bodies(Giver(hub, KIOSK, 1).double.ask(payload, "ticket"))
        assert isinstance(said, Rejected)
        assert said.code == "NO_LINE"
    finally:
        hub.database.close()
