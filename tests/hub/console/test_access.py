"""Who gets in and may do what: cookie, CSRF, second factor, lock-out, idle sessions, roles, the officer's key."""

import logging
from collections.abc import Iterator

import msgspec
import pyotp
import pytest
from argon2 import Type, extract_parameters
from fastapi.testclient import TestClient
from hub_doubles import PASSWORD, PIN, KeysDouble, KioskDouble, officer, opened
from sqlalchemy import select

from contract.clock import SimulatedClock
from hub.config import HubConfig
from hub.console import sessions
from hub.console.access import COOKIE
from hub.console.app import create_app
from hub.console.roles import Permit, may
from hub.console.settings import ConsoleConfig
from hub.faults import LockedOut, NotLoggedIn, TokenUnready
from hub.rooms import Hub
from hub.roster import Role
from hub.store import audit
from hub.store.tables import AuditRow, Officer

BASE = "https://console.test"
APPROVE = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA"}


@pytest.fixture
def keys() -> KeysDouble:
    return KeysDouble()


@pytest.fixture
def browser(hub: Hub, keys: KeysDouble) -> Iterator[TestClient]:
    with TestClient(create_app(hub, lambda: b"{}", keys), base_url=BASE, follow_redirects=False) as client:
        yield client


def enter(browser: TestClient, login: str = "mau", **more: str) -> dict[str, str]:
    """Log in on the page; return the headers that its scripts send."""
    answer = browser.post("/console/login", data={"login": login, "password": PASSWORD, **more})
    assert answer.status_code == 303, answer.text
    return {"x-csrf-token": sessions.csrf_token(browser.cookies[COOKIE])}


def test_cookie_can_not_be_read_by_scripts_nor_sent_without_tls(browser: TestClient) -> None:
    set_cookie = browser.post("/console/login", data={"login": "mau", "password": PASSWORD}).headers["set-cookie"]
    assert set_cookie.startswith("__Host-")
    assert all(word in set_cookie.lower() for word in ("httponly", "secure", "samesite=lax", "path=/"))
    assert "domain" not in set_cookie.lower()


def test_page_forbids_foreign_scripts_frames_and_keeping(browser: TestClient) -> None:
    headers = browser.get("/console/login").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/requests/{paper}/decision", APPROVE),
        ("DELETE", "/api/requests/{paper}/decision", None),
        ("PUT", "/api/requests/{paper}/claim", None),
        ("POST", "/api/requests/{paper}/hand-on", {"colleague": "hai"}),
        ("POST", "/api/decisions/confirmation", None),
        ("POST", "/api/key/session", {"pin": PIN}),
        ("DELETE", "/api/session", None),
        ("DELETE", "/api/accounts/mau/lock", None),
        ("POST", "/api/account/second-factor", {"secret": "A" * 32, "code": "1"}),
    ],
)
@pytest.mark.parametrize("token", [None, "0" * 64, ""], ids=["none", "guessed", "empty"])
def test_act_without_the_csrf_token_is_refused(
    browser: TestClient, kiosk: KioskDouble, method: str, path: str, body: object, token: str | None
) -> None:
    enter(browser)
    headers = {} if token is None else {"x-csrf-token": token}
    answer = browser.request(method, path.format(paper=kiosk.queue_paper()), headers=headers, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "FOREIGN_REQUEST")


WITHOUT_A_SESSION = {
    "/api/session", "/bank/transfers", "/verify", "/verify/extended", "/V/{seal}/paper",
    "/ihanoi/slots", "/ihanoi/bookings", "/ihanoi/bookings/cancel", "/ihanoi/bookings/list",
    "/book/{service}", "/b/{code}/move", "/b/{code}/cancel",
    "/api/v1/documents/import", "/api/v1/documents/{doc_code}", "/api/v1/dossiers/reuse",
}  # fmt: skip
"""Logging in, what the bank's adapter and iHanoi sign, the public's uploads and bookings, what is asked with a secret
of its own (a token, a receipt's): none acts for whoever is logged in."""


def test_every_route_that_changes_something_asks_for_the_csrf_token(browser: TestClient) -> None:
    enter(browser)
    unsafe = [
        (method.upper(), path)
        for path, verbs in browser.app.openapi()["paths"].items()  # type: ignore[attr-defined]
        for method in verbs
        if method not in ("get", "head") and path not in WITHOUT_A_SESSION
    ]
    assert len(unsafe) > 10
    for method, path in unsafe:
        code = browser.request(method, path).json()["code"]
        assert code == "FOREIGN_REQUEST", (method, path, code)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.test"}, {"sec-fetch-site": "cross-site"}])
def test_login_form_of_another_site_is_refused(browser: TestClient, headers: dict[str, str]) -> None:
    answer = browser.post("/console/login", data={"login": "mau", "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert COOKIE not in browser.cookies


def test_page_without_a_session_leads_to_the_login_and_says_when_one_is_over(
    browser: TestClient, clock: SimulatedClock
) -> None:
    assert browser.get("/console/queue").headers["location"] == "/console/login"
    enter(browser)
    clock.advance(sessions.IDLE_FOR_AT_MOST.total_seconds())
    assert browser.get("/console/queue").headers["location"] == "/console/login?why=over"


def test_page_that_asks_by_itself_keeps_no_session_alive(browser: TestClient, clock: SimulatedClock) -> None:
    enter(browser)
    for _ in range(19):
        clock.advance(60)
        assert browser.get("/console/queue/now", headers={"x-passive": "1"}).status_code == 200
    clock.advance(60)
    assert browser.get("/console/queue/now", headers={"x-passive": "1"}).status_code == 303


def test_password_is_kept_as_rfc_9106_recommends_where_memory_is_scarce() -> None:
    kept = extract_parameters(sessions.hash_password(PASSWORD))
    assert (kept.type, kept.time_cost, kept.memory_cost, kept.parallelism) == (Type.ID, 3, 65536, 4)


def test_lock_out_grows_and_a_right_password_ends_it(hub: Hub, clock: SimulatedClock) -> None:
    waits = []
    for attempt in range(8):
        with pytest.raises(NotLoggedIn):
            sessions.log_in(hub, "mau", "x")
        if attempt >= 4:
            with pytest.raises(LockedOut):
                sessions.log_in(hub, "mau", PASSWORD)
            with hub.database.reading() as session:
                until = session.get_one(Officer, "mau").locked_until
            assert until is not None
            waits.append((until - clock.now()).total_seconds())
            clock.advance(waits[-1])
    assert waits == [60, 120, 240, 480]
    assert sessions.log_in(hub, "mau", PASSWORD).role == "certifier"
    with pytest.raises(NotLoggedIn):
        sessions.log_in(hub, "mau", "x")
    assert sessions.log_in(hub, "mau", PASSWORD)


@pytest.fixture
def strict(config: HubConfig, clock: SimulatedClock) -> Iterator[tuple[Hub, TestClient]]:
    """A hub that asks for a second factor."""
    hub = opened(msgspec.structs.replace(config, console=ConsoleConfig(second_factor=True)), clock)
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url=BASE, follow_redirects=False) as client:
        yield hub, client
    hub.database.close()


def test_second_factor_is_set_up_before_anything_else_and_asked_for_from_then_on(
    strict: tuple[Hub, TestClient], clock: SimulatedClock
) -> None:
    hub, browser = strict
    headers = enter(browser)
    assert browser.get("/console/queue").headers["location"] == "/console/account"
    assert browser.get("/api/queue").json()["code"] == "SECOND_FACTOR_MISSING"
    secret = browser.get("/console/account").text.split('data-secret="')[1][:32]
    form = {"secret": secret, "code": "000000"}
    assert browser.post("/api/account/second-factor", headers=headers, json=form).status_code == 401
    form["code"] = pyotp.TOTP(secret).at(clock.now())
    assert browser.post("/api/account/second-factor", headers=headers, json=form).status_code == 204
    assert browser.get("/console/queue").status_code == 200
    with pytest.raises(NotLoggedIn):
        sessions.log_in(hub, "mau", PASSWORD)
    with pytest.raises(NotLoggedIn):
        sessions.log_in(hub, "mau", PASSWORD, form["code"])  # each code is worth one login
    clock.advance(30)
    assert sessions.log_in(hub, "mau", PASSWORD, pyotp.TOTP(secret).at(clock.now()))


def test_key_is_opened_by_pin_and_locked_with_the_log_out(
    browser: TestClient, keys: KeysDouble, hub: Hub, clock: SimulatedClock
) -> None:
    hub.open_keys.close("mau")
    headers = enter(browser)
    wrong = browser.post("/api/key/session", headers=headers, json={"pin": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "PIN_WRONG")
    assert browser.post("/api/key/session", headers=headers, json={"pin": PIN}).json()["open_until"]
    assert hub.open_keys.of("mau") is keys.opened[0]
    assert browser.delete("/api/session", headers=headers).status_code == 204
    assert keys.opened[0].closed
    assert hub.open_keys.of("mau") is None


def test_token_that_is_not_plugged_in_is_said_with_its_remedy(
    browser: TestClient, keys: KeysDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str, pin: str) -> None:
        raise TokenUnready(f"The token of {name} said NoSuchToken.")

    monkeypatch.setattr(keys, "open", absent)
    said = browser.post("/api/key/session", headers=enter(browser), json={"pin": PIN})
    assert (said.status_code, said.json()["code"]) == (503, "TOKEN_UNREADY")
    assert said.json()["remedy"].startswith("Plug the token in")


def test_key_is_locked_when_nobody_does_anything(
    browser: TestClient, keys: KeysDouble, hub: Hub, clock: SimulatedClock
) -> None:
    headers = enter(browser)
    browser.post("/api/key/session", headers=headers, json={"pin": PIN})
    clock.advance(15 * 60)
    browser.get("/console/queue")
    clock.advance(15 * 60)
    assert hub.open_keys.of("mau") is not None
    clock.advance(6 * 60)
    assert hub.open_keys.of("mau") is None


def test_batch_is_signed_after_the_pin_and_the_queue_says_what_waits(
    browser: TestClient, kiosk: KioskDouble, hub: Hub, clock: SimulatedClock
) -> None:
    hub.open_keys.close("mau")
    headers = enter(browser)
    paper = kiosk.queue_paper()
    browser.post(f"/api/requests/{paper}/decision", headers=headers, json=APPROVE)
    browser.post("/api/decisions/confirmation", headers=headers)
    assert "1 giấy đã duyệt đang chờ bạn mở khóa ký" in browser.get("/console/queue").text
    assert browser.get(f"/api/requests/{paper}").json()["copy"] is None
    browser.post("/api/key/session", headers=headers, json={"pin": PIN})
    assert browser.get(f"/api/requests/{paper}").json()["copy"]["register_label"].startswith("01,")


REFUSED = {
    Permit.SEE_PAPERS: ("GET", "/api/queue", None),
    Permit.DECIDE: ("GET", "/api/next", None),
    Permit.SIGN: ("GET", "/api/key", None),
    Permit.READ_REGISTER: ("GET", "/api/register?year=2026", None),
    Permit.ANNUL: ("POST", "/api/copies/X/annulment", {"decision_no": "1", "reason_class": "ENTRY_WRONG", "text": "x"}),
    Permit.PAY_VOUCHERS: ("POST", "/api/vouchers/redeem", {"code": "x", "key": "12345678"}),
    Permit.CALL_NUMBERS: ("POST", "/api/counters/9/next", {"after": ""}),
    Permit.SEE_FLEET: ("GET", "/console/fleet", None),
    Permit.RUN_FLEET: ("POST", "/api/kiosks/X/revocation", None),
    Permit.MANAGE_ACCOUNTS: ("GET", "/console/accounts", None),
    Permit.SEE_HEALTH: ("GET", "/console/health", None),
    Permit.READ_AUDIT: ("GET", "/console/audit", None),
    Permit.READ_STATISTICS: ("GET", "/console/statistics", None),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_its_table_says_and_nothing_else(
    config: HubConfig, clock: SimulatedClock, role: Role
) -> None:
    hub = opened(msgspec.structs.replace(config, officers=(officer("ai", role),)), clock)
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url=BASE, follow_redirects=False) as browser:
        headers = enter(browser, "ai")
        for permit, (method, path, body) in REFUSED.items():
            answer = browser.request(method, path, headers=headers, json=body)
            missing = answer.status_code == 403 and ("ROLE_MISSING" in answer.text or "Vai trò của bạn" in answer.text)
            assert missing is not may(role, permit), (role, permit, answer.status_code)
        home = browser.get("/console").headers["location"]
        assert browser.get(home).status_code == 200
    hub.database.close()


def test_administrator_unlocks_and_removes_a_lost_second_factor(hub: Hub, browser: TestClient) -> None:
    with hub.database.writing() as session:
        session.get_one(Officer, "nhan").role = Role.ADMINISTRATOR
        session.get_one(Officer, "hai").totp_secret = "A" * 32
    headers = enter(browser, "nhan")
    assert browser.delete("/api/accounts/hai/second-factor", headers=headers).status_code == 204
    assert browser.delete("/api/accounts/nobody/lock", headers=headers).status_code == 404
    assert sessions.log_in(hub, "hai", PASSWORD)
    assert "hai" in browser.get("/console/accounts").text


def test_every_look_is_recorded_and_neither_audit_nor_log_nor_address_holds_a_name(
    browser: TestClient, kiosk: KioskDouble, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    enter(browser)
    paper = kiosk.queue_paper(requester_name="Nguyễn Bí Mật")
    page = browser.get(f"/console/papers/{paper}")
    assert "Nguyễn Bí Mật" in page.text
    assert browser.get(f"/api/requests/{paper}/pages/1.jpg").headers["content-type"] == "image/jpeg"
    with hub.database.reading() as session:
        rows = [(row.what, row.subject) for row in session.scalars(select(AuditRow)) if row.who == "mau"]
        subjects = " ".join(row.subject for row in session.scalars(select(AuditRow)))
    assert rows[-2:] == [(audit.Act.PAPER_OPENED, paper), (audit.Act.PAGE_SEEN, f"{paper} 1")]
    assert "Bí Mật" not in subjects + caplog.text


def test_second_officer_is_told_who_has_the_paper_and_sees_nothing_of_it(
    browser: TestClient, kiosk: KioskDouble, hub: Hub
) -> None:
    paper = kiosk.queue_paper(requester_name="Nguyễn Bí Mật")
    enter(browser)
    assert browser.get(f"/console/papers/{paper}").status_code == 200
    browser.cookies.clear()
    enter(browser, "hai")
    page = browser.get(f"/console/papers/{paper}")
    assert page.status_code == 409
    assert "Trần Thị Mẫu đang xem" in page.text
    assert "Bí Mật" not in page.text
