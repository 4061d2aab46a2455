"""The way of a coin through a changer: recognised, into its tube or the cash box, and out of the tube again.

Nothing here knows the bus. The tubes' counts survive a power cut, because they are what lies in the tubes.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from firmware_bridge.board.peripherals.peripheral import Peripheral
from firmware_bridge.board.peripherals.record import Place

FALL_MS, PAY_MS = 250, 350


class CoinFate(StrEnum):
    """What befalls the next coin in."""

    AS_MEANT = "as_meant"
    JAM = "jam"
    NO_CREDIT = "no_credit"
    MISROUTED = "misrouted"


class CoinPath:
    """The mechanics of one changer: tubes by value, a cash box, a tray."""

    def __init__(self, owner: Peripheral, *, room: Mapping[int, int], paid_out: Callable[[int], None]) -> None:
        self._owner, self._room, self._paid_out = owner, dict(room), paid_out
        self.fate, self.paying, self.tube_jammed = CoinFate.AS_MEANT, False, False

    @property
    def jammed(self) -> bool:
        """Whether a coin is stuck in the acceptor."""
        return bool(self._owner.record.pieces(self._owner.name, Place.JAM))

    def in_tube(self, value_vnd: int) -> int:
        """Return how many coins of a value lie in its tube."""
        return self._owner.record.count(self._owner.name, Place.TUBE, value_vnd)

    def full(self, value_vnd: int) -> bool:
        """Whether the tube of this value takes no further coin."""
        return self.in_tube(value_vnd) >= self._room.get(value_vnd, 0)

    def fill(self, value_vnd: int, count: int) -> int:
        """Put coins into their tube as a technician; return how many fitted."""
        fitting = min(count, self._room.get(value_vnd, 0) - self.in_tube(value_vnd))
        if fitting > 0:
            self._owner.moved("coin", value_vnd, Place.TECHNICIAN, Place.TUBE, "filled", count=fitting)
        return max(0, fitting)

    def take_in(self, value_vnd: int, landed: Callable[[int, Place, CoinFate], bytes]) -> None:
        """Let a good coin fall; `landed` says what is owed for it where it lands."""
        self._move(value_vnd, Place.HAND, Place.TRANSPORT, "inserted")
        fate, self.fate = self.fate, CoinFate.AS_MEANT
        self._after(FALL_MS, lambda: self._land(value_vnd, fate, landed))

    def give_back(self, value_vnd: int, origin: Place = Place.HAND) -> None:
        """Let a coin fall straight through into the tray."""
        self._move(value_vnd, origin, Place.TRAY, "rejected")

    def pay(self, coins: list[int]) -> None:
        """Pay these coins out one after another; an empty or jammed tube ends it early."""
        self.paying = True
        self._after(PAY_MS, lambda: self._pay_next(coins))

    def wake(self) -> None:
        """Come up after power-on: a coin in fall has fallen through into the tray, a payout is over."""
        self.paying, self.fate = False, CoinFate.AS_MEANT
        self._owner.move_all("coin", Place.TRANSPORT, Place.TRAY, "fell through without power")

    def _land(self, value_vnd: int, fate: CoinFate, landed: Callable[[int, Place, CoinFate], bytes]) -> None:
        target = self._target(value_vnd, fate)
        self._move(value_vnd, Place.TRANSPORT, target, fate.value, owes=landed(value_vnd, target, fate))

    def _target(self, value_vnd: int, fate: CoinFate) -> Place:
        if fate is CoinFate.JAM:
            return Place.JAM
        if fate is CoinFate.AS_MEANT and not self.full(value_vnd):
            return Place.TUBE
        return Place.BOX

    def _pay_next(self, coins: list[int]) -> None:
        if not coins or self.tube_jammed or not self.in_tube(coins[0]):
            self.paying = False
            return
        self._move(coins[0], Place.TUBE, Place.TRAY, "paid out")
        self._paid_out(coins[0])
        self._after(PAY_MS, lambda: self._pay_next(coins[1:]))

    def _move(self, value_vnd: int, origin: Place, target: Place, why: str, *, owes: bytes = b"") -> None:
        self._owner.moved("coin", value_vnd, origin, target, why, owes=owes)

    def _after(self, delay_ms: int, action: Callable[[], None]) -> None:
        self._owner.timers.after(delay_ms, action)
