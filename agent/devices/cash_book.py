"""What the board can't keep for the kiosk: payouts by their journey's key, and what was counted into the cassette.

A payout stands here before the board hears of it, and its outcome before the board may forget it.
"""

import hashlib
import threading
from pathlib import Path

import msgspec
from msgspec import Struct

from agent.whole_file import write_whole

KEPT = 1000


class Payout(Struct, frozen=True, kw_only=True):
    """A payout that the board may have been asked for; `paid_vnd` is None until the board has said what came out."""

    number: int
    amount_vnd: int
    paid_vnd: int | None = None


class Book(Struct, frozen=True, kw_only=True):
    """The file: payouts by key, oldest first; notes in the cassette and the sum there and in the coin box, up to the
    event `counted`.
    """

    payouts: dict[str, Payout] = {}
    notes: int = 0
    taken_vnd: int = 0
    counted: tuple[int, int] = (0, 0)


def number_of(key: str) -> int:
    """Return the board's 32-bit key of a journey's key; the same after a loss of the book, never 0."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "little") or 1


class CashBook:
    """A small file that survives a power cut whole; the board's events and the payouts are different threads'."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._changing = path, threading.Lock()
        self._book = msgspec.json.decode(path.read_bytes(), type=Book) if path.exists() else Book()

    def payout(self, key: str) -> Payout | None:
        """Return what is known of a payout."""
        return self._book.payouts.get(key)

    @property
    def notes(self) -> int:
        """How many notes lie in the cassette."""
        return self._book.notes

    @property
    def taken_vnd(self) -> int:
        """What lies in cassette and coin box since they were last emptied."""
        return self._book.taken_vnd

    def begin(self, key: str, amount_vnd: int) -> Payout:
        """Write a payout down before the board is asked for it."""
        payout = Payout(number=number_of(key), amount_vnd=amount_vnd)
        with self._changing:
            self._write(payouts=dict([*self._book.payouts.items(), (key, payout)][-KEPT:]))
        return payout

    def withdraw(self, key: str) -> None:
        """Forget a payout that the board has refused."""
        with self._changing:
            self._write(payouts={each: payout for each, payout in self._book.payouts.items() if each != key})

    def finish(self, number: int, paid_vnd: int) -> None:
        """Write down what came out."""
        with self._changing:
            payouts = {
                key: msgspec.structs.replace(payout, paid_vnd=paid_vnd) if payout.number == number else payout
                for key, payout in self._book.payouts.items()
            }
            self._write(payouts=payouts)

    def count(self, event: tuple[int, int], value_vnd: int, *, is_note: bool) -> None:
        """Count a piece in cassette or box once; `event` is its epoch and serial, which rises."""
        with self._changing:
            book = self._book
            if event[0] != book.counted[0] or event > book.counted:
                self._write(notes=book.notes + is_note, taken_vnd=book.taken_vnd + value_vnd, counted=event)

    def empty(self) -> None:
        """Begin to count anew: the cassette was taken out."""
        with self._changing:
            if self._book.taken_vnd:
                self._write(notes=0, taken_vnd=0)

    def _write(self, **changed: object) -> None:
        book = msgspec.structs.replace(self._book, **changed)
        write_whole(self._path, msgspec.json.encode(book))
        self._book = book
