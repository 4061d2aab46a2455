"""A ccTalk coin acceptor on a pseudo-terminal, with the echo of its single wire (Generic Specification 4.7).

Read in makers' manuals that repeat the specification (Money Controls SR5 TSP073, Azkoyen X6, Alberici): header 229's
eleven bytes newest first, its counter 0 after a reset and 255 to 1, all coins inhibited after a reset, headers 228 and
231 with 1 for "let in", coins refused when nobody has polled for a second, 50 ms between bytes. Not confirmed: silence
for an unknown header, and the bits of the self-check. It shares no code with the agent's driver, whose judge it is.
"""

import os
import pty
import select
import threading
import tty
from collections import Counter, deque
from collections.abc import Callable, Mapping
from time import monotonic
from types import TracebackType
from typing import Any, Literal

from firmware_bridge.board.peripherals.record import Kind, Move, Place, Record

COINS_VND: Mapping[int, int] = {1: 500, 2: 1_000, 3: 2_000, 4: 5_000}
NAMES = {500: b"VN500A", 1_000: b"VN1K0A", 2_000: b"VN2K0A", 5_000: b"VN5K0A"}
SORTER_BOX = 1
REJECTED, INHIBITED, SENSOR_BLOCKED, STRING, SLUG = 1, 2, 14, 20, 25
SLOTS = 5
WATCHDOG_S = 1.0

Disturbance = Literal["deaf", "mute", "garbage", "noise", "slow"]
"""deaf: the question is not heard; mute: the answer is lost; garbage: a byte of it is damaged; noise: stray bytes come
before it; slow: it comes when the line has been quiet for 0.6 s."""

_INTERBYTE_S, _SLOW_S = 0.05, 0.6
_ACK = b""


class CcTalkAcceptor:
    """The acceptor in a thread of its own; `port` is the terminal that a host opens."""

    name = "cctalk_acceptor"
    address = 2

    def __init__(
        self,
        record: Record,
        *,
        coins_vnd: Mapping[int, int] = COINS_VND,
        names: Mapping[int, bytes] = NAMES,
        crc: bool = False,
        echo: bool = True,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._record, self._coins, self._names = record, dict(coins_vnd), dict(names)
        self._crc, self._echo, self._clock = crc, echo, clock
        self._lock = threading.Lock()
        self._disturbed: Counter[Disturbance] = Counter()
        self._jammed, self._late = False, b""
        self._handlers: dict[int, Callable[[bytes], bytes | None]] = {
            254: lambda _: _ACK, 249: lambda _: bytes([2, 20]), 246: lambda _: b"TRM", 245: lambda _: b"Coin Acceptor",
            244: lambda _: b"SIM", 242: lambda _: (12_345_678).to_bytes(3, "little"), 241: lambda _: b"SIM-1.0",
            192: lambda _: b"TRAM", 232: self._self_check, 231: self._inhibit, 230: self._inhibits,
            229: self._events, 228: self._master, 227: lambda _: bytes([self._open]), 184: self._coin_name,
            4: lambda _: bytes([1, 4, 7]), 1: self._reset,
        }  # fmt: skip
        self._power_up()
        self._line, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.port = os.ttyname(self._slave)
        self._wake, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._serve, name=self.name, daemon=True)
        self._thread.start()

    def insert_cctalk_coin(self, value_vnd: int) -> str:
        """Put a coin in: "accepted" into the box for good, or "returned" into the tray."""
        with self._lock:
            channel = next((each for each, value in self._coins.items() if value == value_vnd), 0)
            refusal = self._refusal(channel)
            if refusal is not None:
                self._moved(value_vnd, Place.TRAY)
                self._happened(0, refusal)
                return "returned"
            self._moved(value_vnd, Place.BOX)
            self._happened(channel, SORTER_BOX)
            return "accepted"

    def cctalk_event(self, code: int) -> None:
        """Let it report an error code, as of a coin on a string (20)."""
        with self._lock:
            self._happened(0, code)

    def jam_cctalk(self, jammed: bool = True) -> None:
        """Block the credit sensor, or free it."""
        with self._lock:
            self._jammed = jammed
            if jammed:
                self._happened(0, SENSOR_BLOCKED)

    def disturb_cctalk(self, kind: Disturbance, questions: int = 1) -> None:
        """Disturb the next questions or answers."""
        with self._lock:
            self._disturbed[kind] = questions

    def power_cycle_cctalk(self) -> None:
        """Lose power and come up: the counter is 0, the events are gone, everything is inhibited."""
        with self._lock:
            self._power_up()

    def look_cctalk(self) -> dict[str, Any]:
        """Return what a person sees of it."""
        with self._lock:
            return {
                "counter": self._counter,
                "open": bool(self._open),
                "box": self._record.pieces(self.name, Place.BOX),
                "tray": self._record.pieces(self.name, Place.TRAY),
                "jammed": self._jammed,
            }

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return what a hand can do to it."""
        own = (
            self.insert_cctalk_coin, self.cctalk_event, self.jam_cctalk, self.disturb_cctalk, self.power_cycle_cctalk,
            self.look_cctalk,
        )  # fmt: skip
        return {each.__name__: each for each in own}

    def close(self) -> None:
        """Stop and hang up."""
        os.write(self._stop, b"x")
        self._thread.join()
        for handle in (self._line, self._slave, self._wake, self._stop):
            os.close(handle)

    def __enter__(self) -> "CcTalkAcceptor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _power_up(self) -> None:
        self._counter, self._mask, self._open, self._polled_s = 0, 0, 0, self._clock()
        self._slots = deque([(0, 0)] * SLOTS, maxlen=SLOTS)

    def _refusal(self, channel: int) -> int | None:
        if self._jammed:
            return SENSOR_BLOCKED
        if not channel:
            return SLUG
        polled = self._clock() - self._polled_s < WATCHDOG_S
        return None if self._open and polled and self._mask >> channel - 1 & 1 else INHIBITED

    def _moved(self, value_vnd: int, target: Place) -> None:
        kind: Kind = "coin"
        move = Move(kind=kind, value_vnd=value_vnd, origin=Place.HAND, target=target)
        self._record.write(self.name, "inserted", self._record.last_us, move=move)

    def _happened(self, channel: int, detail: int) -> None:
        self._counter = self._counter % 255 + 1
        self._slots.appendleft((channel, detail))

    def _serve(self) -> None:
        heard = b""
        while True:
            patience_s = _INTERBYTE_S if heard else _SLOW_S if self._late else None
            ready, _, _ = select.select([self._line, self._wake], [], [], patience_s)
            if self._wake in ready:
                return
            if not ready:
                os.write(self._line, self._late)
                heard = self._late = b""
                continue
            came = os.read(self._line, 512)
            if self._echo:
                os.write(self._line, came)
            heard = self._answered(heard + came)

    def _answered(self, heard: bytes) -> bytes:
        """Answer every whole packet in what was heard; return the rest."""
        while len(heard) >= 5 and len(heard) >= 5 + heard[1]:
            size = 5 + heard[1]
            question, heard = heard[:size], heard[size:]
            with self._lock:
                self._answer(question)
        return heard

    def _answer(self, question: bytes) -> None:
        if question[0] != self.address or not self._undamaged(question) or self._strikes("deaf"):
            return
        handler = self._handlers.get(question[3])
        data = handler(question[4:-1]) if handler else None
        if data is None or self._strikes("mute"):
            return
        reply = self._packet(data)
        if self._strikes("garbage"):
            reply = reply[:-1] + bytes([reply[-1] ^ 0x21])
        if self._strikes("noise"):
            reply = b"\xf7\x13" + reply
        if self._strikes("slow"):
            self._late = reply
        else:
            os.write(self._line, reply)

    def _strikes(self, kind: Disturbance) -> bool:
        self._disturbed[kind] -= 1
        return self._disturbed[kind] >= 0

    def _packet(self, data: bytes) -> bytes:
        if not self._crc:
            body = bytes([1, len(data), self.address, 0]) + data
            return body + bytes([(256 - sum(body) % 256) % 256])
        crc = crc_ccitt(bytes([1, len(data), 0]) + data)
        return bytes([1, len(data), crc & 0xFF, 0]) + data + bytes([crc >> 8])

    def _undamaged(self, question: bytes) -> bool:
        if not self._crc:
            return sum(question) % 256 == 0
        return crc_ccitt(question[:2] + question[3:-1]) == question[2] | question[-1] << 8

    def _self_check(self, _: bytes) -> bytes:
        return bytes([3 if self._jammed else 0])

    def _inhibit(self, data: bytes) -> bytes:
        self._mask = int.from_bytes(data[:2], "little")
        return _ACK

    def _inhibits(self, _: bytes) -> bytes:
        return self._mask.to_bytes(2, "little")

    def _master(self, data: bytes) -> bytes:
        self._open = data[0] & 1
        self._polled_s = self._clock()
        return _ACK

    def _events(self, _: bytes) -> bytes:
        self._polled_s = self._clock()
        return bytes([self._counter, *(byte for slot in self._slots for byte in slot)])

    def _coin_name(self, data: bytes) -> bytes:
        return self._names.get(self._coins.get(data[0], 0), b"......")

    def _reset(self, _: bytes) -> bytes:
        self._power_up()
        return _ACK


def crc_ccitt(data: bytes) -> int:
    """Return the CRC-16 of x^16+x^12+x^5+1, bit by bit, most significant first, from 0."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
