"""What Prometheus scrapes: the figures of the database, read back by Prometheus' own parser."""

import msgspec
import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, CertifierDouble, KeysDouble, KioskDouble, approve
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.messages import DeviceReading, LegalMode, State, Telemetry
from hub.config import HttpConfig
from hub.console.app import create_app
from hub.fleet.metrics import scraped
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub

TOKEN = "a token for tests that is long enough"
pytestmark = pytest.mark.both_databases


def value(hub: Hub, name: str, **labels: str) -> float | None:
    found = [
        sample.value
        for family in text_string_to_metric_families(scraped(hub).decode())
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    return found[0] if found else None


def say(kiosk: KioskDouble, *, online: bool = True, device_state: str = "READY") -> None:
    now = kiosk.hub.clock.now()
    state = State(v=1, online=online, since=now, version="0.1.0", legal_mode=LegalMode.PILOT_REMOTE)
    device = DeviceReading(name="page_printer", state=device_state, detail="", remedy="", since=now)
    told = Telemetry(v=1, at=now, devices=(device,), vitals={"disk_free_mb": 123.0})
    for room, message in (("state", state), ("telemetry", told)):
        assert kiosk.intake.handle(topics.up(kiosk.id, room), messages.encode(message)) == []


def test_kiosk_that_never_spoke_is_offline(hub: Hub) -> None:
    assert value(hub, "tram_kiosk_online", kiosk=KIOSK) == 0
    assert value(hub, "tram_kiosk_heard_timestamp_seconds", kiosk=KIOSK) is None


def test_what_a_kiosk_says_is_measured_and_its_last_will_believed(hub: Hub, kiosk: KioskDouble) -> None:
    say(kiosk, device_state="ATTENTION")
    assert value(hub, "tram_kiosk_online", kiosk=KIOSK) == 1
    assert value(hub, "tram_device_state", kiosk=KIOSK, device="page_printer", state="ATTENTION") == 1
    assert value(hub, "tram_kiosk_vital", kiosk=KIOSK, vital="disk_free_mb") == 123
    say(kiosk, online=False)
    assert value(hub, "tram_kiosk_online", kiosk=KIOSK) == 0
    assert value(hub, "tram_device_state", kiosk=KIOSK, state="ATTENTION") is None


def test_papers_are_counted_on_their_way(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    paper = kiosk.queue_paper()
    clock.advance(90)
    assert value(hub, "tram_papers", state="QUEUED") == 1
    assert value(hub, "tram_oldest_paper_waits_seconds") == 90
    approve(hub, paper)
    assert value(hub, "tram_copies_to_sign") == 1
    assert SigningQueue(hub, CertifierDouble()).sign_next()
    assert value(hub, "tram_copies_signed_total") == 1
    assert value(hub, "tram_copies_to_sign") == 0
    assert value(hub, "tram_oldest_paper_waits_seconds") == 0
    assert value(hub, "tram_log_leaves_total") == 1


def test_nothing_about_a_person_is_measured(hub: Hub, kiosk: KioskDouble) -> None:
    say(kiosk)
    approve(hub, kiosk.queue_paper())
    assert "Mẫu" not in scraped(hub).decode()


@pytest.mark.parametrize(
    ("configured", "borne", "status"),
    [("", TOKEN, 404), (TOKEN, "another", 403), (TOKEN, "", 401), (TOKEN, TOKEN, 200)],
)
def test_metrics_are_for_whoever_bears_the_token(hub: Hub, configured: str, borne: str, status: int) -> None:
    config = replace(hub.config, http=replace(hub.config.http, metrics_token=configured))
    served = Hub.open(config, hub.clock)
    headers = {"Authorization": f"Bearer {borne}"} if borne else {}
    with TestClient(create_app(served, lambda: b"", KeysDouble())) as web:
        assert web.get("/metrics", headers=headers).status_code == status
    served.database.close()


def test_token_that_could_be_guessed_is_refused_in_the_configuration() -> None:
    with pytest.raises(msgspec.ValidationError, match="metrics_token"):
        msgspec.convert({"metrics_token": "short"}, HttpConfig)
