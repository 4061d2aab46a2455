"""The bank behind a card reader: what it holds, captures and gives back is in the record, whatever the reader hears."""

from collections.abc import Callable
from typing import Literal

from firmware_bridge.board.peripherals.peripheral import Peripheral
from firmware_bridge.board.peripherals.record import Place

Verdict = Literal["approve", "decline", "silent", "approve_unheard"]
"""What the bank does with the next request; `approve_unheard` holds the money and its answer never arrives."""

_DONG = 1


class Bank:
    """Holds, captures and returns money of a card; in the reader's record each đồng is a piece."""

    def __init__(self, owner: Peripheral) -> None:
        self._owner = owner
        self.verdict: Verdict = "approve"
        self.answer_ms = 1_500

    @property
    def held_vnd(self) -> int:
        """What is held and neither captured nor given back."""
        return self._owner.record.count(self._owner.name, Place.HELD, _DONG)

    @property
    def captured_vnd(self) -> int:
        """What the merchant has."""
        return self._owner.record.count(self._owner.name, Place.MERCHANT, _DONG)

    def authorise(self, amount_vnd: int, answered: Callable[[bool], None]) -> None:
        """Ask for an amount; `answered` is called when an answer arrives, if one does."""
        self._owner.timers.after(self.answer_ms, lambda: self._decide(amount_vnd, answered))

    def capture(self) -> None:
        """Give what is held to the merchant."""
        self._owner.move_all("card", Place.HELD, Place.MERCHANT, "captured")

    def reverse(self) -> None:
        """Give what is held back to the card holder."""
        self._owner.move_all("card", Place.HELD, Place.ACCOUNT, "reversed")

    def refund(self, amount_vnd: int) -> bool:
        """Pay an amount of the merchant's back to the card; return whether the merchant has as much."""
        if not 0 < amount_vnd <= self.captured_vnd:
            return False
        self._owner.moved("card", _DONG, Place.MERCHANT, Place.ACCOUNT, "refunded", count=amount_vnd)
        return True

    def _decide(self, amount_vnd: int, answered: Callable[[bool], None]) -> None:
        verdict, self.verdict = self.verdict, "approve"
        if verdict in ("approve", "approve_unheard"):
            self._owner.moved("card", _DONG, Place.ACCOUNT, Place.HELD, "authorised", count=amount_vnd)
        if verdict in ("approve", "decline"):
            answered(verdict == "approve")
