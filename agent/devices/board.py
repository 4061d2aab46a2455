"""Every device in one line: what, state, since when, remedy; the same lines are telemetry, doctor and dashboard."""

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from agent.devices.status import DeviceState, DeviceStatus, reading
from contract.clock import Clock, Deadline
from contract.messages import DeviceReading

ANSWER_S = 10.0
SELF_TEST_S = 30.0


class Device(Protocol):
    """What every device says of itself."""

    async def status(self) -> DeviceStatus:
        """Return its state without moving anything."""


@runtime_checkable
class SelfTesting(Protocol):
    """A device that can prove itself."""

    async def self_test(self, deadline: Deadline) -> DeviceStatus:
        """Go the way of production as far as nothing is used up; return what came of it, never raise a DeviceError."""


class Board:
    """Remembers since when each device has been in its state."""

    def __init__(self) -> None:
        self._since: dict[str, tuple[DeviceState, datetime]] = {}

    async def lines(self, devices: Mapping[str, Device], clock: Clock) -> list[DeviceReading]:
        """Return every device's line; one that does not answer in time is DOWN and holds nobody up."""
        return self.lines_of(await self.statuses(devices), clock)

    async def statuses(self, devices: Mapping[str, Device]) -> dict[str, DeviceStatus]:
        """Return every device's whole status under its name, within the same time."""
        return await _all({name: device.status() for name, device in devices.items()}, ANSWER_S)

    def lines_of(self, statuses: Mapping[str, DeviceStatus], clock: Clock) -> list[DeviceReading]:
        """Return these statuses as lines."""
        return [self._line(name, status, clock.now()) for name, status in statuses.items()]

    async def self_tests(self, devices: Mapping[str, Device], clock: Clock) -> list[DeviceReading]:
        """Let every device prove itself; one without a self-test says its status. For a technician, between visits."""
        deadline = Deadline.after(clock, SELF_TEST_S)
        asked: dict[str, Awaitable[DeviceStatus]] = {
            name: device.self_test(deadline) if isinstance(device, SelfTesting) else device.status()
            for name, device in devices.items()
        }
        return self.lines_of(await _all(asked, SELF_TEST_S + ANSWER_S), clock)

    def _line(self, name: str, status: DeviceStatus, now: datetime) -> DeviceReading:
        state, since = self._since.get(name, (None, now))
        if state is not status.state:
            since = now
        self._since[name] = (status.state, since)
        return reading(name, status, since)


async def _all(asked: Mapping[str, Awaitable[DeviceStatus]], within_s: float) -> dict[str, DeviceStatus]:
    said = await asyncio.gather(*(_in_time(answer, within_s) for answer in asked.values()))
    return dict(zip(asked, said, strict=True))


async def _in_time(answer: Awaitable[DeviceStatus], within_s: float) -> DeviceStatus:
    try:
        return await asyncio.wait_for(answer, within_s)
    except TimeoutError:
        return DeviceStatus(
            state=DeviceState.DOWN,
            detail=f"it did not say how it is within {within_s:.0f} s",
            remedy="Switch the device off and on; if it stays silent, see the kiosk's log",
        )
