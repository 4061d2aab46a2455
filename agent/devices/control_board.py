"""The microcontroller board: its port kept open, its lease extended while the kiosk is well, its orders renewed.

What is ordered stays in force through resets of the board, which forgets all but its events. The board itself keeps an
event until every event up to it is settled: booked by the ledger, or without need of a book.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Final

from agent.devices.errors import ControlBoardError, ControlBoardOutdated, ControlBoardTaken, ControlBoardUnreachable
from contract.cancellation import apart
from contract.clock import Clock, Deadline
from firmware_bridge.bridge import Bridge, Table
from firmware_bridge.errors import BoardRestarted, BridgeError, CommandRefused, OtherProtocol, PortLost, PortTaken
from firmware_bridge.protocol import Command, Event, EventKind, Notice, NoticeKind, Report
from firmware_bridge.session import SessionBegan

TICK_S: Final = 0.4
"""How often the lease (2 s) is extended."""
REOPEN_S: Final = 1.0
LOOK_S: Final = 0.05
PATIENCE_S: Final = 10.0
"""So long a board may be away, for a reset or a plug put in again, before anybody is told."""

log = logging.getLogger(__name__)

Taker = Callable[[int, Event], Awaitable[bool]]
"""Takes one event of an epoch; returns whether it is settled. It comes again after a crash until it is."""

Listener = Callable[[Report | SessionBegan], Awaitable[None]]


class ControlBoard:
    """One board on one port, shared by the devices that hang on it."""

    def __init__(self, port: str, clock: Clock) -> None:
        self._port, self._clock = port, clock
        self._bridge: Bridge | None = None
        self._fault: BridgeError = PortLost(f"The port {port} is not open yet")
        self._away_since_s: float | None = clock.monotonic()
        self._over = False
        self._takers: dict[EventKind, Taker] = {}
        self._listeners: list[Listener] = []
        self._orders: dict[type[Command], Command] = {}
        self._due: dict[type[Command], None] = {}
        self._ordering = asyncio.Lock()
        self._wake = asyncio.Event()
        self._epoch = self._told = self._seen = self._confirmed = 0
        self._unsettled: set[int] = set()

    def take(self, kinds: Iterable[EventKind], taker: Taker) -> None:
        """Let `taker` have the events of these kinds."""
        self._takers |= dict.fromkeys(kinds, taker)

    def listen(self, listener: Listener) -> None:
        """Let `listener` hear every report, and every session that begins."""
        self._listeners.append(listener)

    @property
    def is_away(self) -> bool:
        """Whether the board does not answer now."""
        return self._away_since_s is not None

    @property
    def away_s(self) -> float:
        """How long the board has been away; 0 while it answers."""
        return 0.0 if self._away_since_s is None else self._clock.monotonic() - self._away_since_s

    @property
    def fault(self) -> ControlBoardError:
        """Why the board is away."""
        kinds = {OtherProtocol: ControlBoardOutdated, PortTaken: ControlBoardTaken}
        kind = kinds.get(type(self._fault), ControlBoardUnreachable)
        return kind(str(self._fault).split(". ")[0])

    @property
    def is_told_out(self) -> bool:
        """Whether the board answers and has told every event that it had when the session began."""
        return self._away_since_s is None and self._seen >= self._told

    @property
    def is_read_out(self) -> bool:
        """Whether, besides, every event told since has been taken."""
        return self.is_told_out and self._bridge is not None and self._seen >= self._bridge.last_event

    async def epoch(self) -> int:
        """Return the number of the board's counter of events; raise ControlBoardError."""
        await self.ready()
        return self._epoch

    async def ready(self) -> None:
        """Return when the board answers and has told what it had to tell; raise ControlBoardError."""
        deadline = Deadline.after(self._clock, PATIENCE_S)
        while not self.is_told_out:
            if self._over or deadline.passed:
                raise self.fault
            await self._clock.sleep(LOOK_S)

    async def send(self, command: Command) -> Table | None:
        """Have one command done; raise BridgeError."""
        if self._bridge is None:
            raise self._fault.with_traceback(None)
        return await self._bridge.send(command)

    async def order(self, command: Command) -> None:
        """Put `command` in force, in the place of the last one of its kind, until the next one."""
        if self._orders.get(type(command)) != command:
            self._orders[type(command)] = command
            self._due[type(command)] = None
        await self._order_due()

    def settle(self, serials: Iterable[int]) -> None:
        """Let the board forget these events; it does when all before them are settled too."""
        self._unsettled.difference_update(serials)
        self._wake.set()

    async def run(self, well: Callable[[], Awaitable[None]]) -> None:
        """Keep the board at work until cancelled, each extension of the lease after `well()` has returned."""
        try:
            while True:
                await apart(self._one_port(well))
                await self._clock.sleep(REOPEN_S)
        finally:
            self._over = True

    async def _one_port(self, well: Callable[[], Awaitable[None]]) -> None:
        try:
            async with await Bridge.open(self._port) as bridge, asyncio.TaskGroup() as tasks:
                self._bridge = bridge
                tasks.create_task(self._hear(bridge))
                tasks.create_task(self._take_events(bridge))
                tasks.create_task(self._keep_at_work(bridge, well))
        except* BridgeError as faults:
            self._lost(faults)
        finally:
            self._bridge = None

    def _lost(self, faults: BaseExceptionGroup[BridgeError]) -> None:
        first: BaseException = faults
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        assert isinstance(first, BridgeError)
        if self._away_since_s is None:
            log.warning("the control board is away: %s", first)
            self._away_since_s = self._clock.monotonic()
        self._fault = first

    async def _keep_at_work(self, bridge: Bridge, well: Callable[[], Awaitable[None]]) -> None:
        while True:
            await well()
            with suppress(BoardRestarted):
                await bridge.extend_lease()
                await self._confirm(bridge)
            await self._order_due()
            await self._rest()

    async def _rest(self) -> None:
        """Wait for the next tick, or until something is to be confirmed."""
        waits = [asyncio.ensure_future(self._clock.sleep(TICK_S)), asyncio.ensure_future(self._wake.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        self._wake.clear()

    async def _confirm(self, bridge: Bridge) -> None:
        settled = min(self._unsettled) - 1 if self._unsettled else self._seen
        if settled > self._confirmed:
            await bridge.confirm(settled)
            self._confirmed = settled

    async def _order_due(self) -> None:
        """Give the orders that the board does not know; what it refuses now it is told again at the next tick."""
        async with self._ordering:
            for kind in list(self._due):
                command = self._orders[kind]
                try:
                    await self.send(command)
                except CommandRefused:
                    continue
                except BridgeError:
                    return
                if self._orders[kind] is command:
                    self._due.pop(kind, None)

    async def _hear(self, bridge: Bridge) -> None:
        async for report in bridge.reports():
            if isinstance(report, SessionBegan):
                self._began(report)
            if isinstance(report, SessionBegan) or _is_lease_lost(report):
                self._due = dict.fromkeys(self._orders)
                self._wake.set()
            for listener in self._listeners:
                await listener(report)

    def _began(self, began: SessionBegan) -> None:
        identity = began.identity
        if identity.epoch != self._epoch:
            self._epoch, self._seen = identity.epoch, 0
            self._unsettled.clear()
        self._confirmed = identity.confirmed
        self._seen = max(self._seen, identity.confirmed)
        self._told = identity.last_serial
        self._away_since_s = None

    async def _take_events(self, bridge: Bridge) -> None:
        async for event in bridge.events():
            while self._away_since_s is not None:  # the session's own report comes first
                await self._clock.sleep(LOOK_S)
            if event.serial > self._seen:
                await self._take(event)

    async def _take(self, event: Event) -> None:
        taker = self._takers.get(event.kind)
        self._unsettled.add(event.serial)
        if taker is None or await taker(self._epoch, event):
            self.settle([event.serial])
        self._seen = event.serial


def _is_lease_lost(report: Report) -> bool:
    return isinstance(report, Notice) and report.kind is NoticeKind.LEASE_LOST
