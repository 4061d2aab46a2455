"""The register's routes: who may, what leaves the house, and that no name stands in an address or in the audit."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fastapi.testclient import TestClient
from hub_doubles import PASSWORD, KeysDouble, KioskDouble, approve, draft_pdf, officer, opened
from sqlalchemy import select

from contract.clock import SimulatedClock
from hub.config import HubConfig
from hub.console.app import create_app
from hub.register import decisions
from hub.register.decisions import Decision
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.roster import Role
from hub.store.tables import AuditRow, Verdict

NAME = "Đỗ Thị Ý"
DAYS = {"first_day": "2026-11-01", "last_day": "2026-12-31"}


@pytest.fixture
def hub(config: HubConfig, clock: SimulatedClock) -> Iterator[Hub]:
    more = (officer("vanthu", Role.CLERK), officer("kiemtra", Role.AUDITOR))
    hub = opened(msgspec.structs.replace(config, officers=config.officers + more), clock)
    yield hub
    hub.database.close()


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url="https://tram.test") as client:
        yield client


@pytest.fixture
def copy(hub: Hub, kiosk: KioskDouble, signing: SigningQueue) -> str:
    """One paper that was certified, ten minutes after it came."""
    paper = kiosk.queue_paper(requester_name=NAME)
    hub.clock.advance(600)  # type: ignore[attr-defined]
    approve(hub, paper)
    hub.clock.advance(30)  # type: ignore[attr-defined]
    signing.sign_next()
    return paper


def at(web: TestClient, login: str) -> dict[str, str]:
    session = web.post("/api/session", json={"login": login, "password": PASSWORD})
    return {"Authorization": f"Bearer {session.json()['token']}"}


def month_later(clock: SimulatedClock) -> None:
    clock.advance(32 * 86_400)


def test_search_leaves_no_name_in_address_or_audit(web: TestClient, hub: Hub, copy: str) -> None:
    clerk = at(web, "vanthu")
    found = web.post("/api/register/search", json={"words": "do thi y"}, headers=clerk).json()
    assert [(each["requester_name"], each["label"][:2]) for each in found["entries"]] == [(NAME, "01")]
    rows = web.post("/console/register/rows", json={"words": "ĐỖ"}, headers=clerk)
    assert NAME in rows.text and "<nav" not in rows.text
    assert web.get("/console/register", headers=clerk).status_code == 200
    with hub.database.reading() as session:
        told = "".join(row.subject for row in session.scalars(select(AuditRow)))
    assert "thi" not in told.lower() and NAME not in told


@pytest.mark.parametrize(
    ("login", "status"), [("may", 403), ("nhan", 403), ("kiemtra", 403), ("vanthu", 201), ("mau", 201)]
)
def test_who_may_bind_a_month(web: TestClient, clock: SimulatedClock, copy: str, login: str, status: int) -> None:
    month_later(clock)
    answer = web.post("/api/register/2026/11/print", headers=at(web, login))
    assert answer.status_code == status, answer.text


def test_month_is_a_pdf_and_binding_twice_or_early_is_a_conflict(
    web: TestClient, clock: SimulatedClock, copy: str
) -> None:
    clerk = at(web, "vanthu")
    early = web.post("/api/register/2026/11/print", headers=clerk)
    assert (early.status_code, early.json()["code"]) == (409, "BOOK_OPEN")
    month_later(clock)
    clerk = at(web, "vanthu")
    assert web.post("/api/register/2026/11/print", headers=clerk).json()["pages"] == 1
    assert web.post("/api/register/2026/11/print", headers=clerk).json()["code"] == "BOOK_BOUND"
    pdf = web.get("/api/register/2026/11.pdf", headers=clerk)
    assert pdf.content.startswith(b"%PDF") and pdf.headers["content-type"] == "application/pdf"
    assert web.get("/api/register/2026/13.pdf", headers=clerk).status_code == 422
    assert web.post("/api/register/2026/closing", headers=clerk).json()["code"] == "BOOK_OPEN"


def test_csv_of_a_year_tames_formulas(web: TestClient, kiosk: KioskDouble, hub: Hub) -> None:
    approve(hub, kiosk.queue_paper(requester_name='=HYPERLINK("x")'))
    text = web.get("/api/register/2026.csv", headers=at(web, "vanthu")).text
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row["requester_name"] == '\'=HYPERLINK("x")'
    assert (row["number"], row["fee_vnd"], row["annulled_by"]) == ("1", "4000", "")


def test_sample_is_drawn_and_checked_by_an_auditor(web: TestClient, clock: SimulatedClock, copy: str) -> None:
    month_later(clock)
    auditor, clerk = at(web, "kiemtra"), at(web, "vanthu")
    assert web.post("/api/post-checks/2026/11", headers=clerk).status_code == 403
    assert web.post("/api/post-checks/2026/11", headers=auditor).json()["population"] == 1
    (check,) = web.get("/api/post-checks/2026/11", headers=auditor).json()["checks"]
    wrong = {"result": "ENTRY_WRONG", "note": "Sai tên."}
    assert web.put(f"/api/post-checks/{check['copy_id']}", json=wrong, headers=at(web, "mau")).status_code == 409
    assert web.put(f"/api/post-checks/{check['copy_id']}", json=wrong, headers=auditor).status_code == 204
    figures = web.get("/api/post-checks/2026/11", headers=clerk).json()["figures"]
    assert (figures["errors"], figures["to_annul"]) == ({"ENTRY_WRONG": 1}, [check["copy_id"]])
    assert "Sai tên." in web.get("/console/register/2026/11/checks", headers=auditor).text


def test_purge_proof_names_what_a_forgotten_file_is(
    web: TestClient, hub: Hub, copy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.store.blobs._older", lambda path, moment: True)
    assert web.post("/api/purge-proof", headers=at(web, "kiemtra")).json()["overdue"] == []
    (Path(hub.config.data_dir) / "drafts" / ("f" * 64)).write_bytes(b"x")
    assert [each["sha256"] for each in web.post("/api/purge-proof", headers=at(web, "kiemtra")).json()["overdue"]] == [
        "f" * 64
    ]


def test_figures_count_on_time_medians_and_channels(
    web: TestClient, hub: Hub, kiosk: KioskDouble, clock: SimulatedClock, copy: str
) -> None:
    late = kiosk.queue_paper(draft_pdf(mark="late"))
    clock.advance(14 * 3600)  # after the promised time
    refusal = Decision(verdict=Verdict.REFUSE, ground="A22_2_DAMAGED", text="Rách.")
    decisions.record(hub, "hai", late, refusal)
    kiosk.queue_paper(draft_pdf(mark="waits"))
    operator = at(web, "may")
    told = web.get("/api/statistics/papers", params=DAYS | {"by": "all"}, headers=operator).json()
    (all_,) = told["figures"]
    assert (all_["received"], all_["certified"], all_["refused"], all_["on_time"], all_["late"]) == (3, 1, 1, 1, 1)
    assert all_["waiting_s"] == (600 + 14 * 3600) / 2
    assert told["kpi"] == {"ON_TIME": 0.5, "ELECTRONIC_CERTIFIED_COPY": 1.0}
    by_channel = web.get("/api/statistics/papers", params=DAYS | {"by": "channel"}, headers=operator).json()
    assert [each["key"] for each in by_channel["figures"]] == ["PILOT_REMOTE"]
    empty = {"first_day": "2025-01-01", "last_day": "2025-01-31"}
    assert web.get("/api/statistics/papers", params=empty, headers=operator).json()["figures"] == []


def test_export_to_the_centre_has_no_person_in_it(web: TestClient, hub: Hub, copy: str) -> None:
    operator = at(web, "may")
    for by in ("day", "kiosk", "channel", "all"):
        for path in ("papers", "papers.csv"):
            text = web.get(f"/api/statistics/{path}", params=DAYS | {"by": by}, headers=operator).text
            assert not any(person in text for person in (NAME, "Trần Thị Mẫu", '"mau"', ",mau,"))
    assert web.get("/api/statistics/papers", params=DAYS | {"by": "officer"}, headers=operator).status_code == 422
    assert web.get("/api/statistics/officers", params=DAYS, headers=operator).status_code == 403
    (own,) = web.get("/api/statistics/officers", params=DAYS, headers=at(web, "vanthu")).json()
    assert (own["key"], own["certified"]) == ("mau", 1)
