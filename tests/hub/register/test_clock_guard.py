"""R23: a clock that nobody vouches for, or that stands before what is certified, dates nothing; the officer is told."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from fastapi.testclient import TestClient
from hub_doubles import PASSWORD, CertifierDouble, KeysDouble, KioskDouble, approve
from sqlalchemy import func, select

from contract.clock import SimulatedClock
from contract.time_report import REPORT
from hub.config import StandInsConfig
from hub.console.app import create_app
from hub.faults import ClockDoubtful, ClockWentBack
from hub.register import annulments, clock_guard
from hub.register.annulments import Annulment, ReasonClass
from hub.register.extensions import Extensions
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing import services
from hub.signing.pki import ensure
from hub.signing.settings import EvidenceConfig
from hub.store import audit
from hub.store.tables import DecisionRow, Issue, RegisterRow
from tests.clock_reports import believable

SAID = "chưa quyết định hay ký được gì"
UNWATCHED_S = 61.0
"""After that the last report is believed no more."""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report"


@pytest.fixture
def watched(hub: Hub, report: Path) -> Hub:
    """The hub, believing what the time service says."""
    return replace(hub, clock_report=believable(report))


def recorded(hub: Hub) -> list[int]:
    with hub.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (DecisionRow, RegisterRow)]


def test_clock_that_is_not_believed_certifies_nothing_until_it_is(watched: Hub, report: Path) -> None:
    paper = KioskDouble(watched).queue_paper()
    believable(report, age_s=UNWATCHED_S)
    with pytest.raises(ClockDoubtful, match=r"61 s old.*restart chrony"):
        approve(watched, paper)
    assert recorded(watched) == [0, 0]
    believable(report)
    approve(watched, paper)
    assert recorded(watched) == [1, 1]


def test_clock_that_nobody_watches_is_not_believed(watched: Hub, report: Path) -> None:
    report.unlink()
    with pytest.raises(ClockDoubtful, match="nobody has written"):
        approve(watched, KioskDouble(watched).queue_paper())


def test_clock_that_is_doubted_after_the_approval_delays_the_signature(
    watched: Hub, report: Path, clock: SimulatedClock
) -> None:
    approve(watched, KioskDouble(watched).queue_paper())
    certifier = CertifierDouble()
    signing = SigningQueue(watched, certifier)
    believable(report, age_s=UNWATCHED_S)
    assert signing.sign_next()
    assert certifier.certified == []
    believable(report)
    clock.advance(10)
    assert signing.sign_next()
    assert len(certifier.certified) == 1


def test_nothing_else_that_bears_a_date_is_made_while_the_clock_is_doubted(watched: Hub, report: Path) -> None:
    approve(watched, KioskDouble(watched).queue_paper())
    with watched.database.reading() as session:
        copy_id = session.scalars(select(Issue.copy_id)).one()
    believable(report, age_s=UNWATCHED_S)
    annulment = Annulment(decision_no="1/QĐ", reason_class=ReasonClass.ENTRY_WRONG, text="Sai.")
    with pytest.raises(ClockDoubtful):
        annulments.record(watched, "mau", copy_id, annulment)
    config = EvidenceConfig()
    keys = ensure(watched.config.data_dir / "pki", watched.clock, agency="UBND phường Mẫu", certifiers=())
    evidence = services.of(config, keys, watched.clock, watched.sources)
    with pytest.raises(ClockDoubtful):
        Extensions(watched, evidence).append(copy_id, b"", "hub")


def test_a_hub_without_a_word_of_its_file_asks_the_time_service(hub: Hub) -> None:
    config = msgspec.structs.replace(hub.config, stand_ins=StandInsConfig())
    opened = Hub.open(config, hub.clock)
    opened.database.close()
    assert opened.clock_report == REPORT


def test_console_says_what_is_wrong_with_the_clock_and_only_then(watched: Hub, report: Path) -> None:
    app = create_app(watched, lambda: b"{}", KeysDouble())  # type: ignore[arg-type]
    with TestClient(app, base_url="https://testserver") as web:
        session = web.post("/api/session", json={"login": "mau", "password": PASSWORD}).json()
        web.headers["Authorization"] = f"Bearer {session['token']}"
        assert SAID not in web.get("/console/queue").text
        believable(report, age_s=UNWATCHED_S)
        page = web.get("/console/queue").text
    assert SAID in page
    assert "is 61 s old" in page


def test_clock_that_went_back_stops_decisions_and_says_so(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    approve(hub, kiosk.queue_paper())
    clock.advance(-3600)
    with pytest.raises(ClockWentBack, match="NTP"):
        approve(hub, kiosk.queue_paper())
    assert recorded(hub) == [1, 1]


def test_clock_that_goes_back_after_the_approval_delays_the_signature(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    approve(hub, kiosk.queue_paper())
    certifier = CertifierDouble()
    signing = SigningQueue(hub, certifier)
    clock.advance(-3600)
    assert signing.sign_next()
    assert certifier.certified == []
    clock.advance(3600 + 10)
    assert signing.sign_next()
    assert len(certifier.certified) == 1


def test_what_was_noted_while_the_clock_stood_ahead_holds_nothing_up_once_it_is_right(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    clock.advance(86_400)
    with hub.database.writing() as session:
        audit.append(session, at=clock.now(), who="hub", what=audit.Act.DRAFT_PURGED, subject="x")
    clock.advance(-86_400)
    with hub.database.reading() as session:
        clock_guard.require_true_time(hub, session)
    approve(hub, paper)
    assert recorded(hub) == [1, 1]
