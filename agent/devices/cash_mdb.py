"""Cash on the MDB bus: bill validator and coin changer behind the control board, which keeps every event of money.

A note waits in escrow until it is known to be wanted; once the board says that it lies in the cassette, or a coin in a
tube or the box, it is a Credit with the board's own serial. Payouts go by key: the board does one key once, whatever
resets between, and says by the tubes' own count what came out.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final

from agent.devices.cash import Cash, CashStatus, Credit
from agent.devices.cash_book import CashBook
from agent.devices.cash_faults import is_cassette_out
from agent.devices.cash_intake import Intake
from agent.devices.cash_payouts import Payouts
from agent.devices.control_board import LOOK_S, PATIENCE_S, ControlBoard
from agent.devices.errors import CashUnavailable, ControlBoardError, NoteCassetteFull
from agent.devices.status import DeviceState
from contract.clock import Clock, Deadline
from firmware_bridge.protocol import Device, DeviceReport, Event, EventKind, Report
from firmware_bridge.session import SessionBegan

_COINS: Final = (EventKind.COIN_TUBE, EventKind.COIN_BOX, EventKind.COIN_PULSED)
_CREDITS: Final = (*_COINS, EventKind.NOTE_STACKED, EventKind.NOTE_UNKNOWN)
_OUTCOMES: Final = (EventKind.NOTE_RETURNED, EventKind.PAYOUT_DONE, EventKind.COIN_HANDED_OUT)
_AT_THE_END: Final = (EventKind.NOTE_STACKED, EventKind.NOTE_RETURNED, EventKind.NOTE_UNKNOWN)
_TO_CASSETTE: Final = (EventKind.COIN_BOX, EventKind.COIN_PULSED, EventKind.NOTE_STACKED)


class MdbCash(Cash):
    """Validator and changer on `board`; `book` is this device's own file, `cassette_notes` what the cassette holds."""

    def __init__(self, board: ControlBoard, clock: Clock, book: Path, *, cassette_notes: int = 400) -> None:
        self._board, self._book, self._cassette_notes = board, CashBook(book), cassette_notes
        self._intake = Intake(board, clock)
        self._payouts = Payouts(board, clock, self._book, self._intake.shut)
        self._credits: dict[int, Credit] = {}
        self._credits_epoch = 0
        board.take((*_CREDITS, *_OUTCOMES), self._take)
        board.listen(self._hear)

    async def accept(self, due_vnd: int) -> None:
        """Let in what is welcome until `due_vnd` has come; raise where neither notes nor coins can."""
        waiting_vnd = sum(credit.value_vnd for credit in await self.credits(0) if credit.certain)
        await self._intake.open(max(0, due_vnd - waiting_vnd))
        if not self._intake.usable:
            raise CashUnavailable("; ".join(fault.cause for fault in self._intake.faults()).rstrip("."))

    async def stop_accepting(self) -> None:
        """Let nothing more in; return when no piece is on its way any more."""
        await self._intake.shut()

    async def credits(self, after: int) -> list[Credit]:
        """Return the unconfirmed credits above `after`; raise where the board has been away for too long."""
        if self._board.away_s > PATIENCE_S:
            raise self._board.fault
        return [credit for serial, credit in sorted(self._credits.items()) if serial > after]

    async def confirm(self, serial: int) -> None:
        """Let the board forget the credits up to `serial`."""
        booked = [each for each in self._credits if each <= serial]
        for each in booked:
            del self._credits[each]
        self._board.settle(booked)

    async def dispense(self, key: str, amount_vnd: int) -> int:
        """Pay out once per key; return what came out, raise PayoutUnknown where that can't be known."""
        paid_vnd = await self._payouts.pay(key, amount_vnd)
        await self._intake.count_tubes()
        return paid_vnd

    async def epoch(self) -> int:
        """Return the number of the board's counter of events, when it has told all that it had to tell."""
        return await self._board.epoch()

    async def status(self) -> CashStatus:
        """Return state and sums: DOWN without notes and coins, ATTENTION where one of them or the change is missing."""
        if self._board.is_away:
            return CashStatus.down(self._board.fault)
        if self._intake.is_setting_up:
            return CashStatus(state=DeviceState.BUSY, detail="being set up", cassette_vnd=self._book.taken_vnd)
        await self._intake.count_tubes()
        full = [NoteCassetteFull()] if self._book.notes >= self._cassette_notes else []
        faults, change_vnd = [*self._intake.faults(), *full], self._intake.change_vnd
        worst = DeviceState.ATTENTION if self._intake.usable else DeviceState.DOWN
        return CashStatus.of(
            faults,
            state=worst if faults else DeviceState.READY,
            well=f"notes and coins, {change_vnd:,} đ of change",
            tubes=self._intake.counted_tubes,
            change_vnd=change_vnd,
            cassette_vnd=self._book.taken_vnd,
            accepting=self._intake.welcome.due_vnd > 0,
            welcome_vnd=self._intake.welcome_vnd,
        )

    async def self_test(self, deadline: Deadline) -> CashStatus:
        """Ask the board for denominations and tubes, and the book for the cassette; no money moves."""
        while self._intake.is_setting_up and not deadline.passed and not self._board.is_away:
            await deadline.clock.sleep(LOOK_S)
        try:
            kinds = await self._intake.ask_kinds()
        except ControlBoardError as fault:
            return CashStatus.down(fault)
        status = await self.status()
        asked = (
            f"{kinds[Device.VALIDATOR]} kinds of notes, {kinds[Device.CHANGER]} of coins, "
            f"{self._book.notes} of {self._cassette_notes} notes in the cassette"
        )
        return replace(status, detail=f"{status.detail}; {asked}")

    async def _take(self, epoch: int, event: Event) -> bool:
        self._intake.moved()
        if event.kind is EventKind.PAYOUT_DONE:
            await asyncio.to_thread(self._book.finish, event.key, event.value)
        if event.kind in _TO_CASSETTE:
            await asyncio.to_thread(
                self._book.count, (epoch, event.serial), event.value, is_note=event.kind is EventKind.NOTE_STACKED
            )
        if event.kind in _AT_THE_END:
            self._intake.welcome.coming_vnd = 0
        if event.kind in _CREDITS:
            await self._credit(epoch, event)
        return event.kind not in _CREDITS

    async def _hear(self, report: Report | SessionBegan) -> None:
        if isinstance(report, DeviceReport) and is_cassette_out(report):
            await asyncio.to_thread(self._book.empty)

    async def _credit(self, epoch: int, event: Event) -> None:
        if epoch != self._credits_epoch:
            self._credits_epoch, self._credits = epoch, {}
        certain = event.kind is not EventKind.NOTE_UNKNOWN
        self._credits[event.serial] = Credit(serial=event.serial, value_vnd=event.value, certain=certain)
        if event.kind is EventKind.COIN_TUBE:
            self._intake.welcome.tubes[event.value] = event.detail
        await self._intake.came(event.value if certain else 0)
