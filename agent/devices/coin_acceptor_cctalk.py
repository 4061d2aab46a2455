"""A ccTalk coin acceptor: coins without escrow, counted by the acceptor's own event counter.

The acceptor keeps its last five events and a counter that is 0 only after a reset and goes from 255 to 1 (header 229;
read in the SR5 protocol manual TSP073, page 5, and in Azkoyen's X6 manual, 5.20, which repeat the Generic
Specification). What became of events that were overwritten nobody knows: they are `unknown` and go to a person.
After a reset every coin is inhibited, so nothing is taken before `accept` says so again; ask `read` first.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agent.devices.byte_line import LineLost, open_line
from agent.devices.cctalk import BAUD, Checksum, Talk
from agent.devices.errors import CoinAcceptorError, CoinAcceptorSilent, CoinTableDiffers
from agent.devices.status import DeviceState, DeviceStatus
from contract.clock import Clock

SIMPLE_POLL, SELF_CHECK, MODIFY_INHIBIT, READ_EVENTS, MASTER_INHIBIT, COIN_ID = 254, 232, 231, 229, 228, 184
SLOTS = 5
_COUNTS, _NAME_BYTES = 255, 6
_OPEN, _SHUT = b"\x01", b"\x00"

REMARKS: Mapping[int, str] = {
    1: "coin rejected", 2: "inhibited coin", 3: "coin fits two kinds", 5: "validation timeout",
    6: "coin did not reach the credit sensor", 8: "two coins too close", 10: "credit sensor not ready",
    14: "credit sensor blocked", 15: "sorter blocked", 16: "credit sequence error", 17: "coin going backwards",
    18: "coin too fast", 19: "coin too slow", 20: "coin on a string", 23: "credit sensor reached too early",
    25: "slug rejected", 30: "accept gate does not open", 36: "swallowed coin", 254: "coin return pressed",
}  # fmt: skip
"""Error codes worth a sentence (Generic Specification part 3, table 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinReading:
    """What happened since a mark, oldest first; keep `mark` with the credits, in one transaction.

    `unknown` events were overwritten before they were read: each was a coin or a remark. `was_reset` says that the
    acceptor began to count anew and takes no coin until `accept` is called.
    """

    mark: int
    coins_vnd: tuple[int, ...] = ()
    remarks: tuple[int, ...] = ()
    unknown: int = 0
    was_reset: bool = False


class CoinAcceptor(ABC):
    """Takes coins for good; every method raises a CoinAcceptorError."""

    @abstractmethod
    async def accept(self, coins_vnd: frozenset[int]) -> None:
        """Let coins of these values in, and no others."""

    @abstractmethod
    async def stop_accepting(self) -> None:
        """Let every further coin fall through."""

    @abstractmethod
    async def read(self, after: int | None) -> CoinReading:
        """Return what happened after this mark; None, on a kiosk's first day, passes over what there was before."""

    @abstractmethod
    async def status(self) -> DeviceStatus:
        """Return what telemetry, doctor and dashboard all show."""


class CcTalkCoinAcceptor(CoinAcceptor):
    """An acceptor on a serial adapter; `coins_vnd` gives the value of each of its channels (1 to 16)."""

    def __init__(
        self, port: str, coins_vnd: Mapping[int, int], clock: Clock, *, address: int = 2, checksum: Checksum = "simple"
    ) -> None:
        self._port, self._coins, self._clock = port, dict(coins_vnd), clock
        self._address, self._checksum = address, checksum
        self._one_user = asyncio.Lock()
        self._remark = ""

    async def accept(self, coins_vnd: frozenset[int]) -> None:
        """Let these coins in; raise CoinTableDiffers where the acceptor calls one of them by another value."""
        chosen = {channel: value for channel, value in self._coins.items() if value in coins_vnd}
        async with self._talk() as talk:
            for channel, value in chosen.items():
                await _check_name(talk, channel, value)
            mask = sum(1 << channel - 1 for channel in chosen)
            await talk.ask(MODIFY_INHIBIT, mask.to_bytes(2, "little"))
            await talk.ask(MASTER_INHIBIT, _OPEN)

    async def stop_accepting(self) -> None:
        """Shut the acceptor by its master inhibit."""
        async with self._talk() as talk:
            await talk.ask(MASTER_INHIBIT, _SHUT)

    async def read(self, after: int | None) -> CoinReading:
        """Return what happened after this mark."""
        async with self._talk() as talk:
            buffer = await talk.ask(READ_EVENTS, expects=1 + 2 * SLOTS)
        reading = CoinReading(mark=buffer[0]) if after is None else reading_of(buffer, after, self._coins)
        for code in reading.remarks:
            self._remark = f"; last remark: {REMARKS.get(code, f'code {code}')}"
        return reading

    async def status(self) -> DeviceStatus:
        """Return whether it answers and its self-check finds nothing."""
        try:
            async with self._talk() as talk:
                await talk.ask(SIMPLE_POLL)
                fault = (await talk.ask(SELF_CHECK, expects=1))[0]
        except CoinAcceptorError as silent:
            return DeviceStatus.down(silent)
        if fault:
            remedy = "Open the acceptor's flap and clean the coin path; if the code stays, replace it"
            vi = f"Máy nhận xu tự kiểm tra báo mã {fault}. Mở nắp, lau đường xu; nếu mã vẫn còn thì thay."
            return DeviceStatus(state=DeviceState.ATTENTION, detail=f"self-check code {fault}", remedy=remedy, vi=vi)
        detail = f"ccTalk address {self._address} at {self._port}{self._remark}"
        return DeviceStatus(state=DeviceState.READY, detail=detail)

    @asynccontextmanager
    async def _talk(self) -> AsyncIterator[Talk]:
        async with self._one_user:
            try:
                line = await open_line(self._port, baud=BAUD)
            except LineLost as fault:
                raise CoinAcceptorSilent(str(fault)) from fault
            try:
                yield Talk(line, self._clock, address=self._address, checksum=self._checksum)
            except LineLost as fault:
                raise CoinAcceptorSilent(str(fault)) from fault
            finally:
                line.close()


def reading_of(buffer: bytes, after: int, coins_vnd: Mapping[int, int]) -> CoinReading:
    """Return what the eleven bytes of header 229 say beyond the mark `after` (0 to 255).

    Slots that were never written show that the counter has not gone round since the last reset.
    """
    counter = buffer[0]
    slots = [(buffer[1 + 2 * slot], buffer[2 + 2 * slot]) for slot in range(SLOTS)]
    written = sum(slot != (0, 0) for slot in slots)
    was_reset = counter < after and counter == written < SLOTS
    new = counter if was_reset else _steps(after, counter)
    events = slots[: min(new, SLOTS)][::-1]
    return CoinReading(
        mark=counter,
        coins_vnd=tuple(coins_vnd[channel] for channel, _ in events if channel in coins_vnd),
        remarks=tuple(code for channel, code in events if channel == 0),
        unknown=max(0, new - SLOTS) + sum(channel != 0 and channel not in coins_vnd for channel, _ in events),
        was_reset=was_reset,
    )


def value_named(name: bytes) -> int | None:
    """Return the value in đồng that a coin's name says (VN500A, VN5K0A); None where it names no Vietnamese coin.

    Names are country, three characters of value with K for the thousands' point, and a letter of the coin's version
    (Generic Specification part 3, appendix 3; the K form is from memory and only ever contradicts kiosk.toml).
    """
    text = name.decode("ascii", "replace")
    if len(text) != 6 or not text.startswith("VN"):
        return None
    whole, thousands, part = text[2:5].partition("K")
    if not (whole.isdigit() and (not part or part.isdigit())):
        return None
    return int(whole) * 1000 + int(part.ljust(3, "0")) if thousands else int(whole)


async def _check_name(talk: Talk, channel: int, value_vnd: int) -> None:
    name = await talk.ask(COIN_ID, bytes([channel]), expects=_NAME_BYTES)
    named_vnd = value_named(name)
    if named_vnd not in (None, value_vnd):
        raise CoinTableDiffers(f"channel {channel} is {name!r} to the acceptor and {value_vnd} đồng in kiosk.toml")


def _steps(after: int, counter: int) -> int:
    """Return how many events lie between two marks; 0 is never reached by counting."""
    if counter >= after:
        return counter - after
    return counter - after + _COUNTS
