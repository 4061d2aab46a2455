"""At the counter: each act does one thing once, whoever presses twice or looks at an old page."""

import pytest
from hub_doubles import KIOSK
from queue_doubles import Giver, called, with_line

from contract.clock import SimulatedClock
from contract.messages import Queued, Rejected
from hub.config import HubConfig
from hub.faults import CalledTooSeldom, NotAtCounter, NotSkipped, UnknownThing
from hub.queue import counter
from hub.rooms import Hub
from hub.store.tables import QueueTicket, TicketState


@pytest.fixture
def config(config: HubConfig) -> HubConfig:
    return with_line(config)


@pytest.fixture
def kiosk_giver(hub: Hub) -> Giver:
    return Giver(hub, KIOSK, 1)


def there(hub: Hub, desk: str = "1") -> QueueTicket:
    ticket = counter.look(hub, desk).ticket
    assert ticket is not None
    return ticket


def state_of(hub: Hub, ticket: str) -> str:
    with hub.database.reading() as session:
        return session.get_one(QueueTicket, ticket).state


def test_next_pressed_twice_calls_one_person(hub: Hub, kiosk_giver: Giver) -> None:
    for _ in range(3):
        kiosk_giver.give()
    first, again = counter.call_next(hub, "1", ""), counter.call_next(hub, "1", "")
    assert first and again
    assert first.id == again.id
    after, late = counter.call_next(hub, "1", first.id), counter.call_next(hub, "1", first.id)
    assert after and late
    assert (after.number, late.number) == ("C1-002", "C1-002")
    assert state_of(hub, first.id) == TicketState.DONE


def test_two_counters_never_call_one_person(hub: Hub, kiosk_giver: Giver) -> None:
    for _ in range(2):
        kiosk_giver.give()
    assert {called(hub, "1"), called(hub, "2")} == {"C1-001", "C1-002"}


def test_nobody_is_passed_over_after_one_call_and_who_comes_back_stands_where_they_stood_once(
    hub: Hub, kiosk_giver: Giver, clock: SimulatedClock
) -> None:
    late = kiosk_giver.give()
    clock.advance(60)
    kiosk_giver.give()
    called(hub)
    with pytest.raises(CalledTooSeldom):
        counter.skip(hub, "1", late.ticket)
    counter.recall(hub, "1", late.ticket)
    counter.skip(hub, "1", late.ticket)
    assert called(hub) == "C1-002"
    clock.advance(60)
    kiosk_giver.give()
    counter.bring_back(hub, late.ticket)
    with pytest.raises(NotSkipped):
        counter.bring_back(hub, late.ticket)
    assert called(hub) == "C1-001"
    counter.recall(hub, "1", late.ticket)
    assert counter.skip(hub, "1", late.ticket).state == TicketState.NO_SHOW
    with pytest.raises(NotSkipped):
        counter.bring_back(hub, late.ticket)


def test_who_was_passed_over_reports_at_the_kiosk_with_the_tickets_code(hub: Hub, kiosk_giver: Giver) -> None:
    late = kiosk_giver.give()
    called(hub)
    counter.recall(hub, "1", late.ticket)
    counter.skip(hub, "1", late.ticket)
    back = kiosk_giver.report(late.ticket[-8:])
    assert isinstance(back, Queued)
    assert (back.ticket, back.number, state_of(hub, late.ticket)) == (late.ticket, "C1-001", TicketState.WAITING)
    unknown = kiosk_giver.report("00000000")
    assert isinstance(unknown, Rejected)
    assert unknown.code == "UNKNOWN"


def test_an_act_on_somebody_else_than_who_is_there_changes_nothing(hub: Hub, kiosk_giver: Giver) -> None:
    first, second = kiosk_giver.give(), kiosk_giver.give()
    called(hub)
    for act in (counter.recall, counter.skip, counter.finish):
        with pytest.raises(NotAtCounter):
            act(hub, "1", second.ticket)
        with pytest.raises(NotAtCounter):
            act(hub, "2", first.ticket)
    assert (there(hub).calls, state_of(hub, second.ticket)) == (1, TicketState.WAITING)


def test_who_is_sent_to_another_service_stands_there_by_the_first_arrival(
    hub: Hub, kiosk_giver: Giver, clock: SimulatedClock
) -> None:
    sent = kiosk_giver.give()
    called(hub)
    clock.advance(60)
    kiosk_giver.give(service="HT")
    counter.transfer(hub, "1", sent.ticket, "HT")
    with pytest.raises(UnknownThing):
        counter.transfer(hub, "1", sent.ticket, "??")
    assert called(hub, "1") == ""
    assert called(hub, "2") == "C1-001"


def test_a_counter_that_is_not_in_the_configuration_calls_nobody(hub: Hub, kiosk_giver: Giver) -> None:
    kiosk_giver.give()
    with pytest.raises(UnknownThing):
        counter.call_next(hub, "9", "")
