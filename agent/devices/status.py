"""What every device says of itself: the same value is telemetry, the doctor's line and the dashboard's row."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contract.messages import DeviceReading


class DeviceState(StrEnum):
    """How far a device can be used."""

    READY = "READY"
    BUSY = "BUSY"
    ATTENTION = "ATTENTION"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """State, a sentence of detail, and the technician's remedy where one is needed; devices add their own counts."""

    state: DeviceState
    detail: str
    remedy: str = ""


def reading(name: str, status: DeviceStatus, since: datetime) -> DeviceReading:
    """Return a device's line as the contract carries it."""
    return DeviceReading(name=name, state=status.state, detail=status.detail, remedy=status.remedy, since=since)
