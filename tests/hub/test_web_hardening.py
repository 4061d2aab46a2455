"""What an attacker tries at the hub's web side: headers, cookies, fixed sessions, traces, methods, words in the log."""

import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PASSWORD, PIN, KeysDouble, KioskDouble
from sqlalchemy import select

from contract import topics
from hub.console import sessions
from hub.console.access import COOKIE
from hub.console.app import create_app
from hub.rooms import Hub
from hub.store.tables import Session

BASE = "https://console.test"
LOGIN = {"login": "mau", "password": PASSWORD}


@pytest.fixture
def browser(hub: Hub) -> Iterator[TestClient]:
    app = create_app(hub, lambda: b"{}", KeysDouble())

    @app.get("/api/broken")
    @app.get("/console/broken")
    def broken() -> None:
        raise ZeroDivisionError("Nguyễn Văn Mẫu 001196012345")

    with TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def entered(browser: TestClient) -> TestClient:
    assert browser.post("/console/login", data=LOGIN).status_code == 303
    return browser


@pytest.mark.parametrize(
    "path", ["/health", "/api/queue", "/api/nowhere", "/console/login", "/verify", "/log/checkpoint", "/metrics",
             "/console/static/console.css", "/openapi.json", "/V/X", "/api/broken", "/console/broken"]
)  # fmt: skip
def test_every_answer_forbids_sniffing_framing_and_foreign_sources(browser: TestClient, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert headers["cache-control"]
    assert "server" not in headers and "x-powered-by" not in headers


def test_answers_of_the_console_are_not_kept_and_ask_for_tls(browser: TestClient) -> None:
    for path in ("/api/queue", "/console/queue", "/api/key"):
        headers = entered(browser).get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "max-age=31536000" in headers["strict-transport-security"]


def test_session_that_somebody_fixed_beforehand_is_worth_nothing_after_the_login(browser: TestClient) -> None:
    browser.cookies.set(COOKIE, "fixed-by-the-attacker", domain="console.test")
    answer = browser.post("/console/login", data=LOGIN)
    given = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    assert given != "fixed-by-the-attacker" and len(given) >= 43  # 256 bits
    with TestClient(browser.app, base_url=BASE, cookies={COOKIE: "fixed-by-the-attacker"}) as attacker:
        assert attacker.get("/api/queue").status_code == 401


def test_each_login_has_a_token_of_its_own_of_which_only_the_hash_is_kept(browser: TestClient, hub: Hub) -> None:
    tokens = {browser.post("/api/session", json=LOGIN).json()["token"] for _ in range(3)}
    assert len(tokens) == 3
    with hub.database.reading() as session:
        kept = set(session.scalars(select(Session.token_sha256)))
    assert len(kept) == 3 and not tokens & kept


@pytest.mark.parametrize("path", ["/api/broken", "/console/broken"])
def test_fault_of_the_program_shows_neither_trace_nor_data(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 500
    for told in ("Traceback", "ZeroDivisionError", "Nguyễn", "001196", ".py"):
        assert told not in answer.text


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PATCH", "PROPFIND"])
def test_method_that_is_not_offered_is_refused(browser: TestClient, method: str) -> None:
    assert browser.request(method, "/api/queue").status_code == 405


def test_description_is_data_and_no_page_with_foreign_scripts(browser: TestClient) -> None:
    assert browser.get("/openapi.json").headers["content-type"] == "application/json"
    assert browser.get("/docs").status_code == browser.get("/redoc").status_code == 404


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_act_in_another_type_than_json_is_refused(browser: TestClient, kind: str) -> None:
    body = b'{"login": "mau", "password": "x"}'
    assert browser.post("/api/session", content=body, headers={"Content-Type": kind}).status_code in (401, 415, 422)
    form = browser.post("/api/session", content=b"login=mau&password=x", headers={"Content-Type": kind})
    assert form.status_code == 422


def test_unknown_and_repeated_parameters_change_nothing(browser: TestClient) -> None:
    headers = {"Authorization": f"Bearer {browser.post('/api/session', json=LOGIN).json()['token']}"}
    assert browser.post("/api/session", json={**LOGIN, "role": "administrator"}).status_code == 422
    assert browser.get("/api/register?year=1999&year=2026", headers=headers).json()["year"] == 2026


def test_log_holds_neither_password_token_pin_nor_what_is_searched_for(
    browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = browser.post("/api/session", json=LOGIN).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        browser.post("/api/session", json={"login": "mau", "password": "sai-mat-khau"})
        browser.post("/api/key/session", json={"pin": PIN}, headers=headers)
        browser.post("/api/register/search", json={"words": "Nguyễn Bí Mật"}, headers=headers)
    own = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    for secret in (PASSWORD, "sai-mat-khau", token, PIN, "Bí Mật", sessions.csrf_token(token)):
        assert secret not in own


def test_kiosk_can_not_write_lines_of_its_own_into_the_log(
    kiosk: KioskDouble, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        kiosk.intake.handle(f"tram/v1/{KIOSK}/up/x\nERROR hub: all lost", b"{}")
        kiosk.intake.handle(topics.up(KIOSK, "state"), b'{"x\\nERROR hub: all lost": 1}')
        kiosk.intake.handle("tram/v1/X\nERROR/up/state", b"{}")
    assert len(caplog.records) == 3
    assert not any("\n" in record.getMessage() for record in caplog.records)


def test_page_of_another_origin_gets_no_leave_to_read(browser: TestClient) -> None:
    answer = browser.options(
        "/api/queue", headers={"Origin": "https://evil.test", "Access-Control-Request-Method": "GET"}
    )
    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-origin" not in browser.get("/health", headers={"Origin": "null"}).headers


def test_way_back_after_the_login_can_not_be_led_elsewhere(browser: TestClient) -> None:
    answer = browser.post("/console/login?next=https://evil.test", data={**LOGIN, "next": "//evil.test"})
    assert answer.headers["location"] == "/console"
