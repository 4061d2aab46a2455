"""What Home Assistant discovers: one device a kiosk, its values from the kiosk's own topics, templates that compute."""

import json
from datetime import UTC, datetime

import jinja2
import pytest
from hub_doubles import KIOSK, PREPARING_KIOSK, KioskDouble

from contract import messages, topics
from contract.messages import DeviceReading, LegalMode, State, Telemetry
from hub.fleet import home_assistant
from hub.fleet.view import sights
from hub.rooms import Hub
from hub.store.tables import Kiosk

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def telemetry(device: str = "page_printer", state: str = "READY", vital: str = "disk_free_mb") -> Telemetry:
    line = DeviceReading(name=device, state=state, detail="", remedy="", since=NOW)
    return Telemetry(v=1, at=NOW, devices=(line,), vitals={vital: 12.5})


def say(kiosk: KioskDouble, told: Telemetry) -> None:
    kiosk.intake.handle(topics.up(kiosk.id, "telemetry"), messages.encode(told))


def discovered(hub: Hub) -> dict[str, dict]:
    with hub.database.reading() as session:
        letters = home_assistant.discovery(sights(session))
    assert all(letter.retain for letter in letters)
    return {letter.topic: json.loads(letter.payload) if letter.payload else {} for letter in letters}


def rendered(template: str, message: messages.Message) -> str:
    return (
        jinja2.Environment(autoescape=False)
        .from_string(template)
        .render(value_json=json.loads(messages.encode(message)))
    )


def test_every_kiosk_is_a_device_at_the_address_that_is_looked_for(hub: Hub) -> None:
    assert set(discovered(hub)) == {f"homeassistant/device/tram_{kiosk}/config" for kiosk in (KIOSK, PREPARING_KIOSK)}


@pytest.mark.parametrize(("state", "shown"), [("READY", "OFF"), ("BUSY", "OFF"), ("ATTENTION", "ON"), ("DOWN", "ON")])
def test_device_in_trouble_is_a_problem_in_what_home_assistant_computes(
    hub: Hub, kiosk: KioskDouble, state: str, shown: str
) -> None:
    say(kiosk, telemetry(state=state))
    components = discovered(hub)[f"homeassistant/device/tram_{KIOSK}/config"]["components"]
    problem, disk = components["problem_page_printer"], components["disk_free_mb"]
    assert problem["state_topic"] == disk["state_topic"] == f"tram/v1/{KIOSK}/up/telemetry"
    assert rendered(problem["value_template"], telemetry(state=state)) == shown
    assert rendered(disk["value_template"], telemetry()) == "12.5"


@pytest.mark.parametrize("online", [True, False])
def test_kiosk_that_falls_silent_is_shown_as_gone(hub: Hub, online: bool) -> None:
    told = State(v=1, online=online, since=NOW, version="1", legal_mode=LegalMode.PILOT_REMOTE)
    device = discovered(hub)[f"homeassistant/device/tram_{KIOSK}/config"]
    assert rendered(device["availability"][0]["value_template"], told) == ("online" if online else "offline")
    assert rendered(device["components"]["online"]["value_template"], told) == ("ON" if online else "OFF")


def test_revoked_kiosk_disappears(hub: Hub) -> None:
    with hub.database.writing() as session:
        session.get_one(Kiosk, KIOSK).revoked_at = hub.clock.now()
    assert discovered(hub)[f"homeassistant/device/tram_{KIOSK}/config"] == {}


@pytest.mark.parametrize("name", ["x') | first }}{{ 7 * 7 }}", "Máy in", "a b", ""])
def test_name_that_a_kiosk_made_up_does_not_get_into_a_template(hub: Hub, kiosk: KioskDouble, name: str) -> None:
    say(kiosk, telemetry(device=name, vital=name))
    components = discovered(hub)[f"homeassistant/device/tram_{KIOSK}/config"]["components"]
    assert set(components) == {"online"}
