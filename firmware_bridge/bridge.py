"""The board as the host sees it: commands with answers, events of money until confirmed, states as they change."""

import asyncio
import dataclasses
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Self

from firmware_bridge.errors import REFUSALS, BoardRestarted, BoardSilent, BridgeError, OtherProtocol
from firmware_bridge.protocol import (
    VERSION,
    Code,
    Command,
    Confirm,
    Denominations,
    Device,
    DeviceReport,
    Event,
    ExtendLease,
    Identity,
    NoteReport,
    Report,
    Result,
    Sensors,
    Tubes,
    VendReport,
)
from firmware_bridge.serial_line import SerialLine
from firmware_bridge.session import Session, SessionBegan, SessionLost, Told

ANSWER_S = 3.0
"""A command is answered within this time, many repetitions on a bad cable included."""

Table = Denominations | Tubes


@dataclass(slots=True)
class BoardState:
    """What the board last told of its parts; None where it has not told yet."""

    devices: dict[Device, DeviceReport] = field(default_factory=dict)
    note: NoteReport | None = None
    vend: VendReport | None = None
    sensors: Sensors | None = None


@dataclass(slots=True)
class _Asked:
    """A command that waits for its Result."""

    answer: asyncio.Future[Result]
    table: Table | None = None


class Bridge:
    """One board on one port.

    After a reset of the board the session is begun anew by itself: `reports` tells SessionBegan, and all that was
    commanded (acceptors, lamp, lock) is to be commanded again. Only the events are kept by the board.
    """

    def __init__(self) -> None:
        self.state = BoardState()
        self.identity: Identity | None = None
        self._session = Session(random32=lambda: secrets.randbits(32))
        self._line: SerialLine | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._asked: dict[int, _Asked] = {}
        self._tag = 0
        self._last_event = 0
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._reports: asyncio.Queue[Report | SessionBegan | None] = asyncio.Queue()
        self._began = asyncio.Event()
        self._fault: BridgeError | None = None
        self._loop = asyncio.get_running_loop()

    @classmethod
    async def open(cls, port: str, *, timeout_s: float = ANSWER_S) -> Self:
        """Open the port and begin a session; raise PortLost, BoardSilent or OtherProtocol."""
        bridge = cls()
        bridge._line = SerialLine(port, bridge._received, bridge._lost)
        bridge._begin()
        try:
            async with asyncio.timeout(timeout_s):
                await bridge._began.wait()
        except TimeoutError:
            bridge.close()
            raise BoardSilent(f"No board answers on {port}") from None
        if bridge._fault:
            bridge.close()
            raise bridge._end()
        return bridge

    def close(self) -> None:
        """Let go of the port; the board comes to rest two seconds later."""
        if self._timer:
            self._timer.cancel()
        if self._line:
            self._line.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    @property
    def last_event(self) -> int:
        """The serial of the newest event that the board has told, 0 where it has told none of this epoch."""
        return self._last_event

    async def extend_lease(self) -> None:
        """Keep the board at work for another two seconds; raise BridgeError."""
        await self.send(ExtendLease())

    async def confirm(self, serial: int) -> None:
        """Tell the board that the ledger holds all events up to `serial`; raise BridgeError."""
        await self.send(Confirm(serial=serial))

    async def send(self, command: Command) -> Table | None:
        """Have one command done; return the table it asked for, if it asked for one; raise BridgeError."""
        if self._fault:
            raise self._end()
        self._tag = self._tag % 255 + 1
        while self._tag in self._asked:
            self._tag = self._tag % 255 + 1
        tag, asked = self._tag, _Asked(self._loop.create_future())
        self._asked[tag] = asked
        self._session.push(command.CODE, dataclasses.replace(command, tag=tag).pack())
        self._send_due()
        try:
            async with asyncio.timeout(ANSWER_S):
                result = await asked.answer
        except TimeoutError:
            raise BoardSilent(f"The board did not answer {type(command).__name__}") from None
        finally:
            del self._asked[tag]
        if result.code is not Code.OK:
            raise REFUSALS[result.code](f"The board refused {type(command).__name__}: {result.code.name}")
        return asked.table

    async def events(self) -> AsyncIterator[Event]:
        """Yield each event once, rising by serial, beginning with the first that is not confirmed; raise PortLost."""
        while event := await self._events.get():
            yield event
        raise self._end()

    async def reports(self) -> AsyncIterator[Report | SessionBegan]:
        """Yield changes of state, notices and begun sessions; raise PortLost. `state` holds the newest of each."""
        while report := await self._reports.get():
            yield report
        raise self._end()

    def _end(self) -> BridgeError:
        return self._fault.with_traceback(None) if self._fault else BoardSilent("The bridge was closed")

    def _begin(self) -> None:
        self._session.begin(self._loop.time())
        self._send_due()

    def _send_due(self) -> None:
        if not self._line or self._fault:
            return
        if data := self._session.to_send(self._loop.time()):
            self._line.write(data)
        if self._timer:
            self._timer.cancel()
        due_s = self._session.due_s()
        self._timer = self._loop.call_at(due_s, self._send_due) if due_s is not None else None

    def _received(self, data: bytes) -> None:
        for told in self._session.feed(data):
            self._take(told)
        self._send_due()

    def _lost(self, fault: BridgeError) -> None:
        self._fault = fault
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(fault)
        self._events.put_nowait(None)
        self._reports.put_nowait(None)
        self._began.set()

    def _take(self, told: Told) -> None:
        match told:
            case SessionBegan():
                self._take_identity(told)
            case SessionLost():
                self._restart()
            case Result():
                if (asked := self._asked.get(told.tag)) and not asked.answer.done():
                    asked.answer.set_result(told)
            case Event():
                self._take_event(told)
            case _:
                self._take_state(told)

    def _take_identity(self, began: SessionBegan) -> None:
        if began.identity.version != VERSION:
            self._lost(OtherProtocol(f"The firmware speaks version {began.identity.version}, this host {VERSION}"))
            return
        if self.identity is None or began.identity.epoch != self.identity.epoch:
            self._last_event = 0
        self.identity = began.identity
        self._reports.put_nowait(began)
        self._began.set()

    def _restart(self) -> None:
        self.state = BoardState()
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(BoardRestarted("The board was reset before it answered"))
        self._begin()

    def _take_event(self, event: Event) -> None:
        if event.serial > self._last_event:
            self._last_event = event.serial
            self._events.put_nowait(event)

    def _take_state(self, report: Report) -> None:
        match report:
            case Denominations() | Tubes():
                if asked := self._asked.get(report.tag):
                    asked.table = report
                return
            case DeviceReport():
                self.state.devices[report.device] = report
            case NoteReport():
                self.state.note = report
            case VendReport():
                self.state.vend = report
            case Sensors():
                self.state.sensors = report
        self._reports.put_nowait(report)
