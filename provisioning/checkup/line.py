"""One line of the check-up, in the form of a device's."""

from agent.devices.status import DeviceState
from contract.clock import Clock
from contract.messages import DeviceReading


def good(name: str, detail: str, clock: Clock) -> DeviceReading:
    """Return a line that asks for nothing."""
    return _line(name, DeviceState.READY, detail, "", clock)


def attention(name: str, detail: str, remedy: str, clock: Clock) -> DeviceReading:
    """Return a line that somebody should look at in time."""
    return _line(name, DeviceState.ATTENTION, detail, remedy, clock)


def bad(name: str, detail: str, remedy: str, clock: Clock) -> DeviceReading:
    """Return a line without which the kiosk can't serve."""
    return _line(name, DeviceState.DOWN, detail, remedy, clock)


def _line(name: str, state: DeviceState, detail: str, remedy: str, clock: Clock) -> DeviceReading:
    return DeviceReading(name=name, state=state, detail=detail, remedy=remedy, since=clock.now())
