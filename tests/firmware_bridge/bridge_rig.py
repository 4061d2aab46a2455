"""Board, peripherals and a host with a ledger, as tests use them."""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware_bridge.board.peripherals.hand import Hand
from firmware_bridge.board.simulated_board import SimulatedBoard
from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import BridgeError, PortLost
from firmware_bridge.protocol import Event, EventKind

_TAKEN = (EventKind.COIN_TUBE, EventKind.COIN_BOX, EventKind.COIN_PULSED)


@dataclass
class Ledger:
    """The host's book: each event once, by epoch and serial."""

    events: dict[tuple[int, int], Event] = field(default_factory=dict)

    def write(self, epoch: int, event: Event) -> None:
        known = self.events.setdefault((epoch, event.serial), event)
        assert known == event, "the same serial told two stories"

    def sum(self, *kinds: EventKind) -> int:
        return sum(event.value for event in self.events.values() if event.kind in kinds)

    def coins_in(self) -> int:
        return self.sum(*_TAKEN)

    def paid_out(self, key: int) -> int | None:
        done = [e.value for e in self.events.values() if e.kind is EventKind.PAYOUT_DONE and e.key == key]
        assert len(done) <= 1, "one key was paid twice"
        return done[0] if done else None


class Host:
    """A host that keeps the lease and writes every event down before it confirms it."""

    def __init__(self, bridge: Bridge, ledger: Ledger) -> None:
        self.bridge, self.ledger = bridge, ledger
        self._tasks = [asyncio.create_task(self._write_down()), asyncio.create_task(self._keep_lease())]

    async def _write_down(self) -> None:
        with contextlib.suppress(PortLost):
            async for event in self.bridge.events():
                assert self.bridge.identity
                self.ledger.write(self.bridge.identity.epoch, event)
                with contextlib.suppress(BridgeError):
                    await self.bridge.confirm(event.serial)

    async def _keep_lease(self) -> None:
        for _ in itertools.count():
            with contextlib.suppress(BridgeError):
                await self.bridge.extend_lease()
            await asyncio.sleep(0.1)

    async def die(self) -> None:
        """End at this very moment, as kill -9 does."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.bridge.close()


@dataclass
class Rig:
    """One kiosk's box."""

    board: SimulatedBoard
    hand: Hand
    ledger: Ledger = field(default_factory=Ledger)

    async def host(self) -> Host:
        return Host(await Bridge.open(self.board.port), self.ledger)

    async def passes(self, seconds: float) -> None:
        """Wait so long on the machines' own clock: a loaded computer slows it down, and everything at the machines."""
        end_us = int(await self.do("now_us")) + seconds * 1e6
        while int(await self.do("now_us")) < end_us:
            await asyncio.sleep(0.02)

    async def do(self, verb: str, **arguments: Any) -> Any:
        return await asyncio.to_thread(self.hand.do, verb, **arguments)


async def until(true: Callable[[], bool], *, timeout_s: float = 60.0, what: str = "") -> None:
    """Wait for a condition."""
    async with asyncio.timeout(timeout_s):
        while not true():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running_rig(folder: Path, *, speed: int = 4, flash: Path | None = None) -> AsyncIterator[Rig]:
    """Run peripherals and board; at the end both are stopped."""
    bus, control = folder / "bus", folder / "hand"
    arguments = ["--socket", str(bus), "--control", str(control), "--record", str(folder / "record")]
    machines = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "firmware_bridge.board.peripherals", *arguments
    )
    await until(bus.exists)
    board = SimulatedBoard(folder, bus=bus, speed=speed, flash=flash)
    await board.start()
    try:
        with Hand(control) as hand:
            yield Rig(board, hand)
    finally:
        with contextlib.suppress(ProcessLookupError):
            await board.cut_power()
        machines.terminate()
        await machines.wait()
