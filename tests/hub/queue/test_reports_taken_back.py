"""A report whose answer was lost: its holder was told to draw a number, so nobody stands behind the place."""

import pytest
from hub_doubles import KIOSK, PREPARING_KIOSK, bodies
from queue_doubles import CERTIFY, Giver, called, with_line
from test_bookings import HALF_PAST_NINE
from test_line import tickets

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import Ack, CheckInOverFact, CheckInRequest, FactEnvelope, Queued, Rejected
from hub.config import HubConfig
from hub.queue import bookings, counter
from hub.rooms import Hub
from hub.store.tables import TicketState


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    return with_line(config)


@pytest.fixture
def giver(hub: Hub) -> Giver:
    return Giver(hub, KIOSK, 1)


@pytest.fixture
def code(hub: Hub) -> str:
    return bookings.book(hub, bookings.new_code(hub), CERTIFY, HALF_PAST_NINE).code


def taken_back(giver: Giver, report: str) -> None:
    """Let the kiosk say that a report was not answered in time; twice, as a link does that heard no acknowledgement."""
    fact = new_ulid(giver.double.hub.clock.now())
    body = CheckInOverFact(request=report)
    payload = messages.encode(FactEnvelope(v=1, id=fact, at=giver.double.hub.clock.now(), body=body))
    for _ in range(2):
        (said,) = giver.double.intake.handle(topics.up(giver.double.id, "fact", "check-in-over"), payload)
        assert messages.decode(Ack, said.payload).ids == (fact,)


@pytest.mark.both_databases
def test_a_place_that_nobody_was_told_of_is_gone_and_the_booking_can_be_used_again(
    hub: Hub, giver: Giver, code: str, clock: SimulatedClock
) -> None:
    lost = giver.report(code)
    assert isinstance(lost, Queued)
    taken_back(giver, lost.ticket)
    assert (called(hub), tickets(hub)) == ("", [])
    clock.advance(60)
    again = giver.report(code)
    assert isinstance(again, Queued)
    assert (again.ticket != lost.ticket, again.slot_at, called(hub)) == (True, HALF_PAST_NINE, again.number)


def test_a_report_that_comes_after_it_was_taken_back_gives_no_place(hub: Hub, giver: Giver, code: str) -> None:
    body = CheckInRequest(code=code, at=hub.clock.now())
    report, payload = giver.envelope(body)
    taken_back(giver, report)
    (said,) = bodies(giver.double.ask(payload, "check-in"))
    assert isinstance(said, Rejected)
    assert (said.code, tickets(hub)) == ("BOOKING_OVER", [])


def test_who_has_reported_again_before_the_first_report_was_taken_back_keeps_the_place(
    hub: Hub, giver: Giver, code: str
) -> None:
    lost, held = giver.report(code), Giver(hub, PREPARING_KIOSK, 2).report(code)
    assert isinstance(lost, Queued) and isinstance(held, Queued)
    assert lost.ticket == held.ticket
    taken_back(giver, lost.ticket)
    assert called(hub) == held.number


def test_another_kiosk_takes_nothing_back(hub: Hub, giver: Giver, code: str) -> None:
    told = giver.report(code)
    assert isinstance(told, Queued)
    taken_back(Giver(hub, PREPARING_KIOSK, 2), told.ticket)
    assert called(hub) == told.number


def test_who_was_passed_over_and_whose_return_was_not_answered_is_passed_over_still(hub: Hub, giver: Giver) -> None:
    ticket = giver.give().ticket
    called(hub)
    counter.recall(hub, "1", ticket)
    counter.skip(hub, "1", ticket)
    report, payload = giver.envelope(CheckInRequest(code=ticket[-8:], at=hub.clock.now()))
    giver.double.ask(payload, "check-in")
    assert [each.state for each in tickets(hub)] == [TicketState.WAITING]
    taken_back(giver, report)
    assert [each.state for each in tickets(hub)] == [TicketState.SKIPPED]
    assert isinstance(giver.report(ticket[-8:]), Queued)
    assert called(hub) == "C1-001"


def test_a_place_that_is_called_already_stays_for_whoever_hears_it(hub: Hub, giver: Giver, code: str) -> None:
    told = giver.report(code)
    assert isinstance(told, Queued)
    called(hub)
    taken_back(giver, told.ticket)
    there = counter.look(hub, "1").ticket
    assert there is not None and there.id == told.ticket
