"""What every device says of itself: the same value is telemetry, the doctor's line and the dashboard's row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from agent.devices.errors import DeviceError
from contract.messages import DeviceReading


class DeviceState(StrEnum):
    """How far a device can be used."""

    READY = "READY"
    BUSY = "BUSY"
    ATTENTION = "ATTENTION"
    DOWN = "DOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """State, a sentence of detail, and the technician's remedy where one is needed; devices add their own counts.

    `vi` tells detail and remedy to staff who read Vietnamese; it is empty where all is well.
    """

    state: DeviceState
    detail: str
    remedy: str = ""
    vi: str = ""

    @classmethod
    def of(cls, faults: Iterable[DeviceError], *, state: DeviceState, well: str = "", **more: Any) -> Self:
        """Return the status of a device with these faults; `well` is its detail where it has none."""
        known = list(faults)
        return cls(
            state=state,
            detail="; ".join(fault.cause for fault in known) or well,
            remedy="; ".join(fault.remedy for fault in known),
            vi=" ".join(f"{fault.cause_vi}. {fault.remedy_vi}." for fault in known),
            **more,
        )

    @classmethod
    def down(cls, fault: DeviceError, **more: Any) -> Self:
        """Return that the device is DOWN for this fault; `more` are its own counts."""
        return cls.of([fault], state=DeviceState.DOWN, **more)


def reading(name: str, status: DeviceStatus, since: datetime) -> DeviceReading:
    """Return a device's line as the contract carries it."""
    return DeviceReading(name=name, state=status.state, detail=status.detail, remedy=status.remedy, since=since)
