"""Cards: a sale is asked for, held by the card's bank, and then committed or reversed by the kiosk's word.

MDB/ICP 4.2 section 7 has no refund after a commit but for a card held to the reader once more (REVALUE, negative vend:
options of level 3): what is to go back after the commit is money that the kiosk owes.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from agent.devices.cashless_book import CashlessBook, Sale, SaleState
from agent.devices.cashless_faults import fault_of, hindrance
from agent.devices.control_board import LOOK_S, PATIENCE_S, ControlBoard
from agent.devices.errors import CashlessError
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Clock, Deadline
from firmware_bridge.errors import BridgeError
from firmware_bridge.protocol import (
    AskState,
    AskVend,
    Device,
    DeviceReport,
    EnableCashless,
    Event,
    EventKind,
    Report,
    SettleVend,
    VendReport,
    VendState,
)
from firmware_bridge.protocol import DeviceState as PartState
from firmware_bridge.session import SessionBegan

__all__ = ["Cashless", "CashlessStatus", "MdbCashless", "SaleState", "SimulatedCashless", "Wanted"]

Wanted = Callable[[], Awaitable[bool]]
"""Whether the citizen still wants to pay by card."""

QUIET_S: Final = 1.0
"""So long after the last word about a sale an event of it may still be on its way."""
WITHDRAW_S: Final = 15.0

_TOLD: Final[Mapping[EventKind, SaleState]] = {
    EventKind.VEND_APPROVED: SaleState.APPROVED,
    EventKind.VEND_COMMITTED: SaleState.COMMITTED,
    EventKind.VEND_REFUNDED: SaleState.REVERSED,
    EventKind.VEND_UNKNOWN: SaleState.UNKNOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CashlessStatus(DeviceStatus):
    """State, and whether a card is waited for."""

    waits_for_card: bool = False


class Cashless(ABC):
    """A card reader that does one sale at a time; each raises a DeviceError where it can't begin what is asked."""

    @abstractmethod
    async def ask(self, key: str, amount_vnd: int, deadline: Deadline, wanted: Wanted) -> SaleState:
        """Ask for a card and hold `amount_vnd` on it, once per key; return APPROVED, DENIED or UNKNOWN.

        Withdraws, and returns DENIED, when the deadline passes or the citizen does not want any more. Asked again for a
        key whose sale has ended, it returns how.
        """

    @abstractmethod
    async def settle(self, key: str, deadline: Deadline, *, commit: bool) -> SaleState:
        """Take what is held for this key, or give it back; return COMMITTED, REVERSED, DENIED or UNKNOWN.

        The first word counts. Where the reader can't be reached in time ASKED or APPROVED is returned, and what is
        wanted is done as soon as it can be.
        """

    @abstractmethod
    async def status(self) -> CashlessStatus:
        """Return what telemetry, doctor and dashboard all show."""


class MdbCashless(Cashless):
    """The reader at MDB address 10h behind `board`; `book` is this device's own file."""

    def __init__(self, board: ControlBoard, clock: Clock, book: Path) -> None:
        self._board, self._clock, self._book = board, clock, CashlessBook(book)
        self._reader: DeviceReport | None = None
        self._vend: VendReport | None = None
        self._sessions, self._heard_at_s = 0, clock.monotonic()
        self._one = asyncio.Lock()
        board.take(_TOLD, self._take)
        board.listen(self._hear)

    async def ask(self, key: str, amount_vnd: int, deadline: Deadline, wanted: Wanted) -> SaleState:
        """Hold the amount on a card, once per key."""
        async with self._one:
            await self._board.ready()
            sale = self._book.sale(key)
            if sale is None:
                await self._be_usable()
                sale = await asyncio.to_thread(self._book.begin, key, amount_vnd)
            try:
                await self._board.order(EnableCashless(enabled=1))
                state = await self._ask(key, deadline, wanted)
            finally:
                await self._board.order(EnableCashless(enabled=0))
        if state is not SaleState.ASKED:
            return state
        ended = await self.settle(key, Deadline.after(self._clock, WITHDRAW_S), commit=False)
        return ended if ended is SaleState.UNKNOWN else SaleState.DENIED

    async def settle(self, key: str, deadline: Deadline, *, commit: bool) -> SaleState:
        """Commit or reverse; what can't be done now is done when the board is back."""
        if self._book.sale(key) is None:
            return SaleState.DENIED
        sale = await asyncio.to_thread(lambda: self._book.want(key, commit=commit))
        while sale.is_open and not deadline.passed:
            await self._order_end(sale.number, commit=bool(sale.commit))
            await self._look(key)
            sale = self._now(key)
        return sale.state

    async def status(self) -> CashlessStatus:
        """Return the reader's state: DOWN where board or reader is away."""
        if self._board.is_away:
            fault = self._board.fault
            return CashlessStatus.down(fault)
        if broken := fault_of(self._reader):
            return CashlessStatus.down(broken)
        if self._reader is None or self._reader.state is PartState.STARTING:
            return CashlessStatus(state=DeviceState.BUSY, detail="being set up")
        waits = self._reader.state is PartState.ACCEPTING
        return CashlessStatus(state=DeviceState.READY, detail="cards", waits_for_card=waits)

    async def _be_usable(self) -> None:
        deadline = Deadline.after(self._clock, PATIENCE_S)
        while (fault := self._hindrance()) and not deadline.passed:
            await self._clock.sleep(LOOK_S)
        if fault:
            raise fault

    def _hindrance(self) -> CashlessError | None:
        """Return why no sale can be begun; an approval is told as an event before the report of it comes."""
        in_hand = self._book.numbered(self._vend.key) if self._vend else None
        is_held = in_hand is not None and in_hand.state is SaleState.APPROVED
        return hindrance(self._reader, self._vend, is_held=is_held)

    async def _ask(self, key: str, deadline: Deadline, wanted: Wanted) -> SaleState:
        """Return how the sale stands when it is no longer asked for; ASKED means that it is to be withdrawn."""
        asked_in, sale = 0, self._now(key)
        while sale.state is SaleState.ASKED and sale.commit is None:
            if deadline.passed or self._board.away_s > PATIENCE_S or not await wanted():
                break
            if asked_in != self._sessions:
                asked_in = self._sessions if await self._order_sale(sale) else 0
            await self._look(key)
            sale = self._now(key)
        return sale.state

    async def _look(self, key: str) -> None:
        """Wait a moment, then see whether the board has let go of a sale that nobody approved."""
        await self._clock.sleep(LOOK_S)
        sale = self._now(key)
        is_gone = self._vend is not None and self._vend.key != sale.number
        still_s = self._clock.monotonic() - self._heard_at_s
        if sale.state is SaleState.ASKED and is_gone and self._board.is_read_out and still_s >= QUIET_S:
            await asyncio.to_thread(self._book.tell, sale.number, SaleState.DENIED)

    async def _order_sale(self, sale: Sale) -> bool:
        """Return whether the board has this sale in hand now; what it says of it from here on is true."""
        try:
            await self._board.send(AskVend(key=sale.number, value=sale.amount_vnd))
            self._vend = None
            await self._board.send(AskState())
        except BridgeError:
            return False
        return True

    async def _order_end(self, number: int, *, commit: bool) -> None:
        try:
            await self._board.send(SettleVend(key=number, commit=int(commit)))
        except BridgeError:
            return  # it is ordered again at the next look, or when the board is back

    async def _take(self, epoch: int, event: Event) -> bool:
        self._heard_at_s = self._clock.monotonic()
        await asyncio.to_thread(self._book.tell, event.key, _TOLD[event.kind])
        return True

    async def _hear(self, report: Report | SessionBegan) -> None:
        match report:
            case SessionBegan():
                self._sessions += 1
                self._vend, self._heard_at_s = None, self._clock.monotonic()
            case DeviceReport(device=Device.READER):
                self._reader = report
            case VendReport():
                self._vend, self._heard_at_s = report, self._clock.monotonic()
                if report.state is VendState.APPROVED:
                    await self._end_what_is_decided(report.key)

    async def _end_what_is_decided(self, number: int) -> None:
        """Order the end that was wanted before; a sale that no book knows is nobody's and goes back to its card."""
        sale = self._book.numbered(number)
        if sale is None or sale.commit is not None:
            await self._order_end(number, commit=bool(sale and sale.commit))

    def _now(self, key: str) -> Sale:
        sale = self._book.sale(key)
        if sale is None:
            raise LookupError(key)
        return sale


class SimulatedCashless(Cashless):
    """A reader with a citizen before it: `verdicts` are what becomes of the next sales, DENIED where there is none."""

    def __init__(self) -> None:
        self.verdicts: list[SaleState] = []
        self.fault: CashlessError | None = None
        self.sales: dict[str, Sale] = {}

    async def ask(self, key: str, amount_vnd: int, deadline: Deadline, wanted: Wanted) -> SaleState:
        """Let the next verdict become true, once per key."""
        if key not in self.sales:
            if self.fault:
                raise self.fault
            verdict = self.verdicts.pop(0) if self.verdicts else SaleState.DENIED
            self.sales[key] = Sale(number=len(self.sales) + 1, amount_vnd=amount_vnd, state=verdict)
        return self.sales[key].state

    async def settle(self, key: str, deadline: Deadline, *, commit: bool) -> SaleState:
        """End what is held."""
        sale = self.sales.get(key)
        if sale is None:
            return SaleState.DENIED
        if sale.state is SaleState.APPROVED:
            ended = SaleState.COMMITTED if commit else SaleState.REVERSED
            self.sales[key] = Sale(number=sale.number, amount_vnd=sale.amount_vnd, state=ended)
        return self.sales[key].state

    def lose_power(self) -> None:
        """Forget what is held: the bank may have kept it or not."""
        for key, sale in self.sales.items():
            if sale.state is SaleState.APPROVED:
                self.sales[key] = Sale(number=sale.number, amount_vnd=sale.amount_vnd, state=SaleState.UNKNOWN)

    def sum_vnd(self, state: SaleState) -> int:
        """Return what all sales in this state come to."""
        return sum(sale.amount_vnd for sale in self.sales.values() if sale.state is state)

    async def status(self) -> CashlessStatus:
        """Return READY, or the fault."""
        if self.fault:
            return CashlessStatus.down(self.fault)
        return CashlessStatus(state=DeviceState.READY, detail="simulated")
