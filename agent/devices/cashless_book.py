"""What a card reader can't keep for the kiosk: each sale by its journey's key, what is wanted of it, what became of it.

A sale stands here before the board hears of it, what is wanted of it before it is ordered, and its outcome before the
board may forget it.
"""

import threading
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from agent.devices.cash_book import number_of
from agent.whole_file import write_whole

KEPT = 1000


class SaleState(StrEnum):
    """Where a sale is; the last four are ends. `DENIED` covers every way in which nothing was held."""

    ASKED = "ASKED"
    APPROVED = "APPROVED"
    DENIED = "DENIED"
    COMMITTED = "COMMITTED"
    REVERSED = "REVERSED"
    UNKNOWN = "UNKNOWN"


class Sale(Struct, frozen=True, kw_only=True):
    """One sale; `commit` is what is wanted of it: True the money, False none of it, None as long as nobody knows."""

    number: int
    amount_vnd: int
    state: SaleState = SaleState.ASKED
    commit: bool | None = None

    @property
    def is_open(self) -> bool:
        """Whether money may still move."""
        return self.state in (SaleState.ASKED, SaleState.APPROVED)


class CashlessBook:
    """A small file that survives a power cut whole; the oldest of more than KEPT sales is forgotten.

    The reader's events and the journey's wishes are written by different threads: each change is made whole.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._changing = path, threading.Lock()
        self._sales = msgspec.json.decode(path.read_bytes(), type=dict[str, Sale]) if path.exists() else {}

    def sale(self, key: str) -> Sale | None:
        """Return what is known of a sale."""
        return self._sales.get(key)

    def numbered(self, number: int) -> Sale | None:
        """Return the sale that the board knows by this number."""
        return next((sale for sale in self._sales.values() if sale.number == number), None)

    def begin(self, key: str, amount_vnd: int) -> Sale:
        """Write a sale down before the reader is asked for it."""
        sale = Sale(number=number_of(key), amount_vnd=amount_vnd)
        with self._changing:
            self._write(dict([*self._sales.items(), (key, sale)][-KEPT:]))
        return sale

    def want(self, key: str, *, commit: bool) -> Sale:
        """Write down how the sale is to end, before it is ordered; what was wanted first stays."""
        with self._changing:
            sale = self._sales[key]
            if sale.commit is None:
                sale = msgspec.structs.replace(sale, commit=commit)
                self._write({**self._sales, key: sale})
            return sale

    def tell(self, number: int, state: SaleState) -> None:
        """Write down where the sale is now; numbers that are not here belong to nobody.

        Only a sale that nothing was told of can be DENIED: an approval may come in while that is concluded.
        """
        with self._changing:
            for key, sale in self._sales.items():
                is_late = state is SaleState.DENIED and sale.state is not SaleState.ASKED
                if sale.number == number and sale.state is not state and not is_late:
                    self._write({**self._sales, key: msgspec.structs.replace(sale, state=state)})
                    return

    def _write(self, sales: dict[str, Sale]) -> None:
        write_whole(self._path, msgspec.json.encode(sales))
        self._sales = sales
