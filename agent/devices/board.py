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
        return await self._all({name: device.status() for name, device in devices.items()}, clock, ANSWER_S)

    async def self_tests(self, devices: Mapping[str, Device], clock: Clock) -> list[DeviceReading]:
        """Let every device prove itself; one without a self-test says its status. For a technician, between visits."""
        deadline = Deadline.after(clock, SELF_TEST_S)
        asked: dict[str, Awaitable[DeviceStatus]] = {
            name: device.self_test(deadline) if isinstance(device, SelfTesting) else device.status()
            for name, device in devices.items()
        }
        return await self._all(asked, clock, SELF_TEST_S + ANSWER_S)

    async def _all(
        self, asked: Mapping[str, Awaitable[DeviceStatus]], clock: Clock, within_s: float
    ) -> list[DeviceReading]:
        said = await asyncio.gather(*(_in_time(answer, within_s) for answer in asked.values()))
        return [self._line(name, status, clock.now()) for name, status in zip(asked, said, strict=True)]

    def _line(self, name: str, status: DeviceStatus, now: datetime) -> DeviceReading:
        state, since = self._since.get(name, (None, now))
        if state is not status.state:
            since = now
        self._since[name] = (status.state, since)
        return reading(name, status, since)


async def _in_time(answer: Awaitable[DeviceStatus], within_s: float) -> DeviceStatus:
    try:
        return await asyncio.wait_for(answer, within_s)
    except TimeoutError:
        return DeviceStatus(
            state=DeviceState.DOWN,
            detail=f"it did not say how it is within {within_s:.0f} s",
            remedy="Switch the device off and on; if it stays silent, see the kiosk's log",
        )
