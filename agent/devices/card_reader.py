"""The reader of identity cards' chips: PC/SC, a card at a time, each exchange under a deadline.

What is said to the chip (ICAO 9303: BAC, PACE, reading, proof) is agent.identity's; here bytes go to and fro.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from agent.apdu import EXTENDED_ANSWER, SHORT_ANSWER, Answer, Command, get_response
from agent.devices import presence
from agent.devices.errors import CardMute, CardReaderError, CardReaderFailed, CardRemoved, NoCard
from agent.devices.pcsc import Pcsc, aim_at
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Deadline

__all__ = ["Card", "CardReader", "CardReaderStatus", "PcscReader", "SimulatedCardReader"]

T = TypeVar("T")

ASK_S = 5.0
"""The PC/SC service says how it is within this time."""

_MORE, _OTHER_LENGTH = 0x61, 0x6C
_HANGS = "no answer came in time"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReaderStatus(DeviceStatus):
    """State, and whether a card lies on the reader."""

    card_is_in: bool = False


class Card(Protocol):
    """A card under power; `atr` is its answer to reset (ISO/IEC 7816-3)."""

    atr: bytes

    async def transmit(self, command: Command, deadline: Deadline) -> Answer:
        """Return the card's answer; raise CardMute where none comes in time, CardRemoved or another CardReaderError."""


class CardReader(ABC):
    """Sees whether a card lies there and lets one program speak to it; methods raise a CardReaderError."""

    @abstractmethod
    async def card_is_in(self) -> bool:
        """Return what the contact says this moment; it chatters while a hand moves the card (see `wait_for_card`)."""

    @abstractmethod
    def connect(self, deadline: Deadline) -> AbstractAsyncContextManager[Card]:
        """Yield the card under power, for this program alone; raise NoCard or CardMute. At the end its power goes."""

    @abstractmethod
    async def status(self) -> CardReaderStatus:
        """Return what telemetry, doctor and dashboard all show."""

    async def wait_for_card(self, there: bool, deadline: Deadline) -> bool:
        """Return whether a card lies still, or is away for good, before the deadline."""
        return await presence.wait_for(self.card_is_in, there, deadline)

    async def self_test(self, deadline: Deadline) -> CardReaderStatus:
        """Power the card that lies there and read its answer to reset; without a card, find the reader."""
        try:
            if not await self.card_is_in():
                return await self.status()
            async with self.connect(deadline) as card:
                said = f"a card answered {card.atr.hex(' ')}"
        except CardReaderError as fault:
            return CardReaderStatus.down(fault)
        return CardReaderStatus(state=DeviceState.READY, detail=said, card_is_in=True)


class PcscReader(CardReader):
    """Any reader with a PC/SC driver; its calls block, so they run in a thread of their own.

    `reader` is the beginning of its name as `tram doctor` shows it, "" the first there is. `socket` is another pcscd's
    than the machine's: stand-ins only, one a process.
    """

    def __init__(self, reader: str = "", *, socket: Path | None = None) -> None:
        if socket:
            aim_at(socket)
        self._pcsc = Pcsc(reader)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="card")
        self._one_user = asyncio.Lock()
        self._hanging: set[Future[Any]] = set()

    async def card_is_in(self) -> bool:
        """Return what the reader says."""
        return await self._do(self._pcsc.card_is_in, ASK_S)

    @asynccontextmanager
    async def connect(self, deadline: Deadline) -> AsyncIterator[Card]:
        """Yield the card; its power goes even where it is mute."""
        async with self._one_user:
            handle, protocol, atr = await self._do(self._pcsc.connect, deadline.remaining_s)

            async def send(apdu: bytes, within_s: float) -> bytes:
                return await self._do(lambda: self._pcsc.transmit(handle, protocol, apdu), within_s)

            try:
                yield _PoweredCard(atr, send)
            finally:
                # queued, not only called: behind a call that hangs it is done when that one is back
                with suppress(CardMute):
                    await self._in_time(self._thread.submit(self._pcsc.disconnect, handle), ASK_S)

    async def status(self) -> CardReaderStatus:
        """Return BUSY while a card is spoken to; it is not disturbed."""
        if self._one_user.locked():
            return CardReaderStatus(state=DeviceState.BUSY, detail="a card is being read", card_is_in=True)
        try:
            name, there = await self._do(lambda: (self._pcsc.reader(), self._pcsc.card_is_in()), ASK_S)
        except CardReaderError as fault:
            return CardReaderStatus.down(fault)
        return CardReaderStatus(state=DeviceState.READY, detail=f"{name}, {_card(there)}", card_is_in=there)

    async def _do(self, work: Callable[[], T], within_s: float) -> T:
        """Return what PC/SC gives; a call that hangs keeps its thread, and every call says so until it is back."""
        if self._hanging:
            raise CardMute(_HANGS)
        return await self._in_time(self._thread.submit(work), within_s)

    async def _in_time(self, done: "Future[T]", within_s: float) -> T:
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(done)), 0.0 if self._hanging else within_s)
        except TimeoutError:
            self._hanging.add(done)
            done.add_done_callback(self._hanging.discard)
            raise CardMute(_HANGS) from None


class _PoweredCard:
    """A card whose bytes go through `send(apdu, seconds)`."""

    def __init__(self, atr: bytes, send: Callable[[bytes, float], Awaitable[bytes]]) -> None:
        self.atr, self._send = atr, send

    async def transmit(self, command: Command, deadline: Deadline) -> Answer:
        """Return the whole answer: what the card holds back (61xx) is fetched, a wrong length (6Cxx) asked anew."""
        answer = await self._once(command, deadline)
        if answer.status >> 8 == _OTHER_LENGTH:
            answer = await self._once(replace(command, answer=answer.status & 0xFF or SHORT_ANSWER), deadline)
        data = answer.data
        while answer.status >> 8 == _MORE:
            answer = await self._once(get_response(answer.status & 0xFF), deadline)
            data += answer.data
            if len(data) > EXTENDED_ANSWER:
                raise CardReaderFailed("the card's answer does not end")
        return Answer(data=data, status=answer.status)

    async def _once(self, command: Command, deadline: Deadline) -> Answer:
        said = await self._send(bytes(command), deadline.remaining_s)
        if len(said) < 2:
            raise CardRemoved(f"the answer broke off after {len(said)} bytes")
        return Answer(data=said[:-2], status=int.from_bytes(said[-2:], "big"))


class SimulatedCardReader(CardReader):
    """A reader whose card is a function from command APDU to answer; None: no card lies there."""

    def __init__(self, card: Callable[[bytes], bytes] | None = None, *, atr: bytes = b"\x3b\x80\x80\x01\x01") -> None:
        self.card, self._atr = card, atr
        self.fault: CardReaderError | None = None

    async def card_is_in(self) -> bool:
        """Return whether there is a card, or raise the chosen fault."""
        if self.fault:
            raise self.fault
        return self.card is not None

    @asynccontextmanager
    async def connect(self, deadline: Deadline) -> AsyncIterator[Card]:
        """Yield the card."""
        if not await self.card_is_in():
            raise NoCard

        async def send(apdu: bytes, within_s: float) -> bytes:
            if not await self.card_is_in() or self.card is None:
                raise CardRemoved
            return self.card(apdu)

        yield _PoweredCard(self._atr, send)

    async def status(self) -> CardReaderStatus:
        """Return DOWN while a fault is chosen."""
        if self.fault:
            return CardReaderStatus.down(self.fault)
        there = self.card is not None
        return CardReaderStatus(state=DeviceState.READY, detail=f"simulated, {_card(there)}", card_is_in=there)


def _card(there: bool) -> str:
    return "a card lies there" if there else "no card"
