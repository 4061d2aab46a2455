"""Paying out over the board: once per key, through resets of either side, to the coin that really came out."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from agent.devices.cash_book import CashBook, Payout
from agent.devices.control_board import LOOK_S, ControlBoard
from agent.devices.errors import CashUnavailable, ChangerSilent, DeviceError, PayoutUnknown
from contract.clock import Clock, Deadline
from firmware_bridge.errors import BridgeError, CommandRefused, LeaseRunOut, PartBusy
from firmware_bridge.protocol import Dispense

PAYOUT_S: Final = 45.0
"""So long a payout may take, a reset of the board in its midst included."""
ASK_AGAIN_S: Final = 2.0


class Payouts:
    """The payouts of one changer, one at a time; who hears the board writes each outcome into `book`.

    `shut` returns when no piece is on its way in: a coin that falls into a tube amid a payout would be miscounted.
    """

    def __init__(self, board: ControlBoard, clock: Clock, book: CashBook, shut: Callable[[], Awaitable[None]]) -> None:
        self._board, self._clock, self._book, self._shut = board, clock, book, shut
        self._one = asyncio.Lock()

    async def pay(self, key: str, amount_vnd: int) -> int:
        """Return what came out for this key; raise DeviceError where nothing has moved, PayoutUnknown or not known."""
        async with self._one:
            payout = self._book.payout(key)
            if payout is None:
                await self._shut()
                payout = await asyncio.to_thread(self._book.begin, key, amount_vnd)
                return await self._pay(key, payout, may_run=False)
            return await self._pay(key, payout, may_run=True) if payout.paid_vnd is None else payout.paid_vnd

    async def _pay(self, key: str, payout: Payout, *, may_run: bool) -> int:
        deadline = Deadline.after(self._clock, PAYOUT_S)
        while not deadline.passed:
            try:
                may_run |= await self._order(payout)
            except DeviceError:
                if not may_run:
                    await asyncio.to_thread(self._book.withdraw, key)
                    raise
            if (paid_vnd := await self._outcome(key)) is not None:
                return paid_vnd
        if may_run:
            raise PayoutUnknown(f"The board has not said what became of {payout.amount_vnd:,} đ")
        await asyncio.to_thread(self._book.withdraw, key)
        raise CashUnavailable("The coin changer is at something else")

    async def _order(self, payout: Payout) -> bool:
        """Order it, or the same once more; return whether it may run now, raise DeviceError where it was refused."""
        await self._board.ready()
        try:
            await self._board.send(Dispense(key=payout.number, value=payout.amount_vnd))
        except (PartBusy, LeaseRunOut):
            return False
        except CommandRefused as refusal:
            raise ChangerSilent("The coin changer does not take the order") from refusal
        except BridgeError:
            return True  # heard or not: under the same key it is asked again
        return True

    async def _outcome(self, key: str) -> int | None:
        """Return what came out as soon as it is known; None when it is time to ask again."""
        again = Deadline.after(self._clock, ASK_AGAIN_S)
        while not again.passed:
            payout = self._book.payout(key)
            if payout and payout.paid_vnd is not None:
                return payout.paid_vnd
            await self._clock.sleep(LOOK_S)
        return None
