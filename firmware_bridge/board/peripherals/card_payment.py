"""One payment by card: asked for, approved or denied, then captured or reversed."""

from collections.abc import Callable

from firmware_bridge.board.peripherals.bank import Bank
from firmware_bridge.board.peripherals.timers import Timers

GIVE_UP_MS, REVERSE_MS = 10_000, 2_000


class CardPayment:
    """The reader's side of its bank; a bank that is silent too long is taken for a refusal, and reversed."""

    def __init__(self, bank: Bank, timers: Timers, *, approved: Callable[[], None], denied: Callable[[], None]) -> None:
        self._bank, self._timers, self._tell_approved, self._tell_denied = bank, timers, approved, denied
        self.amount_vnd, self.approved = 0, False
        self._asking = 0

    def ask(self, amount_vnd: int, funds_vnd: int) -> None:
        """Ask the bank for an amount of a card that holds `funds_vnd`."""
        self.amount_vnd, self.approved = amount_vnd, False
        if funds_vnd < amount_vnd:
            self._tell_denied()
            return
        self._asking += 1
        asking = self._asking
        self._bank.authorise(amount_vnd, lambda approved: self._answered(asking, approved))
        self._timers.after(GIVE_UP_MS, lambda: self._give_up(asking))

    def confirm(self) -> None:
        """The goods came out: capture."""
        self.approved = False
        self._bank.capture()

    def withdraw(self) -> None:
        """The goods did not come out, or nobody wants them: reverse what is held, and what may yet be."""
        self._asking += 1
        self.approved = False
        self._bank.reverse()

    def wake(self, *, capture: bool) -> None:
        """Come up after power-on: end what the bank still holds."""
        self._asking += 1
        self.approved = False
        if self._bank.held_vnd:
            self._timers.after(REVERSE_MS, self._bank.capture if capture else self._bank.reverse)

    def _answered(self, asking: int, approved: bool) -> None:
        if asking != self._asking:
            self._timers.after(REVERSE_MS, self._bank.reverse)
            return
        self._asking += 1
        self.approved = approved
        if approved:
            self._tell_approved()
        else:
            self._tell_denied()

    def _give_up(self, asking: int) -> None:
        if asking == self._asking:
            self._asking += 1
            self._tell_denied()
            self._timers.after(REVERSE_MS, self._bank.reverse)
