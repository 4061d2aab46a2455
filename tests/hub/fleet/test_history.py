"""What is kept of a kiosk's vitals and changes: bounded, by the hub's clock, the same however often it is swept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fleet_doubles import FleetKiosk
from hub_doubles import KIOSK
from sqlalchemy import func, select

from contract.clock import SimulatedClock
from contract.messages import Service
from hub.fleet import events, history, timeline, upkeep
from hub.fleet.history import Point, Span
from hub.rooms import Hub
from hub.store.tables import KioskEvent, VitalsKept

pytestmark = pytest.mark.both_databases


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    return FleetKiosk(hub, clock)


def points(hub: Hub, span: Span, vital: str) -> list[Point]:
    with hub.database.reading() as session:
        return history.series(session, KIOSK, span, hub.clock.now() - timedelta(days=400)).get(vital, [])


def kinds(hub: Hub) -> list[str]:
    with hub.database.reading() as session:
        return [f"{each.kind} {each.subject}".strip() for each in reversed(events.newest(session, KIOSK, 100))]


def test_newest_of_a_minute_is_kept_and_the_clock_is_measured_on_arrival(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    kiosk.tell(temperature_c=50)
    clock.advance(20)
    kiosk.tell(temperature_c=51, drift_s=-15)
    clock.advance(60)
    kiosk.tell(temperature_c=52)
    assert [each.value for each in points(hub, Span.MINUTE, "temperature_c")] == [51, 52]
    assert [each.value for each in points(hub, Span.MINUTE, "clock_drift_s")] == [-15, 0]


def test_hours_are_summed_up_and_what_is_old_goes(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    for degrees in (50, 54, 70):
        kiosk.tell(temperature_c=degrees)
        clock.advance(60)
    clock.advance(3600)
    upkeep.sweep(hub)
    assert points(hub, Span.HOUR, "temperature_c") == []  # what comes late still counts
    clock.advance(300)
    upkeep.sweep(hub)
    upkeep.sweep(hub)
    (hour,) = points(hub, Span.HOUR, "temperature_c")
    assert (hour.value, hour.low, hour.high) == (58, 50, 70)
    assert hour.at.minute == 0
    clock.advance(37 * 3600)
    upkeep.sweep(hub)
    assert points(hub, Span.MINUTE, "temperature_c") == []
    assert points(hub, Span.HOUR, "temperature_c") == [hour]
    clock.advance(366 * 86_400)
    upkeep.sweep(hub)
    with hub.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(VitalsKept)) == 0
        assert session.scalar(select(func.count()).select_from(KioskEvent)) == 0


def test_hub_that_stood_still_sums_up_every_hour_it_has(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    for hour in range(5):
        kiosk.tell(temperature_c=40 + hour)
        clock.advance(3600)
    clock.advance(300)
    upkeep.sweep(hub)
    assert [each.value for each in points(hub, Span.HOUR, "temperature_c")] == [40, 41, 42, 43, 44]


def test_changes_are_told_apart_and_a_repeated_word_is_none(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    def steps() -> Iterator[None]:
        yield kiosk.connect()
        yield kiosk.tell()
        kiosk.broken["printer"] = ("DOWN", "PAGE_JAMMED", "Take the sheet out")
        yield kiosk.tell()
        kiosk.broken["printer"] = ("BUSY", "printing", "")
        yield kiosk.tell()
        kiosk.service = Service.DRAINING
        yield kiosk.tell()
        yield kiosk.connect(online=False)
        kiosk.version = "0.2.0"
        yield kiosk.connect()

    for _ in steps():
        kiosk.tell()
        clock.advance(60)
    assert kinds(hub) == [
        "ONLINE", "VERSION 0.1.0", "FAULT printer", "FAULT_OVER printer", "SERVICE IN_SERVICE → DRAINING", "OFFLINE",
        "ONLINE", "VERSION 0.1.0 → 0.2.0",
    ]  # fmt: skip
    with hub.database.reading() as session:
        fault = next(each for each in timeline.of(session, KIOSK, 50) if each.kind == "FAULT")
    assert fault.remedy == "Take the sheet out" and "PAGE_JAMMED" in fault.detail


def test_text_that_no_database_takes_is_refused_and_the_next_word_counts(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock
) -> None:
    kiosk.broken["printer"] = ("DOWN", "a\0b", "")
    kiosk.tell(temperature_c=50)
    assert kinds(hub) == [] and points(hub, Span.MINUTE, "temperature_c") == []
    kiosk.broken = {}
    kiosk.tell(temperature_c=51)
    assert [each.value for each in points(hub, Span.MINUTE, "temperature_c")] == [51]


def test_device_that_comes_and_goes_for_ever_does_not_fill_the_database(
    hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_KEPT", 7)
    for turn in range(20):
        kiosk.broken["printer"] = ("DOWN" if turn % 2 else "READY", str(turn), "")
        kiosk.tell()
        clock.advance(1)
    upkeep.sweep(hub)
    with hub.database.reading() as session:
        kept = events.newest(session, KIOSK, 100)
    assert len(kept) == 7 and kept[0].detail == "DOWN: 19"
