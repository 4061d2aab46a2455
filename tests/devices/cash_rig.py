"""MdbCash at work on a board in simavr, as tests of money use it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.devices.cash_mdb import MdbCash
from agent.devices.control_board import ControlBoard
from contract.clock import Clock
from provisioning.onebox.cash_machines import CashStandIn
from tests.beside import beside
from tests.machine_clock import MachineClock

LOOK_S = 0.02
SPEED = 3
"""Faster than life at most, and slow enough for a loaded computer to keep the lease."""


@dataclass
class Rig:
    """One kiosk's cash and its machines, on a clock as fast as theirs."""

    machines: CashStandIn
    board: ControlBoard
    cash: MdbCash
    clock: Clock

    async def do(self, verb: str, **arguments: Any) -> Any:
        return await asyncio.to_thread(self.machines.do, verb, **arguments)

    async def counts(self) -> dict[str, int]:
        return await self.do("counts")


async def until_async(true: Callable[[], Any], within_s: float = 60.0) -> None:
    async with asyncio.timeout(within_s):
        while not await true():
            await asyncio.sleep(LOOK_S)


async def well() -> None:
    """The kiosk is well."""


@asynccontextmanager
async def agent_at(machines: CashStandIn, book: Path) -> AsyncIterator[Rig]:
    """An agent's cash; leaving is what a kill does: the lease just isn't extended any more."""
    clock = MachineClock(machines.control)
    board = ControlBoard(str(machines.port), clock)
    cash = MdbCash(board, clock, book, cassette_notes=2)
    try:
        async with beside(board.run(well)):
            yield Rig(machines, board, cash, clock)
    finally:
        clock.close()
