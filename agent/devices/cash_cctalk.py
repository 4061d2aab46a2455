"""Coins alone, by a ccTalk acceptor without the MDB bus: no escrow and no payout, so the exact sum is asked for.

A coin that was let in can't come back, so none is let in that is worth more than what is still due; what comes in too
much all the same (two coins at once) is owed and becomes a voucher. The acceptor's counter of events goes round after
255: this device keeps the last mark, the credits and their serials in its own book, written as one.
"""

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from agent.devices.cash import Cash, CashStatus, Credit
from agent.devices.cctalk import Checksum
from agent.devices.coin_acceptor_cctalk import CcTalkCoinAcceptor, CoinReading
from agent.devices.status import DeviceState
from agent.whole_file import write_whole
from contract.clock import Clock

QUIET_S: Final = 1.2
"""So long after the acceptor is shut a coin may still be falling."""


class CoinBook(Struct, frozen=True, kw_only=True):
    """The file: a counter of events (`epoch` is drawn when it begins) and the acceptor's mark that it stands for.

    `taken_vnd` is what has come in since the book began, `unseen` counts events that the acceptor had overwritten.
    """

    epoch: int
    mark: int | None = None
    last_serial: int = 0
    credits: tuple[Credit, ...] = ()
    taken_vnd: int = 0
    unseen: int = 0


class CcTalkCash(Cash):
    """A coin acceptor at serial `port`; `coins_vnd` gives each channel's value, `book` is this device's own file."""

    def __init__(
        self,
        port: str,
        coins_vnd: Mapping[int, int],
        clock: Clock,
        book: Path,
        *,
        address: int = 2,
        checksum: Checksum = "simple",
    ) -> None:
        self._acceptor = CcTalkCoinAcceptor(port, coins_vnd, clock, address=address, checksum=checksum)
        self._values = frozenset(coins_vnd.values())
        self._clock, self._path, self._due_vnd = clock, book, 0
        self._one = asyncio.Lock()
        book.parent.mkdir(parents=True, exist_ok=True)
        if book.exists():
            self._book = msgspec.json.decode(book.read_bytes(), type=CoinBook)
        else:
            self._book = CoinBook(epoch=secrets.randbits(31) + 1)
            write_whole(book, msgspec.json.encode(self._book))

    async def accept(self, due_vnd: int) -> None:
        """Let in coins worth no more than what is due; raise CoinAcceptorError."""
        async with self._one:
            await self._count()
            waiting_vnd = sum(credit.value_vnd for credit in self._book.credits)
            self._due_vnd = max(0, due_vnd - waiting_vnd)
            await self._let_in()

    async def stop_accepting(self) -> None:
        """Let every further coin fall through; return when the last one is counted."""
        async with self._one:
            self._due_vnd = 0
            await self._acceptor.stop_accepting()
            await self._clock.sleep(QUIET_S)
            await self._count()

    async def credits(self, after: int) -> list[Credit]:
        """Return the unconfirmed credits above `after`; an event that nobody saw is one of 0 đồng, not certain."""
        async with self._one:
            if await self._count():
                await self._let_in()
            return [credit for credit in self._book.credits if credit.serial > after]

    async def confirm(self, serial: int) -> None:
        """Forget the credits up to `serial`."""
        async with self._one:
            kept = tuple(credit for credit in self._book.credits if credit.serial > serial)
            await self._write(msgspec.structs.replace(self._book, credits=kept))

    async def dispense(self, key: str, amount_vnd: int) -> int:
        """Return 0: no coin can come out."""
        return 0

    async def epoch(self) -> int:
        """Return the number of this book's counter."""
        return self._book.epoch

    async def status(self) -> CashStatus:
        """Return the acceptor's state; it never gives change."""
        said = await self._acceptor.status()
        state, detail, remedy, vi = said.state, said.detail, said.remedy, said.vi
        if self._book.unseen and state is DeviceState.READY:
            state, detail = DeviceState.ATTENTION, f"{self._book.unseen} events were overwritten before they were read"
            remedy = "Count the coin box and compare with the cash report; see that nothing else holds the serial line"
            vi = f"{self._book.unseen} sự kiện bị ghi đè trước khi đọc. Đếm hộp xu, đối chiếu với sổ tiền mặt."
        return CashStatus(
            state=state,
            detail=f"{detail}; no change",
            remedy=remedy,
            vi=vi,
            cassette_vnd=self._book.taken_vnd,
            accepting=self._due_vnd > 0,
            welcome_vnd=tuple(sorted(self._welcome())),
            gives_change=False,
        )

    def _welcome(self) -> frozenset[int]:
        return frozenset(value for value in self._values if value <= self._due_vnd)

    async def _let_in(self) -> None:
        if welcome := self._welcome():
            await self._acceptor.accept(welcome)
        else:
            await self._acceptor.stop_accepting()

    async def _count(self) -> bool:
        """Take what the acceptor has counted into the book; return whether other coins are welcome than before."""
        reading = await self._acceptor.read(self._book.mark)
        before = self._welcome()
        if reading.mark != self._book.mark or reading.coins_vnd or reading.unknown:
            await self._write(_with(self._book, reading))
            self._due_vnd = max(0, self._due_vnd - sum(reading.coins_vnd))
        return self._welcome() != before or (reading.was_reset and self._due_vnd > 0)

    async def _write(self, book: CoinBook) -> None:
        if book != self._book:
            await asyncio.to_thread(write_whole, self._path, msgspec.json.encode(book))
            self._book = book


def _with(book: CoinBook, reading: CoinReading) -> CoinBook:
    found = [(value, True) for value in reading.coins_vnd] + [(0, False)] * reading.unknown
    credits = tuple(
        Credit(serial=book.last_serial + place, value_vnd=value, certain=certain)
        for place, (value, certain) in enumerate(found, 1)
    )
    return msgspec.structs.replace(
        book,
        mark=reading.mark,
        last_serial=book.last_serial + len(credits),
        credits=(*book.credits, *credits),
        taken_vnd=book.taken_vnd + sum(reading.coins_vnd),
        unseen=book.unseen + reading.unknown,
    )
