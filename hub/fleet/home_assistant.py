"""Home Assistant's MQTT discovery: retained descriptions, so that an existing dashboard shows the fleet without code.

One device a kiosk (`homeassistant/device/<id>/config`, since Home Assistant 2024.11). The values are read from the
kiosk's own topics of the contract, never from the hub.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from contract import topics
from contract.vitals import BY_NAME
from hub.fleet.view import ATTENTION, DOWN, Sight
from hub.intake.answers import Outgoing

PREFIX = "homeassistant"
_ORIGIN = {"name": "Trạm", "support_url": "https://tram.example.vn"}
_CLASSES = {"disk_free_mb": "data_size", "temperature_c": "temperature"}
_PLAIN = re.compile("[a-z0-9_]{1,40}")
"""Names that may stand in a template: what a kiosk says must not become code at a dashboard."""


def discovery(seen: Iterable[Sight]) -> list[Outgoing]:
    """Return what is published, retained, so that each kiosk appears; a revoked one disappears (empty payload)."""
    return [
        Outgoing(topic=_topic(sight.kiosk.id), payload=b"" if sight.kiosk.revoked_at else _device(sight), retain=True)
        for sight in seen
    ]


def _topic(kiosk: str) -> str:
    return f"{PREFIX}/device/tram_{kiosk}/config"


def _device(sight: Sight) -> bytes:
    kiosk = sight.kiosk.id
    about: dict[str, Any] = {
        "device": {"identifiers": [f"tram_{kiosk}"], "name": f"Trạm {sight.kiosk.site}", "model": "kiosk"},
        "origin": _ORIGIN,
        "availability": [
            {
                "topic": topics.up(kiosk, "state"),
                "value_template": "{{ 'online' if value_json.online else 'offline' }}",
            }
        ],
        "qos": 1,
        "components": {"online": _online(kiosk), **_problems(sight), **_vitals(sight)},
    }
    return msgspec.json.encode(about)


def _online(kiosk: str) -> dict[str, Any]:
    return {
        "platform": "binary_sensor",
        "unique_id": f"tram_{kiosk}_online",
        "name": "Kết nối",
        "device_class": "connectivity",
        "state_topic": topics.up(kiosk, "state"),
        "value_template": "{{ 'ON' if value_json.online else 'OFF' }}",
        "availability": [],
    }


def _problems(sight: Sight) -> dict[str, Any]:
    devices = [each for each in sight.telemetry.devices if _PLAIN.fullmatch(each.name)] if sight.telemetry else []
    return {
        f"problem_{device.name}": {
            "platform": "binary_sensor",
            "unique_id": f"tram_{sight.kiosk.id}_problem_{device.name}",
            "name": device.name,
            "device_class": "problem",
            "state_topic": topics.up(sight.kiosk.id, "telemetry"),
            "value_template": (
                f"{{{{ 'ON' if (value_json.devices | selectattr('name', 'eq', {device.name!r}) | first).state"
                f" in {[ATTENTION, DOWN]} else 'OFF' }}}}"
            ),
        }
        for device in devices
    }


def _vitals(sight: Sight) -> dict[str, Any]:
    vitals = sight.telemetry.vitals if sight.telemetry else {}
    return {
        name: {
            "platform": "sensor",
            "unique_id": f"tram_{sight.kiosk.id}_{name}",
            "name": BY_NAME[name].vi if name in BY_NAME else name,
            "state_class": "measurement",
            "state_topic": topics.up(sight.kiosk.id, "telemetry"),
            "value_template": f"{{{{ value_json.vitals[{name!r}] }}}}",
            **({"unit_of_measurement": BY_NAME[name].unit} if name in BY_NAME and BY_NAME[name].unit else {}),
            **({"device_class": _CLASSES[name]} if name in _CLASSES else {}),
        }
        for name in sorted(filter(_PLAIN.fullmatch, vitals))
    }
