"""What all peripherals have in common: power, time, a record of the physical, and blocks in and out."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from firmware_bridge.board.peripherals.events import EventQueue
from firmware_bridge.board.peripherals.record import Entry, Kind, Move, Place, Record
from firmware_bridge.board.peripherals.timers import Timers

POLL_ROOM = 16
"""Bytes that the answer to a POLL may have (MDB/ICP 4.2, 5.3 and 6.3)."""


class Peripheral(ABC):
    """A machine on the bus.

    `SIZES` says how many data bytes follow the address byte of each command, by (command) or (command, sub-command):
    the bus does not mark the end of a master's block, so a peripheral must know.
    """

    name: ClassVar[str]
    address: ClassVar[int]
    SIZES: ClassVar[Mapping[tuple[int, ...], int]]

    def __init__(self, record: Record, *, remembers: bool = True) -> None:
        self.record, self.timers, self.powered = record, Timers(record.last_us), True
        self._remembers = remembers
        self.events = EventQueue(record, self.name, self.timers)

    @abstractmethod
    def answer(self, block: bytes) -> bytes | None:
        """Return the data for a command, b"" for a bare acknowledgement, None for silence."""

    @abstractmethod
    def start(self) -> None:
        """Come up as after power-on: disabled, with JUST RESET to tell."""

    @abstractmethod
    def look(self) -> dict[str, Any]:
        """Return the physical state for the person who stands before it."""

    def size(self, block: bytes) -> int | None:
        """Return the bytes of this command without its checksum: 0 for an unknown one, None where more must come."""
        command = block[0] & 0x07
        if (command,) in self.SIZES:
            return 1 + self.SIZES[(command,)]
        if len(block) < 2:
            return None if any(key[0] == command for key in self.SIZES) else 0
        more = self.SIZES.get((command, block[1]))
        return 0 if more is None else 1 + more

    def acknowledged(self) -> None:
        """Forget what the last answer told: the master has it."""
        self.events.settle()

    def unacknowledged(self) -> None:
        """Keep what the last answer told for the next poll."""
        self.events.withdraw()

    def power_off(self) -> None:
        """Lose power: everything in motion stops where it is."""
        self.powered = False
        self.timers.clear()
        self.events.lose_power(remembers=self._remembers)

    def power_on(self) -> None:
        """Come up again."""
        self.powered = True
        self.start()

    def power_cycle(self) -> None:
        """Lose power and come up again."""
        self.power_off()
        self.power_on()

    def moved(
        self, kind: Kind, value_vnd: int, origin: Place, target: Place, why: str, *, count: int = 1, owes: bytes = b""
    ) -> Entry:
        """Record that pieces moved, and queue what is owed for them."""
        move = Move(kind=kind, value_vnd=value_vnd, origin=origin, target=target, count=count)
        entry = self.record.write(self.name, why, self.timers.now_us, move=move, owes=owes)
        if owes:
            self.events.tell_owed(entry)
        return entry

    def move_all(self, kind: Kind, origin: Place, target: Place, why: str) -> dict[int, int]:
        """Move everything of a place; return the pieces by value."""
        pieces = self.record.pieces(self.name, origin)
        for value_vnd, count in pieces.items():
            self.moved(kind, value_vnd, origin, target, why, count=count)
        return pieces

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return what a hand can do to it, by name."""
        return {each.__name__: each for each in (self.power_off, self.power_on, self.power_cycle, self.look)}


def bcd(number: int, digits: int) -> bytes:
    """Return a number as binary-coded decimal."""
    return bytes.fromhex(f"{number:0{digits}d}")


def mask_of(data: bytes) -> int:
    """Return a two-byte field of bits, most significant byte first."""
    return int.from_bytes(data, "big")


VND = bcd(1704, 4)
"""Country/currency code: 1 and the ISO 4217 number of the đồng (704)."""
