"""The operator's page: a code shown once, a photograph compared and answered, a quarantine seen and released."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from enrolment_doubles import OPERATOR, Town, made, town
from fastapi.testclient import TestClient
from fleet_doubles import FleetKiosk
from hub_doubles import KIOSK, PASSWORD, PREPARING_KIOSK, KeysDouble, opened

from agent.link.device_key import DeviceKey
from contract import enrolment, messages
from contract.clock import SimulatedClock
from contract.enrolment import REQUEST, Ticket, for_the_eye
from contract.messages import LegalMode, State
from hub.config import HubConfig
from hub.console.app import create_app
from hub.enrolment.devices import Request
from hub.fleet import alerts
from hub.verify import confined
from provisioning import carried

BASE = "https://testserver"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    here = made(tmp_path_factory.mktemp("desk"), SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)))
    yield here
    here.hub.database.close()


@pytest.fixture(scope="module")
def operator(place: Town) -> Iterator[TestClient]:
    app = create_app(place.hub, lambda: b"{}", KeysDouble(), devices=place.devices)
    with TestClient(app, base_url=BASE) as web:
        token = web.post("/api/session", json={"login": OPERATOR, "password": PASSWORD}).json()["token"]
        web.headers["Authorization"] = f"Bearer {token}"
        yield web


def test_a_code_is_told_once_and_enrols(place: Town, operator: TestClient, tmp_path: Path) -> None:
    told = operator.post(f"/api/kiosks/{KIOSK}/enrolment-code").json()
    ticket = Ticket.parse(told["ticket"])
    assert (ticket.kiosk, ticket.code, ticket.ca_sha256) == (KIOSK, told["code"], place.devices.ca_sha256)
    assert told["fingerprint"] == for_the_eye(place.devices.ca_sha256) and told["picture"].startswith("<svg")
    key = DeviceKey.make(tmp_path / "k")
    place.devices.enrol(Request.read(key.request(KIOSK)), told["code"])
    assert told["code"] not in operator.get(f"/console/kiosks/{KIOSK}/enrol").text


def test_a_photograph_is_read_compared_and_answered(place: Town, operator: TestClient, tmp_path: Path) -> None:
    key = DeviceKey.make(tmp_path / "k")
    (picture,) = carried.draw(enrolment.cut(REQUEST, key.request(KIOSK)), tmp_path, "request")
    sent = {"pictures": [base64.b64encode(picture.read_bytes()).decode()]}
    read = operator.post(f"/api/kiosks/{KIOSK}/carried-requests", json=sent).json()
    assert (read["kiosk"], read["fingerprint"]) == (KIOSK, for_the_eye(key.sha256))
    answer = operator.post(f"/api/kiosks/{KIOSK}/carried-answers", json={"request": read["request"]})
    assert answer.status_code == 201 and all(svg.startswith("<svg") for svg in answer.json()["pictures"])
    other = operator.post("/api/kiosks/tram-02/carried-requests", json=sent)
    assert (other.status_code, other.json()["code"]) == (422, "CARRIED_WRONG")
    assert "The request is of tram-01" in other.json()["cause"]


def test_a_photograph_of_something_else_is_said_to_be_that(operator: TestClient) -> None:
    sent = {"pictures": [base64.b64encode(b"no picture").decode()]}
    answer = operator.post(f"/api/kiosks/{KIOSK}/carried-requests", json=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "CARRIED_WRONG")
    assert "sharper picture" in answer.json()["cause"]


def test_a_photograph_that_nobody_has_time_for_is_said_to_be_that(
    operator: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confined, "PATIENCE_S", 0.01)
    with ExitStack() as taken:
        for _ in range(confined.AT_ONCE):
            taken.enter_context(confined._place())
        said = operator.post(
            f"/api/kiosks/{KIOSK}/carried-requests", json={"pictures": [base64.b64encode(b"x").decode()]}
        )
    assert (said.status_code, said.json()["code"]) == (422, "CARRIED_WRONG")
    assert "Try again in a minute" in said.text


def test_a_quarantine_is_an_alert_that_stands_on_the_page_until_it_is_released(
    place: Town, operator: TestClient
) -> None:
    clock = place.hub.clock
    for nonce in ("a", "b"):
        clock.advance(1)  # type: ignore[attr-defined]
        said = State(
            v=1, online=True, since=clock.now(), version="1", legal_mode=LegalMode.PILOT_REMOTE, start=5,
            nonce=nonce * 32,
        )  # fmt: skip
        FleetKiosk(place.hub, clock).publish("state", messages.encode(said))
    alerts.review(place.hub)
    with place.hub.database.reading() as session:
        assert [(row.rule, row.severity) for row in alerts.raised(session, KIOSK)] == [("clone", "STOP")]
    page = operator.get(f"/console/kiosks/{KIOSK}/enrol").text
    assert "Hai máy cùng xưng là trạm này." in page and "start 5 was said with two nonces" in page
    assert operator.delete(f"/api/kiosks/{KIOSK}/quarantine").status_code == 204
    assert "Hai máy" not in operator.get(f"/console/kiosks/{KIOSK}/enrol").text
    alerts.review(place.hub)
    with place.hub.database.reading() as session:
        assert not alerts.raised(session, KIOSK)


def test_a_kiosk_revoked_at_the_console_is_on_the_brokers_list(
    place: Town, operator: TestClient, tmp_path: Path
) -> None:
    key = DeviceKey.make(tmp_path / "k")
    issued = place.devices.enrol(Request.read(key.request(PREPARING_KIOSK)), place.ticket(PREPARING_KIOSK).code)
    assert operator.post(f"/api/kiosks/{PREPARING_KIOSK}/revocation").status_code == 201
    assert f"{issued.serial_number:X}" in place.pki.revoked_machines()
    assert operator.post(f"/api/kiosks/{PREPARING_KIOSK}/enrolment-code").status_code == 404
    assert "đã bị thu hồi vĩnh viễn" in operator.get(f"/console/kiosks/{PREPARING_KIOSK}/enrol").text


def test_a_hub_without_a_place_to_enrol_says_so(config: HubConfig, clock: SimulatedClock) -> None:
    hub = opened(config, clock)
    app = create_app(hub, lambda: b"{}", KeysDouble(), devices=town(hub).devices)
    with TestClient(app, base_url=BASE) as web:
        token = web.post("/api/session", json={"login": OPERATOR, "password": PASSWORD}).json()["token"]
        told = web.post(f"/api/kiosks/{KIOSK}/enrolment-code", headers={"Authorization": f"Bearer {token}"})
    assert (told.status_code, told.json()["code"]) == (404, "ENROLMENT_CLOSED")
    hub.database.close()
