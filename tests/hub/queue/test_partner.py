"""iHanoi books, cancels and lists for its people: each call signed, and one that is repeated has one effect."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, KeysDouble
from queue_doubles import CERTIFY, Giver, with_line
from sqlalchemy import func, select

from contract.clock import SimulatedClock
from contract.messages import Queued
from hub import signed_word
from hub.adapters.settings import AdaptersConfig, IhanoiConfig
from hub.config import HubConfig
from hub.console.app import create_app
from hub.queue import bookings
from hub.register import retention
from hub.rooms import Hub
from hub.store.tables import PartnerBooking, QueueBooking
from provisioning.onebox.ihanoi_system import IhanoiSystem

KEY = b"i" * 40
AT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
WANTED = {"booking": "IHN-2026-000001", "account": "acc-7f3", "service": "CT", "slot_at": AT.isoformat()}
OWN = {"booking": WANTED["booking"], "account": WANTED["account"]}


@pytest.fixture
def config(config: HubConfig, tmp_path: Path) -> HubConfig:
    key = tmp_path / "inbound.key"
    key.write_bytes(KEY)
    ihanoi = IhanoiConfig(url="http://localhost:9", secret_file=key, inbound_key=key)
    return msgspec.structs.replace(with_line(config), adapters=AdaptersConfig(ihanoi=ihanoi))


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, lambda: b"", KeysDouble())) as web:  # type: ignore[arg-type]
        yield web


@pytest.fixture
def ihanoi(clock: SimulatedClock) -> IhanoiSystem:
    return IhanoiSystem("t", KEY, clock=clock)


def code_of(answer: httpx.Response) -> Any:
    return answer.status_code, answer.json().get("code")


@pytest.mark.both_databases
def test_a_place_is_booked_once_whatever_is_sent_twice_and_its_holder_reports_at_the_kiosk(
    hub: Hub, web: TestClient, ihanoi: IhanoiSystem
) -> None:
    ihanoi.says_everything_twice = True
    booked = ihanoi.call(web, "/bookings", **WANTED).json()
    assert (booked["booking"], booked["standing"]) == (WANTED["booking"], "BOOKED")
    assert datetime.fromisoformat(booked["slot_at"]) == AT
    with hub.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QueueBooking)) == 1
    said = Giver(hub, KIOSK, 1).report(booked["code"])
    assert isinstance(said, Queued)
    listed = ihanoi.call(web, "/bookings/list", account="acc-7f3").json()["bookings"]
    assert [(each["code"], each["standing"]) for each in listed] == [(booked["code"], "CHECKED_IN")]
    assert code_of(ihanoi.call(web, "/bookings/cancel", **OWN)) == (409, "BOOKING_OVER")


def test_a_place_that_is_given_back_is_free_again_and_given_back_once(
    hub: Hub, web: TestClient, ihanoi: IhanoiSystem
) -> None:
    def free() -> int:
        (service,) = ihanoi.call(web, "/slots").json()["services"]
        slots = service["days"]["2026-11-23"]
        return sum(each["free"] for each in slots if datetime.fromisoformat(each["at"]) == AT)

    ihanoi.call(web, "/bookings", **WANTED)
    assert free() == CERTIFY.places - 1
    ihanoi.says_everything_twice = True
    assert ihanoi.call(web, "/bookings/cancel", **OWN).json()["standing"] == "CANCELLED"
    assert free() == CERTIFY.places


def test_an_id_stands_for_one_booking_of_one_account(web: TestClient, ihanoi: IhanoiSystem) -> None:
    ihanoi.call(web, "/bookings", **WANTED)
    later = (AT + timedelta(minutes=30)).isoformat()
    for changed in ({"slot_at": later}, {"account": "acc-other"}):
        assert code_of(ihanoi.call(web, "/bookings", **(WANTED | changed))) == (409, "PARTNER_CONTRADICTION")
    assert code_of(ihanoi.call(web, "/bookings/cancel", **(OWN | {"account": "acc-other"}))) == (
        409, "PARTNER_CONTRADICTION",
    )  # fmt: skip
    assert ihanoi.call(web, "/bookings/list", account="acc-other").json() == {"bookings": []}


def test_a_full_slot_an_unknown_service_and_half_a_call_are_told_apart(
    hub: Hub, web: TestClient, ihanoi: IhanoiSystem, clock: SimulatedClock
) -> None:
    for number in range(CERTIFY.places):
        ihanoi.call(web, "/bookings", **(WANTED | {"booking": f"IHN-2026-1{number}"}))
    assert code_of(ihanoi.call(web, "/bookings", **WANTED)) == (409, "SLOT_FULL")
    assert code_of(ihanoi.call(web, "/bookings", **(WANTED | {"service": "XX"}))) == (404, "UNKNOWN")
    assert code_of(ihanoi.call(web, "/bookings/cancel", **(OWN | {"booking": "IHN-none-at-all"}))) == (404, "UNKNOWN")
    assert code_of(ihanoi.call(web, "/bookings", booking=WANTED["booking"])) == (422, "PARTNER_MALFORMED")
    half = b'{"booking": "IHN-'
    answer = web.post("/ihanoi/bookings", content=half, headers=signed_word.header(KEY, clock.now(), half))
    assert code_of(answer) == (422, "PARTNER_MALFORMED")


def test_a_wrong_signature_an_old_one_and_none_are_not_taken(
    web: TestClient, ihanoi: IhanoiSystem, clock: SimulatedClock
) -> None:
    stranger = IhanoiSystem("t", b"x" * 40, clock=clock)
    late = IhanoiSystem("t", KEY, clock=SimulatedClock(clock.now() - timedelta(minutes=6)))
    for caller in (stranger, late):
        assert code_of(caller.call(web, "/bookings", **WANTED)) == (401, "PARTNER_UNSIGNED")
    assert code_of(web.post("/ihanoi/bookings", json=WANTED)) == (401, "PARTNER_UNSIGNED")
    assert ihanoi.call(web, "/bookings/list", account="acc-7f3").json() == {"bookings": []}


def test_whose_booking_it_was_is_forgotten_the_day_after(
    hub: Hub, web: TestClient, ihanoi: IhanoiSystem, clock: SimulatedClock
) -> None:
    code = ihanoi.call(web, "/bookings", **WANTED).json()["code"]
    with hub.database.reading() as session:
        assert "acc-7f3" not in str(session.get_one(PartnerBooking, WANTED["booking"]).__dict__)
    clock.advance(26 * 3600)
    retention.sweep(hub)
    with hub.database.reading() as session:
        assert session.get(PartnerBooking, WANTED["booking"]) is None
    assert bookings.find(hub, code).slot_at == AT
