"""Alerts: raised once a cause, held while nothing is known, over only when it stays well, taken up by a person."""

from collections.abc import Sequence

import pytest
from fleet_doubles import FleetKiosk
from hub_doubles import KIOSK
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.jobs import ShadowDesired
from hub.faults import UnknownThing
from hub.fleet import alerts, upkeep
from hub.fleet.metrics import scraped
from hub.fleet.rules import RULES, Verdict, judge
from hub.fleet.settings import FleetConfig
from hub.fleet.view import sight
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AlertRow, AuditRow, Kiosk


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    kiosk = FleetKiosk(hub, clock)
    kiosk.connect()
    kiosk.tell()
    return kiosk


def watch(kiosk: FleetKiosk, minutes: float, *, silent: bool = False) -> None:
    """Let time pass as the hub's worker sees it."""
    for _ in range(int(minutes * 2)):
        kiosk.clock.advance(30)
        if not silent:
            kiosk.tell()
        upkeep.judge(kiosk.hub)


def open_alerts(hub: Hub) -> list[tuple[str, str]]:
    with hub.database.reading() as session:
        return [(row.rule, row.cause) for row in alerts.raised(session)]


def all_rows(hub: Hub) -> Sequence[AlertRow]:
    with hub.database.reading() as session:
        return session.scalars(select(AlertRow)).all()


@pytest.mark.both_databases
def test_kiosk_that_is_away_is_one_alert_until_it_is_back(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    kiosk.connect(online=False)
    watch(kiosk, 9, silent=True)
    assert open_alerts(hub) == []
    watch(kiosk, 30, silent=True)
    assert open_alerts(hub) == [("offline", "")]
    kiosk.connect()
    watch(kiosk, 1)
    assert open_alerts(hub) == []
    assert [row.cleared_at is not None for row in all_rows(hub)] == [True]
    kiosk.connect(online=False)
    watch(kiosk, 11, silent=True)
    assert len(all_rows(hub)) == 2  # another time is another alert


def test_kiosk_that_is_connected_and_says_nothing_is_missed_too(hub: Hub, kiosk: FleetKiosk) -> None:
    watch(kiosk, 11, silent=True)
    assert open_alerts(hub) == [("offline", "")]


def test_kiosk_that_was_told_to_speak_rarely_is_not_missed_before_three_words(hub: Hub, kiosk: FleetKiosk) -> None:
    kiosk.report(ShadowDesired(v=1, version=1, at=kiosk.clock.now(), settings={"telemetry_every_s": 600}))
    kiosk.tell()
    watch(kiosk, 28, silent=True)
    assert open_alerts(hub) == []
    watch(kiosk, 3, silent=True)
    assert open_alerts(hub) == [("offline", "")]


@pytest.mark.both_databases
def test_fault_that_flickers_is_no_alert_and_one_that_lasts_is_one(hub: Hub, kiosk: FleetKiosk) -> None:
    for turn in range(8):
        kiosk.broken = {"printer": ("DOWN", "jam", "Take it out")} if turn % 2 else {}
        watch(kiosk, 0.5)
    assert open_alerts(hub) == []
    kiosk.broken = {"printer": ("DOWN", "jam", "Take it out")}
    watch(kiosk, 3)
    assert open_alerts(hub) == [("device", "printer")]
    for turn in range(12):  # it must stay well before the alert is over
        kiosk.broken = {"printer": ("DOWN", "jam", "Take it out")} if turn % 6 == 0 else {}
        watch(kiosk, 0.5)
    assert open_alerts(hub) == [("device", "printer")]
    kiosk.broken = {}
    watch(kiosk, 6)
    assert open_alerts(hub) == [] and len(all_rows(hub)) == 1


LOW = {
    "paper": ("tray_sheets", 30, 33, 90),
    "toner": ("toner_percent", 10, 11, 50),
    "roll": ("ticket_roll", 0.1, 0.3, 1.0),
    "change": ("visits_left", 9, 11, 60),
    "disk": ("disk_free_mb", 900, 1_100, 9_000),
    "worn": ("storage_worn_percent", 80, 79.5, 40),
    "heat": ("temperature_c", 81, 77, 50),
    "undervoltage": ("under_voltage", 1, None, 0),
    "storage": ("storage_errors", 3, None, 0),
    "certificate": ("certificate_days", 29, None, 300),
    "unsent": ("unsent_oldest_s", 901, 600, 0),
}


@pytest.mark.parametrize("rule", LOW)
def test_figure_raises_holds_in_between_and_is_over_only_when_well(hub: Hub, kiosk: FleetKiosk, rule: str) -> None:
    vital, bad, between, well = LOW[rule]

    def verdict(value: float) -> str:
        kiosk.clock.advance(1)
        kiosk.tell(**{vital: value})
        with hub.database.reading() as session:
            found = judge(sight(session, KIOSK), FleetConfig(), kiosk.clock.now()).findings
        return next(each.verdict for each in found if each.rule == rule)

    assert verdict(bad) is Verdict.RAISE
    assert verdict(well) is Verdict.CLEAR
    if between is not None:
        assert verdict(between) is Verdict.HOLD
    kiosk.tell(**{vital: bad})
    watch(kiosk, RULES[rule].lasts.total_seconds() / 60 + 1)
    assert open_alerts(hub) == [(rule, "")]


@pytest.mark.parametrize("drift_s", [-31, 31])
def test_clock_that_drifts_either_way_is_an_alert(hub: Hub, kiosk: FleetKiosk, drift_s: float) -> None:
    for _ in range(8):
        kiosk.clock.advance(30)
        kiosk.tell(drift_s=drift_s)
        upkeep.judge(hub)
    assert open_alerts(hub) == [("clock", "")]


def test_one_cause_is_one_alert_the_empty_tray_that_stops_the_printer(hub: Hub, kiosk: FleetKiosk) -> None:
    kiosk.broken = {"printer": ("DOWN", "TRAY_EMPTY", "Fill the tray")}
    kiosk.tell(tray_sheets=0)
    watch(kiosk, 40)
    assert open_alerts(hub) == [("device", "printer")]
    kiosk.broken = {"printer": ("ATTENTION", "paper low", "Fill the tray")}
    watch(kiosk, 40)
    assert open_alerts(hub) == [("paper", "")]


def test_nothing_else_is_raised_or_over_while_a_kiosk_is_away(hub: Hub, kiosk: FleetKiosk) -> None:
    kiosk.tell(toner_percent=3)
    watch(kiosk, 1)
    kiosk.connect(online=False)
    watch(kiosk, 60, silent=True)
    assert sorted(open_alerts(hub)) == [("offline", ""), ("toner", "")]


def test_kiosk_taken_out_for_good_has_no_alerts(hub: Hub, kiosk: FleetKiosk) -> None:
    kiosk.connect(online=False)
    watch(kiosk, 11, silent=True)
    with hub.database.writing() as session:
        session.get_one(Kiosk, KIOSK).revoked_at = hub.clock.now()
    watch(kiosk, 1, silent=True)
    assert open_alerts(hub) == []


@pytest.mark.both_databases
def test_alert_is_taken_up_once_with_a_note_and_on_record(hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock) -> None:
    kiosk.tell(toner_percent=3)
    watch(kiosk, 1)
    (row,) = all_rows(hub)
    alerts.acknowledge(hub, "may", row.id, " Mai mang mực đến ")
    clock.advance(60)
    kept = alerts.acknowledge(hub, "mau", row.id, "tôi nữa")
    assert (kept.acknowledged_by, kept.note) == ("may", "Mai mang mực đến")
    with hub.database.reading() as session:
        taken = session.scalars(select(AuditRow).where(AuditRow.what == audit.Act.ALERT_ACKNOWLEDGED)).all()
    assert [(each.who, KIOSK in each.subject) for each in taken] == [("may", True)]
    with pytest.raises(UnknownThing):
        alerts.acknowledge(hub, "may", "01KB0000000000000000000000", "")
    families = text_string_to_metric_families(scraped(hub).decode())
    (sample,) = next(family.samples for family in families if family.name == "tram_alert")
    wanted = {"kiosk": KIOSK, "rule": "toner", "acknowledged": "yes", "severity": "WATCH"}
    assert sample.value == 1 and wanted.items() <= sample.labels.items()
