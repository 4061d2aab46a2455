"""Booked places: never more than there are, used once, and merged with those who come without."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hub_doubles import KIOSK
from queue_doubles import CERTIFY, LINE, Giver, called, with_line

from contract.clock import VIETNAM, SimulatedClock
from contract.messages import Queued, Rejected
from hub.config import HubConfig
from hub.faults import BookingOver, SlotFull, UnknownThing
from hub.queue import bookings, counter
from hub.rooms import Hub

HALF_PAST_NINE = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
TEN = HALF_PAST_NINE + timedelta(minutes=30)


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    return with_line(config)


@pytest.fixture
def kiosk_giver(hub: Hub) -> Giver:
    return Giver(hub, KIOSK, 1)


def booked(hub: Hub, at: datetime = HALF_PAST_NINE) -> str:
    return bookings.book(hub, bookings.new_code(hub), CERTIFY, at).code


def test_a_slot_with_fewer_places_than_are_booked_has_none_free(hub: Hub) -> None:
    for _ in range(CERTIFY.places):
        booked(hub)
    fewer = bookings.days(hub, msgspec.structs.replace(CERTIFY, places=1))
    assert [slot.free for slots in fewer.values() for slot in slots if slot.at == HALF_PAST_NINE] == [0]


@pytest.mark.both_databases
def test_a_slot_has_its_places_and_no_more_until_one_is_given_back_or_moved(hub: Hub) -> None:
    codes = [booked(hub) for _ in range(CERTIFY.places)]
    with pytest.raises(SlotFull):
        booked(hub)
    bookings.cancel(hub, codes[0])
    moved = bookings.move(hub, codes[1], TEN)
    assert moved.slot_at == TEN
    assert [booked(hub), booked(hub)]
    with pytest.raises(SlotFull):
        bookings.move(hub, codes[1], HALF_PAST_NINE)
    assert bookings.find(hub, codes[1]).slot_at == TEN
    with pytest.raises(BookingOver):
        bookings.move(hub, codes[0], TEN)


def test_the_same_form_sent_twice_is_one_booking(hub: Hub) -> None:
    code = bookings.new_code(hub)
    first, again = (bookings.book(hub, code, CERTIFY, TEN) for _ in range(2))
    assert first.made_at == again.made_at
    with pytest.raises(BookingOver):
        bookings.book(hub, code, CERTIFY, HALF_PAST_NINE)
    free = {slot.at: slot.free for slots in bookings.days(hub, CERTIFY).values() for slot in slots}
    assert (free[TEN], free[HALF_PAST_NINE]) == (CERTIFY.places - 1, CERTIFY.places)


def test_today_and_six_days_ahead_can_be_booked_on_working_days_and_what_has_begun_can_not(hub: Hub) -> None:
    days = bookings.days(hub, CERTIFY)
    assert [f"{day:%d/%m}" for day in days] == ["23/11", "24/11", "25/11", "26/11", "27/11"]  # no Saturday, no Sunday
    assert [len(slots) for slots in days.values()] == [4 + 7, 15, 15, 15, 15]
    for wrong in (
        HALF_PAST_NINE - timedelta(minutes=30),  # begins now
        HALF_PAST_NINE + timedelta(days=5),  # Saturday
        HALF_PAST_NINE + timedelta(days=7),
        HALF_PAST_NINE + timedelta(minutes=7),
        datetime(2026, 11, 23, 5, 0, tzinfo=UTC),  # noon
    ):
        with pytest.raises(SlotFull):
            booked(hub, wrong)


@pytest.mark.parametrize(("now", "first", "last"), [
    ("2026-11-23T16:29:59", "23/11 16:30", "27/11 16:30"),
    ("2026-11-23T16:30:00", "24/11 07:30", "27/11 16:30"),  # what begins now has begun
    ("2026-11-23T23:59:59", "24/11 07:30", "27/11 16:30"),
    ("2026-11-24T00:00:00", "24/11 07:30", "30/11 16:30"),  # Vietnam's midnight, not that of UTC, brings the next day
    ("2026-12-26T10:00:00", "28/12 07:30", "31/12 16:30"),  # 01-01 is closed
    ("2026-08-29T10:00:00", "03/09 07:30", "04/09 16:30"),  # National Day with its bridge
])  # fmt: skip
def test_the_days_to_book_begin_and_end_where_they_should(
    hub: Hub, clock: SimulatedClock, now: str, first: str, last: str
) -> None:
    moved = replace(hub, clock=SimulatedClock(datetime.fromisoformat(now).replace(tzinfo=VIETNAM)))
    slots = [slot.at for slots in bookings.days(moved, CERTIFY).values() for slot in slots]
    assert [f"{each.astimezone(VIETNAM):%d/%m %H:%M}" for each in (slots[0], slots[-1])] == [first, last]
    for at in (slots[0], slots[-1]):
        assert booked(moved, at)
    for at in (slots[0] - timedelta(minutes=30), slots[-1] + timedelta(minutes=30), slots[-1] + timedelta(days=7)):
        with pytest.raises(SlotFull):
            booked(moved, at)


def test_over_tet_there_is_no_day_to_book(hub: Hub) -> None:
    tet = replace(hub, clock=SimulatedClock(datetime(2026, 2, 14, 10, 0, tzinfo=VIETNAM)))
    assert bookings.days(tet, CERTIFY) == {}


def test_a_place_that_nobody_came_for_holds_up_nobody_and_can_be_moved(
    hub: Hub, kiosk_giver: Giver, clock: SimulatedClock
) -> None:
    code = booked(hub)
    clock.advance(30 * 60)
    kiosk_giver.give()
    assert called(hub) == "C1-001"
    clock.advance(60 * 60)
    afternoon = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    assert bookings.move(hub, code, afternoon).slot_at == afternoon


def test_who_booked_and_reports_in_time_is_called_before_the_line_in_the_slot(
    hub: Hub, kiosk_giver: Giver, clock: SimulatedClock
) -> None:
    code = booked(hub)
    for _ in range(3):
        kiosk_giver.give()
    clock.advance(10 * 60)
    told = kiosk_giver.report(code)
    assert isinstance(told, Queued)
    assert (told.number, told.slot_at) == ("C0-001", HALF_PAST_NINE)
    assert called(hub) == "C1-001"
    clock.advance(20 * 60)
    assert [called(hub), called(hub)] == ["C0-001", "C1-002"]


def test_who_reports_after_the_slot_stands_in_the_line_as_if_come_just_then(
    hub: Hub, kiosk_giver: Giver, clock: SimulatedClock
) -> None:
    code = booked(hub)
    clock.advance(61 * 60)
    kiosk_giver.give()
    clock.advance(60)
    told = kiosk_giver.report(code)
    assert isinstance(told, Queued)
    assert told.slot_at is None
    kiosk_giver.give()
    assert [called(hub), called(hub)] == ["C1-001", "C0-001"]


def test_reporting_twice_is_one_number_and_a_served_one_does_not_come_again(hub: Hub, kiosk_giver: Giver) -> None:
    code = booked(hub)
    first, again = kiosk_giver.report(code), kiosk_giver.report(code)
    assert isinstance(first, Queued)
    assert isinstance(again, Queued)
    assert first.ticket == again.ticket
    called(hub)
    counter.finish(hub, "1", first.ticket)
    refused = kiosk_giver.report(code)
    assert isinstance(refused, Rejected)
    assert refused.code == "BOOKING_OVER"
    with pytest.raises(BookingOver):
        bookings.cancel(hub, code)


def test_a_cancelled_booking_and_one_for_another_day_give_no_number(hub: Hub, kiosk_giver: Giver) -> None:
    cancelled, tomorrow = booked(hub), booked(hub, TEN + timedelta(days=1))
    bookings.cancel(hub, cancelled)
    for code in (cancelled, tomorrow):
        said = kiosk_giver.report(code)
        assert isinstance(said, Rejected)
        assert said.code == "BOOKING_OVER"
    with pytest.raises(UnknownThing):
        bookings.find(hub, "00000000")


def test_a_service_without_places_can_not_be_booked(hub: Hub) -> None:
    with pytest.raises(UnknownThing):
        bookings.service(hub, "HT")
    assert LINE.service("HT") is not None
