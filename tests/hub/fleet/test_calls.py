"""A citizen's call: an alert at once, once, taken up by a person of whom the kiosk hears, over when it is withdrawn."""

from datetime import timedelta

import pytest
from fleet_doubles import FleetKiosk
from hub_doubles import bodies
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import FactEnvelope, HelpOverFact, HelpRequest, HelpStands, HelpTaken, RequestEnvelope, encode
from hub.fleet import alerts, upkeep
from hub.fleet.rules import HELP
from hub.rooms import Hub
from hub.store.tables import AlertRow, Officer


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    kiosk = FleetKiosk(hub, clock)
    kiosk.connect()
    kiosk.tell()
    return kiosk


def call(kiosk: FleetKiosk, scene: str = "pay", message: str = "") -> bytes:
    now = kiosk.clock.now()
    return encode(RequestEnvelope(v=1, id=message or new_ulid(now), at=now, body=HelpRequest(scene=scene)))


def end(kiosk: FleetKiosk, request: str) -> None:
    now = kiosk.clock.now()
    body = HelpOverFact(request=request)
    kiosk.publish("fact/help-over", encode(FactEnvelope(v=1, id=new_ulid(now), at=now, body=body)))


def rows(hub: Hub) -> list[AlertRow]:
    with hub.database.reading() as session:
        return list(session.scalars(select(AlertRow).where(AlertRow.rule == HELP).order_by(AlertRow.id)))


@pytest.mark.both_databases
def test_a_call_is_one_alert_with_place_and_scene_however_often_it_comes(hub: Hub, kiosk: FleetKiosk) -> None:
    asked = call(kiosk)
    for _ in range(3):
        assert bodies(kiosk.publish("request/help", asked)) == [HelpStands()]
        kiosk.clock.advance(30)
        kiosk.tell()
        upkeep.judge(hub)
    (row,) = rows(hub)
    assert row.raised_at and not row.cleared_at
    assert row.detail == "Mẫu; the screen shows pay"


def test_who_takes_it_up_is_told_to_the_kiosk_by_role_and_never_by_name(hub: Hub, kiosk: FleetKiosk) -> None:
    asked = call(kiosk)
    kiosk.publish("request/help", asked)
    (row,) = rows(hub)
    taken = alerts.acknowledge(hub, "may", row.id, "Tôi đi xuống")
    with hub.database.reading() as session:
        officer = session.get_one(Officer, "may")
    (answer,) = kiosk.publish("request/help", asked)
    assert taken.acknowledged_at
    assert bodies([answer]) == [HelpTaken(role=officer.role, at=taken.acknowledged_at)]
    assert officer.name.encode() not in answer.payload and b"may" not in answer.payload


@pytest.mark.both_databases
def test_a_withdrawn_call_is_over_and_a_late_copy_of_it_wakes_nobody(hub: Hub, kiosk: FleetKiosk) -> None:
    now = kiosk.clock.now()
    message = new_ulid(now)
    asked = call(kiosk, message=message)
    kiosk.publish("request/help", asked)
    end(kiosk, message)
    kiosk.publish("request/help", asked)
    (row,) = rows(hub)
    assert row.cleared_at
    with hub.database.reading() as session:
        assert list(alerts.raised(session)) == []


def test_a_new_call_ends_one_that_the_kiosk_has_forgotten_and_nobody_ends_another_kiosks(
    hub: Hub, kiosk: FleetKiosk
) -> None:
    kiosk.publish("request/help", call(kiosk))
    kiosk.clock.advance(60)
    kiosk.publish("request/help", call(kiosk, "officer"))
    first, second = rows(hub)
    assert first.cleared_at and not second.cleared_at
    with hub.database.writing() as session:
        alerts.end_call(session, "kiosk-77", second.cause, kiosk.clock.now())
    assert rows(hub)[1].cleared_at is None


def test_a_call_of_a_kiosk_that_never_comes_back_is_over_after_twelve_hours(hub: Hub, kiosk: FleetKiosk) -> None:
    kiosk.publish("request/help", call(kiosk))
    kiosk.clock.advance(timedelta(hours=11).total_seconds())
    upkeep.sweep(hub)
    assert rows(hub)[0].cleared_at is None
    kiosk.clock.advance(timedelta(hours=2).total_seconds())
    upkeep.sweep(hub)
    assert rows(hub)[0].cleared_at
