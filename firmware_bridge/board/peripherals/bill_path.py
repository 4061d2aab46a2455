"""The way of a note through a validator: drawn in, recognised, held in escrow, stacked or given back.

Nothing here knows the bus. A note that power left in the way is given back at power-up, or stacked where the machine is
built that way; the count in the cassette survives, as the master counts on.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Literal

from firmware_bridge.board.peripherals.peripheral import Peripheral
from firmware_bridge.board.peripherals.record import Place

DRAW_MS, STACK_MS, RETURN_MS, WAKE_MS = 1_200, 900, 700, 400

JamAt = Literal["transport", "stacking"]


class Ruling(Enum):
    """What the validator makes of a note that it has drawn in."""

    HOLD = auto()
    STACK = auto()
    REFUSE_DISABLED = auto()
    REFUSE_UNKNOWN = auto()


class Phase(Enum):
    """What the path is doing."""

    IDLE = auto()
    DRAWING = auto()
    HOLDING = auto()
    STACKING = auto()
    RETURNING = auto()


class BillPath:
    """The mechanics of one validator; what happens is told through `tell` and `owe` with the note's value."""

    def __init__(
        self,
        owner: Peripheral,
        *,
        capacity: int,
        tell: Callable[[str, int], None],
        owe: Callable[[str, int], bytes],
        stack_at_power_up: bool,
    ) -> None:
        self._owner, self._capacity, self._tell, self._owe = owner, capacity, tell, owe
        self._stack_at_power_up = stack_at_power_up
        self.phase, self.cassette_in = Phase.IDLE, True
        self.jam_next: JamAt | None = None

    @property
    def note_vnd(self) -> int | None:
        """The note in escrow."""
        return next(iter(self._pieces(Place.ESCROW)), None)

    @property
    def jammed(self) -> bool:
        """Whether a note is stuck."""
        return bool(self._pieces(Place.JAM))

    @property
    def stacked(self) -> int:
        """How many notes lie in the cassette."""
        return sum(self._pieces(Place.CASSETTE).values())

    @property
    def full(self) -> bool:
        """Whether the cassette takes no further note."""
        return self.stacked >= self._capacity

    @property
    def ready(self) -> bool:
        """Whether the next note can be drawn in."""
        return self.phase is Phase.IDLE and self.cassette_in and not self.full and not self.jammed

    def draw(self, value_vnd: int, ruling: Callable[[], Ruling]) -> None:
        """Draw a note in; it is judged when it has arrived."""
        self.phase = Phase.DRAWING
        self._move(value_vnd, Place.HAND, Place.TRANSPORT, "inserted")
        self._after(DRAW_MS, lambda: self._arrived(value_vnd, ruling()))

    def stack(self) -> None:
        """Send the note in escrow to the cassette."""
        if self.note_vnd is not None:
            self._start_stacking(self.note_vnd)

    def give_back(self) -> None:
        """Send the note in escrow to the customer's hand."""
        if self.note_vnd is not None:
            self._start_returning(self.note_vnd, Place.ESCROW, "returned")

    def pull_out(self) -> int | None:
        """A customer pulls the note out of escrow by force; return its value."""
        value_vnd = self.note_vnd
        if value_vnd is None or self.phase is not Phase.HOLDING:
            return None
        self._move(value_vnd, Place.ESCROW, Place.TAKEN, "pulled out of escrow")
        self.phase = Phase.IDLE
        self._tell("removed", value_vnd)
        self._tell("returned", value_vnd)
        return value_vnd

    def eject(self) -> None:
        """Give back what has not gone to the cassette, as RESET wants (6.3)."""
        if self.phase is Phase.HOLDING:
            self.give_back()

    def wake(self) -> None:
        """Come up after power-on: a note in the way is given back, or stacked where the machine does so."""
        self.phase, self.jam_next = Phase.IDLE, None
        for place in (Place.ESCROW, Place.TRANSPORT):
            for value_vnd in self._pieces(place):
                self._wake_with(value_vnd, place)

    def clear_jam(self, to: Place) -> dict[int, int]:
        """A person takes the stuck note out; return what it was."""
        pieces = self._owner.move_all("note", Place.JAM, to, "jam cleared")
        self.phase = Phase.IDLE if pieces else self.phase
        return pieces

    def _wake_with(self, value_vnd: int, place: Place) -> None:
        if place is Place.ESCROW and self._stack_at_power_up and self.cassette_in:
            self.phase = Phase.STACKING
            self._after(WAKE_MS, lambda: self._start_stacking(value_vnd))
        else:
            self.phase = Phase.RETURNING
            self._after(WAKE_MS, lambda: self._start_returning(value_vnd, place, "returned"))

    def _arrived(self, value_vnd: int, ruling: Ruling) -> None:
        if self.jam_next == "transport":
            self._jam(value_vnd, Place.TRANSPORT)
        elif ruling is Ruling.HOLD:
            self._move(value_vnd, Place.TRANSPORT, Place.ESCROW, "held in escrow")
            self.phase = Phase.HOLDING
            self._tell("escrow", value_vnd)
        elif ruling is Ruling.STACK:
            self._move(value_vnd, Place.TRANSPORT, Place.ESCROW, "recognised")
            self._start_stacking(value_vnd)
        else:
            self._start_returning(
                value_vnd, Place.TRANSPORT, "disabled" if ruling is Ruling.REFUSE_DISABLED else "rejected"
            )

    def _start_stacking(self, value_vnd: int) -> None:
        self.phase = Phase.STACKING
        self._after(STACK_MS, lambda: self._stacked(value_vnd))

    def _stacked(self, value_vnd: int) -> None:
        if self.jam_next == "stacking" or not self.cassette_in:
            self._jam(value_vnd, Place.ESCROW)
            return
        self._move(value_vnd, Place.ESCROW, Place.CASSETTE, "stacked", owes=self._owe("stacked", value_vnd))
        self.phase = Phase.IDLE

    def _start_returning(self, value_vnd: int, place: Place, event: str) -> None:
        self.phase = Phase.RETURNING
        self._after(RETURN_MS, lambda: self._returned(value_vnd, place, event))

    def _returned(self, value_vnd: int, place: Place, event: str) -> None:
        self._move(value_vnd, place, Place.TRAY, event)
        self.phase = Phase.IDLE
        self._tell(event, value_vnd)

    def _jam(self, value_vnd: int, place: Place) -> None:
        self._move(value_vnd, place, Place.JAM, f"jammed in {self.jam_next or 'the open cassette bay'}")
        self.phase, self.jam_next = Phase.IDLE, None

    def _move(self, value_vnd: int, origin: Place, target: Place, why: str, *, owes: bytes = b"") -> None:
        self._owner.moved("note", value_vnd, origin, target, why, owes=owes)

    def _pieces(self, place: Place) -> dict[int, int]:
        return self._owner.record.pieces(self._owner.name, place)

    def _after(self, delay_ms: int, action: Callable[[], None]) -> None:
        self._owner.timers.after(delay_ms, action)
