"""The officer's console over HTTP: who gets in, what is shown, what is answered when it can't be done."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PASSWORD, CertifierDouble, KeysDouble, KioskDouble, draft_pdf
from PIL import Image
from sqlalchemy import select

from contract.clock import SimulatedClock
from hub.console.app import create_app
from hub.register import retention
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing.faults import CertificateRevoked
from hub.store.tables import AuditRow

APPROVE = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA", "take_back": False}
REFUSE = {"verdict": "refuse", "ground": "A22_2_DAMAGED", "text": "Không đọc được dòng 2.", "take_back": False}
ANNUL = {"decision_no": "QĐ 5/QĐ-UBND", "reason_class": "ENTRY_WRONG", "text": "Ghi sai tên."}


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), raise_server_exceptions=True) as client:
        yield client


def logged_in(web: TestClient, login: str = "mau") -> dict[str, str]:
    session = web.post("/api/session", json={"login": login, "password": PASSWORD})
    assert session.status_code == 201
    return {"Authorization": f"Bearer {session.json()['token']}"}


@pytest.fixture
def officer(web: TestClient) -> dict[str, str]:
    return logged_in(web)


def audited(hub: Hub) -> list[str]:
    with hub.database.reading() as session:
        return [row.what for row in session.scalars(select(AuditRow).order_by(AuditRow.seq)) if row.who == "mau"]


def assert_told(answer: Any, status: int) -> None:
    """Every error names cause and remedy as sentences."""
    assert answer.status_code == status, answer.text
    assert answer.json()["cause"].endswith(".")
    assert answer.json()["remedy"].endswith(".")


@pytest.mark.parametrize(
    "path", ["/api/queue", "/api/requests/X", "/api/requests/X/pages/1.png", "/api/copies/X", "/api/register?year=2026"]
)
def test_nothing_is_shown_without_a_session(web: TestClient, path: str) -> None:
    assert_told(web.get(path), 401)
    assert_told(web.get(path, headers={"Authorization": "Bearer guess"}), 401)


def test_wrong_password_and_unknown_login_are_told_alike(web: TestClient) -> None:
    answers = [web.post("/api/session", json={"login": login, "password": "x"}) for login in ("mau", "nobody")]
    assert_told(answers[0], 401)
    assert answers[0].json() == answers[1].json()


def test_fifth_wrong_password_locks_the_login_for_a_while(web: TestClient, clock: SimulatedClock) -> None:
    for _ in range(5):
        assert_told(web.post("/api/session", json={"login": "mau", "password": "x"}), 401)
    right = {"login": "mau", "password": PASSWORD}
    assert_told(web.post("/api/session", json=right), 429)
    assert web.post("/api/session", json={"login": "hai", "password": PASSWORD}).status_code == 201
    clock.advance(60)
    assert web.post("/api/session", json=right).status_code == 201


def test_session_ends_after_a_working_day(web: TestClient, officer: dict[str, str], clock: SimulatedClock) -> None:
    for _ in range(9 * 6 - 1):
        clock.advance(600)
        assert web.get("/api/queue", headers=officer).status_code == 200
    clock.advance(600)
    assert_told(web.get("/api/queue", headers=officer), 401)


def test_logged_out_token_is_worth_nothing(web: TestClient, officer: dict[str, str]) -> None:
    assert web.delete("/api/session", headers=officer).status_code == 204
    assert_told(web.get("/api/queue", headers=officer), 401)


def test_queue_is_oldest_first_with_position_and_age(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    papers = []
    for mark in "ab":
        papers.append(kiosk.queue_paper(draft_pdf(mark=mark)))
        clock.advance(60)
    shown = web.get("/api/queue", headers=officer).json()["papers"]
    assert [(paper["id"], paper["position"], paper["age_s"]) for paper in shown] == [
        (papers[0], 0, 120),
        (papers[1], 1, 60),
    ]


def test_paper_shows_what_was_read_and_the_look_is_recorded(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble, hub: Hub
) -> None:
    paper = web.get(f"/api/requests/{kiosk.queue_paper()}", headers=officer).json()
    assert paper["facts"][0]["label"] == "Số"
    assert (paper["kiosk"]["id"], paper["legal_mode"], paper["pages"]) == (KIOSK, "PILOT_REMOTE", 1)
    assert paper["quote"]["total_vnd"] == 6000
    assert audited(hub) == ["LOGGED_IN", "PAPER_OPENED"]


def test_page_is_rendered_by_the_hub_at_110_dpi(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble, hub: Hub
) -> None:
    answer = web.get(f"/api/requests/{kiosk.queue_paper()}/pages/1.png", headers=officer)
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert abs(picture.width - 210 / 25.4 * 110) <= 1
    assert picture.getextrema() == (230, 255)  # the grey rectangle of the draft on white
    assert audited(hub)[-1] == "PAGE_SEEN"


@pytest.mark.parametrize("page", ["2", "0", "-1", "x"])
def test_page_that_does_not_exist(web: TestClient, officer: dict[str, str], kiosk: KioskDouble, page: str) -> None:
    answer = web.get(f"/api/requests/{kiosk.queue_paper()}/pages/{page}.png", headers=officer)
    assert_told(answer, 404 if page == "2" else 422)


def test_purged_paper_shows_no_image_and_no_reading(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble, hub: Hub
) -> None:
    paper = kiosk.queue_paper()
    web.post(f"/api/requests/{paper}/decision", headers=officer, json=REFUSE)
    retention.sweep(hub)
    shown = web.get(f"/api/requests/{paper}", headers=officer).json()
    assert shown["decision"]["ground"] == "A22_2_DAMAGED"
    assert "facts" not in shown
    assert_told(web.get(f"/api/requests/{paper}/pages/1.png", headers=officer), 410)


def test_approval_answers_with_the_allotted_number(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble
) -> None:
    answer = web.post(f"/api/requests/{kiosk.queue_paper()}/decision", headers=officer, json=APPROVE)
    assert answer.status_code == 201
    assert answer.json()["copy"]["register_label"] == "01, quyển số 01/2026-SCTĐT/BS"


def test_second_decision_is_a_conflict(web: TestClient, officer: dict[str, str], kiosk: KioskDouble) -> None:
    address = f"/api/requests/{kiosk.queue_paper()}/decision"
    web.post(address, headers=officer, json=APPROVE)
    assert_told(web.post(address, headers=logged_in(web, "hai"), json=REFUSE), 409)


@pytest.mark.parametrize(
    ("login", "decision", "status"),
    [
        ("cu", APPROVE, 403),
        ("mau", {"verdict": "approve"}, 422),
        ("mau", {"verdict": "refuse", "ground": "A22_2_DAMAGED"}, 422),
        ("mau", {"verdict": "perhaps"}, 422),
        ("mau", {**APPROVE, "number": 7}, 422),
    ],
)
def test_decision_that_can_not_be_recorded_says_why(
    web: TestClient, kiosk: KioskDouble, login: str, decision: dict[str, Any], status: int
) -> None:
    address = f"/api/requests/{kiosk.queue_paper()}/decision"
    assert_told(web.post(address, headers=logged_in(web, login), json=decision), status)


def test_failing_signature_is_visible(web: TestClient, officer: dict[str, str], kiosk: KioskDouble, hub: Hub) -> None:
    paper = kiosk.queue_paper()
    web.post(f"/api/requests/{paper}/decision", headers=officer, json=APPROVE)
    SigningQueue(hub, CertifierDouble(faults=[CertificateRevoked("The certificate was revoked")])).sign_next()
    shown = web.get(f"/api/requests/{paper}", headers=officer).json()["copy"]
    assert (shown["state"], shown["failures"]) == ("ALLOTTED", 1)
    assert "revoked" in shown["last_fault"]


def test_register_of_a_year_has_the_columns_of_the_book(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble
) -> None:
    web.post(f"/api/requests/{kiosk.queue_paper()}/decision", headers=officer, json=APPROVE)
    (row,) = web.get("/api/register?year=2026", headers=officer).json()["rows"]
    assert {name: row[name] for name in ("number", "requester_name", "title", "signer_name", "copies", "fee_vnd")} == {
        "number": 1,
        "requester_name": "Nguyễn Văn Mẫu",
        "title": "Giấy khai sinh",
        "signer_name": "Trần Thị Mẫu",
        "copies": 2,
        "fee_vnd": 4000,
    }
    assert web.get("/api/register?year=2027", headers=officer).json()["rows"] == []


def test_annulled_copy_stays_annulled(web: TestClient, officer: dict[str, str], kiosk: KioskDouble) -> None:
    decision = web.post(f"/api/requests/{kiosk.queue_paper()}/decision", headers=officer, json=APPROVE).json()
    address = f"/api/copies/{decision['copy']['copy_id']}"
    assert web.post(f"{address}/annulment", headers=officer, json=ANNUL).status_code == 201
    assert_told(web.post(f"{address}/annulment", headers=officer, json=ANNUL), 409)
    assert web.get(address, headers=officer).json()["annulment"]["decision_no"] == "QĐ 5/QĐ-UBND"


def test_annulment_needs_an_authority_in_force(web: TestClient, officer: dict[str, str], kiosk: KioskDouble) -> None:
    decision = web.post(f"/api/requests/{kiosk.queue_paper()}/decision", headers=officer, json=APPROVE).json()
    address = f"/api/copies/{decision['copy']['copy_id']}/annulment"
    assert_told(web.post(address, headers=logged_in(web, "nhan"), json=ANNUL), 403)


def test_unknown_copy(web: TestClient, officer: dict[str, str]) -> None:
    assert_told(web.get("/api/copies/nothing", headers=officer), 404)
    assert_told(web.post("/api/copies/nothing/annulment", headers=officer, json=ANNUL), 404)


def test_only_an_operator_revokes_a_kiosk_and_it_is_refused_from_then_on(
    web: TestClient, officer: dict[str, str], kiosk: KioskDouble
) -> None:
    address = f"/api/kiosks/{KIOSK}/revocation"
    assert_told(web.post(address, headers=officer), 403)
    assert web.post(address, headers=logged_in(web, "may")).status_code == 201
    assert b"KIOSK_REVOKED" in kiosk.ask(kiosk.request(draft_pdf())[1])[0].payload


def test_address_nobody_serves_is_told_with_a_remedy(web: TestClient) -> None:
    assert_told(web.get("/api/nothing"), 404)


def test_health_reads_the_database(web: TestClient) -> None:
    assert web.get("/health").json()["status"] == "ok"
