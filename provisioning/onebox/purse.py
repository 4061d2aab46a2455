"""The citizen's money: which piece goes in next, one at a time, until the kiosk has counted it or given it back."""

import time
from typing import Final

from provisioning.onebox.controls import Controls
from provisioning.onebox.players import Answer, Citizen

NOTES_VND: Final = (10_000, 20_000, 50_000, 100_000, 200_000)
SMALL_VND: Final = (500, 1_000, 2_000, 5_000)
COIN_VND: Final = 1_000
PATIENCE_S: Final = 12.0
"""After this the citizen tries another piece; a note needs three seconds to the cassette."""


class Purse:
    """Pays with a coin and the smallest note of 10,000 đồng or more that covers the rest; `exactly` without change."""

    def __init__(self, hands: Controls, *, exactly: bool = False) -> None:
        self._hands, self._exactly = hands, exactly
        self._paid_vnd: int | None = None
        self._put_in_at_s = 0.0

    def pay(self, total_vnd: int, paid_vnd: int) -> None:
        """Put the next piece in, unless the kiosk is still busy with the one before."""
        waits = self._paid_vnd == paid_vnd and time.monotonic() - self._put_in_at_s < PATIENCE_S
        if paid_vnd >= total_vnd or waits:
            return
        if self._put_in(self._next(total_vnd - paid_vnd, is_first=paid_vnd == 0)):
            self._paid_vnd, self._put_in_at_s = paid_vnd, time.monotonic()

    def _next(self, due_vnd: int, *, is_first: bool) -> int:
        if self._exactly:
            return max(piece for piece in (*SMALL_VND, *NOTES_VND) if piece <= due_vnd)
        if is_first and due_vnd > COIN_VND:
            return COIN_VND
        return next((note for note in NOTES_VND if note >= due_vnd), NOTES_VND[-1])

    def _put_in(self, value_vnd: int) -> bool:
        """Return whether the kiosk has drawn it in; a piece that falls through is taken out of the tray again."""
        insert = self._hands.insert_coin if value_vnd <= COIN_VND else self._hands.insert_note
        taken = insert(value_vnd) in ("accepted", "drawn in")
        if not taken:
            self._hands.take_tray()
        return taken


class Cashless:
    """Pays by `card` or by `transfer`: chooses the way, then holds the card out, or scans the code once."""

    def __init__(self, hands: Controls, citizen: Citizen, way: str) -> None:
        self._hands, self._citizen, self._way = hands, citizen, way
        self._paid = ""

    def pay(self, visit: str, screen: Answer) -> None:
        """Do the next thing that the screen asks for."""
        pay = screen["pay"]
        if pay is None or self._paid == visit:
            return
        chosen = [each["way"] for each in pay["ways"] if each["is_chosen"]]
        if chosen != [self._way]:
            self._citizen.choose(visit, self._way)
        elif pay["presents_card"]:
            self._hands.hold_card()  # ignored until the reader asks for it
        elif pay["code"]:
            self._paid = visit
            self._hands.pay_code()
