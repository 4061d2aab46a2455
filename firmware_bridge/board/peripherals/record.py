"""Where every coin and note physically is: an append-only record that no protocol can change.

One line of JSON per entry, written before the machine says anything about it, so the record outlives a kill of this
process (not a power cut of the computer that simulates); a line that a kill tore did not happen. The places are kept
by double entry, so the sum over all of them is always zero.
"""

import os
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct


class Place(StrEnum):
    """Where money can be. HAND, TECHNICIAN and ACCOUNT lie outside and may go below zero."""

    HAND = "hand"
    TECHNICIAN = "technician"
    ACCOUNT = "account"
    TRANSPORT = "transport"
    ESCROW = "escrow"
    JAM = "jam"
    CASSETTE = "cassette"
    TUBE = "tube"
    BOX = "box"
    TRAY = "tray"
    TAKEN = "taken"
    COLLECTED = "collected"
    HELD = "held"
    MERCHANT = "merchant"


OUTSIDE = frozenset({Place.HAND, Place.TECHNICIAN, Place.ACCOUNT})
Kind = Literal["note", "coin", "card"]


class Move(Struct, frozen=True, kw_only=True):
    """Pieces of one value that went from one place to another; on a card each đồng is a piece."""

    kind: Kind
    value_vnd: int
    origin: Place
    target: Place
    count: int = 1


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened: a move, what the device owes the master for it, or the debts that were settled."""

    seq: int
    at_us: int
    device: str
    why: str
    move: Move | None = None
    owes: str = ""
    settles: tuple[int, ...] = ()


class PhysicsViolated(AssertionError):
    """A simulator moved a piece that was not there; this is a fault of the simulator itself."""


class Record:
    """The record in memory and, where a path is given, in a file that is taken up again."""

    def __init__(self, path: Path | None = None) -> None:
        self.entries: list[Entry] = []
        self._held: Counter[tuple[str, Place, Kind, int]] = Counter()
        self._owed: dict[int, Entry] = {}
        self._file = _open(path) if path else None
        for line in _whole_lines(path) if path else ():
            self._keep(msgspec.json.decode(line, type=Entry))

    def write(
        self,
        device: str,
        why: str,
        at_us: int,
        *,
        move: Move | None = None,
        owes: bytes = b"",
        settles: tuple[int, ...] = (),
    ) -> Entry:
        """Append what happened; raise PhysicsViolated where a piece would come from nowhere."""
        entry = Entry(
            seq=len(self.entries) + 1,
            at_us=at_us,
            device=device,
            why=why,
            move=move,
            owes=owes.hex(),
            settles=settles,
        )
        self._check(entry)
        if self._file is not None:
            os.write(self._file, msgspec.json.encode(entry) + b"\n")
        self._keep(entry)
        return entry

    def count(self, device: str, place: Place, value_vnd: int) -> int:
        """Return how many pieces of a value a device has in a place."""
        return sum(self._held[device, place, kind, value_vnd] for kind in ("note", "coin", "card"))

    def pieces(self, device: str, place: Place) -> dict[int, int]:
        """Return the pieces that a device has in a place, by value in đồng."""
        held = Counter[int]()
        for (owner, where, _, value_vnd), count in self._held.items():
            if owner == device and where is place and count:
                held[value_vnd] += count
        return dict(sorted(held.items()))

    def sums(self) -> dict[str, int]:
        """Return the đồng in each place over all devices; outside places are below zero by what came in."""
        sums = Counter[str]()
        for (_, place, _, value_vnd), count in self._held.items():
            sums[place.value] += value_vnd * count
        return {place.value: sums[place.value] for place in Place}

    @property
    def last_us(self) -> int:
        """The moment of the last entry."""
        return self.entries[-1].at_us if self.entries else 0

    def owed(self, device: str) -> list[Entry]:
        """Return the entries that the device has not yet been able to tell, oldest first."""
        return [entry for entry in self._owed.values() if entry.device == device]

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _check(self, entry: Entry) -> None:
        move = entry.move
        if move is None or move.origin in OUTSIDE:
            return
        there = self._held[entry.device, move.origin, move.kind, move.value_vnd]
        if not 0 < move.count <= there:
            raise PhysicsViolated(f"{entry.device}: {move} with {there} there ({entry.why})")

    def _keep(self, entry: Entry) -> None:
        self.entries.append(entry)
        if entry.owes:
            self._owed[entry.seq] = entry
        for seq in entry.settles:
            del self._owed[seq]
        if entry.move:
            move = entry.move
            self._held[entry.device, move.origin, move.kind, move.value_vnd] -= move.count
            self._held[entry.device, move.target, move.kind, move.value_vnd] += move.count


def _open(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)


def _whole_lines(path: Path) -> list[bytes]:
    """Return the complete lines, and cut a torn one off the file."""
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(path, len(whole))
    return whole.splitlines()
