"""An MDB bill validator of level 1 with escrow and stacker (address 30h; MDB/ICP 4.2 section 6).

Read in two implementations that quote the specification and in Wireshark's packet-mdb.c: the commands 30h–37h and
their lengths, the 27 bytes of SETUP, activity 1yyyxxxx (000 stacked, 001 escrow, 010 returned, 100 disabled and
rejected), status 01–0C, 010xxxxx attempts while disabled, STACKER's full bit and count, 29 bytes of identification.
General knowledge, to be checked against the specification: that a status which lasts is repeated at every poll (which
is why a master should take 03, 05, 08 and 09 as levels, not as edges), that RESET gives a note in escrow back, and
what happens to it at power-up.
"""

from collections.abc import Callable, Sequence
from math import gcd
from typing import Any, ClassVar, Literal

from firmware_bridge.board.peripherals.bill_path import BillPath, JamAt, Phase, Ruling
from firmware_bridge.board.peripherals.peripheral import POLL_ROOM, VND, Peripheral, bcd, mask_of
from firmware_bridge.board.peripherals.record import Place, Record

NOTES_VND = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
"""What the machine knows by default.

Value is scale times one byte (6.3, Z4–Z5 and Z12–Z27; FFh stands for a token), so no single scale holds both 1,000 and
500,000 đồng, let alone 500: a machine is set up either for these (scale 1,000) or for 2,000, 10,000 … 500,000.
"""

RESET, SETUP, SECURITY, POLL, BILL_TYPE, ESCROW, STACKER, EXPANSION = range(8)
BUSY, JAMMED, JUST_RESET, REMOVED, CASSETTE_OUT, DISABLED, INVALID_ESCROW, REJECTED, FRAUD = (
    0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C,
)  # fmt: skip
_ROUTES = {"stacked": 0x80, "escrow": 0x90, "returned": 0xA0, "disabled": 0xC0}
_STATUS = {"removed": REMOVED, "rejected": REJECTED}
_ATTEMPTS, _MOST_ATTEMPTS = 0x40, 0x1F
_LARGEST_CREDIT = 0xFE
CAPACITY = 400


class ScaleDoesNotFit(ValueError):
    """No scale factor brings all of these notes into one byte each; set the machine up for fewer."""


class BillValidator(Peripheral):
    """Takes notes, holds them in escrow, stacks them or gives them back."""

    name = "bill_validator"
    address = 0x30
    SIZES: ClassVar[dict[tuple[int, ...], int]] = {
        (RESET,): 0, (SETUP,): 0, (SECURITY,): 2, (POLL,): 0, (BILL_TYPE,): 4, (ESCROW,): 1, (STACKER,): 0,
        (EXPANSION, 0x00): 1,
    }  # fmt: skip

    def __init__(
        self,
        record: Record,
        *,
        notes_vnd: Sequence[int] = NOTES_VND,
        capacity: int = CAPACITY,
        at_power_up: Literal["return", "stack"] = "return",
        remembers: bool = True,
    ) -> None:
        super().__init__(record, remembers=remembers)
        self._notes, self._scale, self._capacity = tuple(notes_vnd), scale_of(notes_vnd, 0xFFFF), capacity
        self.path = BillPath(
            self, capacity=capacity, tell=self._tell, owe=self._code, stack_at_power_up=at_power_up == "stack"
        )
        self._enabled = self._escrow = self._security = 0
        self._handlers: dict[int, Callable[[bytes], bytes | None]] = {
            RESET: self._reset, SETUP: self._setup, SECURITY: self._secure, POLL: self._poll,
            BILL_TYPE: self._bill_type, ESCROW: self._route, STACKER: self._stacker, EXPANSION: self._identify,
        }  # fmt: skip
        self.start()

    def start(self) -> None:
        """Come up disabled."""
        self._enabled = self._escrow = 0
        self.events.restart(JUST_RESET)
        self.path.wake()

    def answer(self, block: bytes) -> bytes | None:
        """Return the data for a command."""
        return self._handlers[block[0] & 0x07](block[1:])

    def look(self) -> dict[str, Any]:
        """Return what a person sees who opens the machine."""
        return {
            "powered": self.powered,
            "phase": self.path.phase.name.lower(),
            "escrow_vnd": self.path.note_vnd,
            "cassette": self.record.pieces(self.name, Place.CASSETTE),
            "cassette_in": self.path.cassette_in,
            "full": self.path.full,
            "jammed": self.record.pieces(self.name, Place.JAM),
            "tray": self.record.pieces(self.name, Place.TRAY),
            "enabled_vnd": [value for index, value in enumerate(self._notes) if self._enabled >> index & 1],
        }

    def insert_note(self, value_vnd: int, readable: bool = True) -> str:
        """Hold a note before the slot: "drawn in" (what becomes of it shows later) or "pushed back"."""
        if not self.powered or not self.path.ready:
            return "pushed back"
        if not self._enabled:
            self.events.count(_ATTEMPTS, _MOST_ATTEMPTS)
            return "pushed back"
        self.path.draw(value_vnd, lambda: self._rule(value_vnd, readable))
        return "drawn in"

    def jam_note(self, where: JamAt = "transport") -> None:
        """Let the next note get stuck, before the escrow or on its way into the cassette."""
        self.path.jam_next = where

    def clear_note_jam(self, to: Literal["collected", "tray"] = "collected") -> dict[int, int]:
        """Take the stuck note out, as a technician or for the customer; return what it was."""
        return self.path.clear_jam(Place(to))

    def pull_note(self) -> int | None:
        """Pull the note out of escrow by force; return its value."""
        return self.path.pull_out()

    def fish_note(self, value_vnd: int | None = None) -> None:
        """Try to pull a stacked note back on a string; with a value the attempt succeeds."""
        if value_vnd is not None:
            self.moved("note", value_vnd, Place.CASSETTE, Place.TAKEN, "fished out of the cassette")
        self.events.tell(FRAUD)

    def remove_cassette(self) -> dict[int, int]:
        """Take the cassette out with what lies in it; return that."""
        self.path.cassette_in = False
        return self.move_all("note", Place.CASSETTE, Place.COLLECTED, "cassette taken out")

    def put_cassette(self) -> None:
        """Put an empty cassette in."""
        self.path.cassette_in = True

    def take_notes(self) -> dict[int, int]:
        """Take the returned notes as their owner; return them."""
        return self.move_all("note", Place.TRAY, Place.TAKEN, "taken by the customer")

    def verbs(self) -> dict[str, Callable[..., Any]]:
        """Return what a hand can do to it."""
        own = (
            self.insert_note, self.jam_note, self.clear_note_jam, self.pull_note, self.fish_note,
            self.remove_cassette, self.put_cassette, self.take_notes,
        )  # fmt: skip
        return super().verbs() | {each.__name__: each for each in own}

    def _rule(self, value_vnd: int, readable: bool) -> Ruling:
        if not readable or value_vnd not in self._notes:
            return Ruling.REFUSE_UNKNOWN
        bit = 1 << self._notes.index(value_vnd)
        if not self._enabled & bit:
            return Ruling.REFUSE_DISABLED
        return Ruling.HOLD if self._escrow & bit else Ruling.STACK

    def _code(self, event: str, value_vnd: int) -> bytes:
        return bytes([_ROUTES[event] | self._notes.index(value_vnd)])

    def _tell(self, event: str, value_vnd: int) -> None:
        if event in _STATUS or value_vnd not in self._notes:
            self.events.tell(_STATUS.get(event, REJECTED))
        else:
            self.events.tell(self._code(event, value_vnd)[0])

    def _reset(self, _: bytes) -> bytes:
        self._enabled = self._escrow = 0
        self.events.restart(JUST_RESET)
        self.path.eject()
        return b""

    def _setup(self, _: bytes) -> bytes:
        credits = bytes(value // self._scale for value in self._notes)
        return b"".join((
            b"\x01", VND, self._scale.to_bytes(2, "big"), b"\x00", self._capacity.to_bytes(2, "big"),
            b"\x00\x00", b"\xff", credits.ljust(16, b"\x00"),
        ))  # fmt: skip

    def _secure(self, data: bytes) -> bytes:
        self._security = mask_of(data)
        return b""

    def _poll(self, _: bytes) -> bytes:
        states = self._states()
        return self.events.offer(POLL_ROOM - len(states)) + states

    def _states(self) -> bytes:
        lasting = {
            BUSY: self.path.phase in (Phase.DRAWING, Phase.STACKING, Phase.RETURNING),
            JAMMED: self.path.jammed,
            CASSETTE_OUT: not self.path.cassette_in,
            DISABLED: not self._enabled,
        }
        return bytes(code for code, holds in lasting.items() if holds)

    def _bill_type(self, data: bytes) -> bytes:
        self._enabled, self._escrow = mask_of(data[:2]), mask_of(data[2:])
        return b""

    def _route(self, data: bytes) -> bytes:
        if self.path.phase is not Phase.HOLDING:
            self.events.tell(INVALID_ESCROW)
        elif data[0]:
            self.path.stack()
        else:
            self.path.give_back()
        return b""

    def _stacker(self, _: bytes) -> bytes:
        return (self.path.stacked | (0x8000 if self.path.full else 0)).to_bytes(2, "big")

    def _identify(self, _: bytes) -> bytes:
        return identification(b"BILLSIM")


def scale_of(values_vnd: Sequence[int], largest: int) -> int:
    """Return the largest scale factor up to `largest` that divides all values; raise ScaleDoesNotFit."""
    common = gcd(*values_vnd)
    scale = next(
        common // divisor for divisor in range(1, common + 1) if common % divisor == 0 and common // divisor <= largest
    )
    if max(values_vnd) // scale > _LARGEST_CREDIT or list(values_vnd) != sorted(set(values_vnd)):
        raise ScaleDoesNotFit(f"{list(values_vnd)} đồng, rising, don't fit into one byte each at scale {scale}")
    return scale


def identification(model: bytes) -> bytes:
    """Return manufacturer, serial number, model and software version: 29 bytes (5.3.8 and 6.3)."""
    return b"TRM" + b"000000000001" + model.ljust(12) + bcd(100, 4)
