"""Every device in one line: what, state, since when, remedy; the same lines are telemetry, doctor and dashboard."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from agent.devices.status import DeviceState, DeviceStatus, reading
from contract.clock import Clock, Deadline
from contract.messages import DeviceReading

ANSWER_S = 10.0
SELF_TEST_S = 30.0
UNSTEADY_CHANGES, UNSTEADY_WITHIN = 4, timedelta(minutes=10)
"""A device whose state changed so often in so short a time is unsteady."""


@runtime_checkable
class Device(Protocol):
    """What every device says of itself."""

    async def status(self) -> DeviceStatus:
        """Return its state without moving anything."""


@runtime_checkable
class SelfTesting(Protocol):
    """A device that can prove itself."""

    async def self_test(self, deadline: Deadline) -> DeviceStatus:
        """Go the way of production as far as nothing is used up; return what came of it, never raise a DeviceError."""


@runtime_checkable
class TestPrinting(Protocol):
    """A printer that can prove itself on paper."""

    async def print_test(self, deadline: Deadline) -> DeviceStatus:
        """Print one test sheet as production prints; return what came of it, never raise a DeviceError."""


class Board:
    """Remembers since when each device has been in its state, and which one comes and goes.

    `known` is what an earlier process remembered: device's name → state and since when. A device that can be used is in
    one state whether it is at work or not.
    """

    def __init__(self, known: Mapping[str, tuple[str, datetime]] | None = None) -> None:
        self.since: dict[str, tuple[str, datetime]] = dict(known or {})
        self._changes: dict[str, deque[datetime]] = {}

    async def lines(self, devices: Mapping[str, Device], clock: Clock) -> list[DeviceReading]:
        """Return every device's line; one that does not answer in time is DOWN and holds nobody up."""
        return self.lines_of(await self.statuses(devices), clock)

    async def statuses(self, devices: Mapping[str, Device]) -> dict[str, DeviceStatus]:
        """Return every device's whole status under its name, within the same time."""
        return await _all({name: device.status() for name, device in devices.items()}, ANSWER_S)

    def lines_of(self, statuses: Mapping[str, DeviceStatus], clock: Clock) -> list[DeviceReading]:
        """Return these statuses as lines."""
        return [reading(name, *shown) for name, shown in self.shown(statuses, clock).items()]

    def shown(self, statuses: Mapping[str, DeviceStatus], clock: Clock) -> dict[str, tuple[DeviceStatus, datetime]]:
        """Return what may be relied on of these statuses, and since when each device has been in its state."""
        return {name: self._shown(name, status, clock.now()) for name, status in statuses.items()}

    async def self_tests(
        self, devices: Mapping[str, Device], clock: Clock, *, printing: bool = False
    ) -> list[DeviceReading]:
        """Let every device prove itself as `proofs` does; return their lines."""
        return self.lines_of(await self.proofs(devices, clock, printing=printing), clock)

    async def proofs(
        self, devices: Mapping[str, Device], clock: Clock, *, printing: bool = False
    ) -> dict[str, DeviceStatus]:
        """Let every device prove itself; one without a self-test says its status. For a technician, between visits.

        Paper is used only with `printing`.
        """
        deadline = Deadline.after(clock, SELF_TEST_S)
        asked = {name: _proof(device, deadline, printing=printing) for name, device in devices.items()}
        return await _all(asked, SELF_TEST_S + ANSWER_S)

    def _shown(self, name: str, status: DeviceStatus, now: datetime) -> tuple[DeviceStatus, datetime]:
        state = DeviceState.READY if status.state is DeviceState.BUSY else status.state
        before, since = self.since.get(name, (state, now))
        changes = self._changes.setdefault(name, deque())
        if before != state:
            since = now
            changes.append(now)
        while changes and now - changes[0] > UNSTEADY_WITHIN:
            changes.popleft()
        self.since[name] = (state, since)
        return (status, since) if len(changes) < UNSTEADY_CHANGES else (_unsteady(status, changes), changes[0])


def _proof(device: Device, deadline: Deadline, *, printing: bool) -> Awaitable[DeviceStatus]:
    if printing and isinstance(device, TestPrinting):
        return device.print_test(deadline)
    return device.self_test(deadline) if isinstance(device, SelfTesting) else device.status()


def _unsteady(status: DeviceStatus, changes: Sequence[datetime]) -> DeviceStatus:
    """Return what is said of a device that comes and goes: nobody relies on what it says this moment."""
    minutes = UNSTEADY_WITHIN.seconds // 60
    worst = DeviceState.DOWN if status.state is DeviceState.DOWN else DeviceState.ATTENTION
    return DeviceStatus(
        state=worst,
        detail=f"came and went {len(changes)} times in {minutes} min; now: {status.detail}",
        remedy="; ".join(filter(None, (status.remedy, "Seat its cable and power plug, or replace the cable"))),
        vi=" ".join(
            filter(None, (f"Chập chờn {len(changes)} lần trong {minutes} phút. Cắm chặt hoặc thay cáp.", status.vi))
        ),
    )


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
            vi=f"Không trả lời trong {within_s:.0f} giây. Tắt rồi bật lại; nếu vẫn im, xem nhật ký của trạm.",
        )
