"""The control board's keeper: told to end, it ends, whatever the cable does in that moment."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from cash_rig import well

from agent.devices.control_board import ControlBoard
from contract.clock import SystemClock
from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import PortLost


class PulledCable:
    """A connection that is lost when `pulled` is set, and says nothing before."""

    def __init__(self) -> None:
        self.pulled = asyncio.Event()

    async def __aenter__(self) -> "PulledCable":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def reports(self) -> AsyncIterator[None]:
        await self.pulled.wait()
        yield None
        raise PortLost("the cable is out")

    async def events(self) -> AsyncIterator[None]:
        await asyncio.Event().wait()
        yield None

    async def extend_lease(self) -> None:
        await asyncio.Event().wait()


async def test_keeper_told_to_end_ends_though_the_cable_is_pulled_in_that_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cable = PulledCable()

    async def opened(_port: str) -> PulledCable:
        return cable

    monkeypatch.setattr(Bridge, "open", opened)
    keeper = asyncio.create_task(ControlBoard("/dev/none", SystemClock()).run(well))
    for _ in range(10):
        await asyncio.sleep(0)
    cable.pulled.set()
    keeper.cancel()
    await asyncio.wait([keeper], timeout=20)
    assert keeper.cancelled()
