"""A simulated bank: takes transfers by VietQR code and tells the hub of them, signed, as a bank's adapter does.

It can tell late, twice, of another sum, or without a reference; nothing here is a bank's real interface. What it did it
keeps in memory as its statement.
"""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import httpx

from contract import vietqr
from contract.clock import Clock, SystemClock
from hub import signed_word

WAIT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A line of the statement; `memo` is what the payer's bank wrote beside it."""

    transaction: str
    account: str
    amount_vnd: int
    memo: str
    booked_at: str


class SimulatedBank:
    """One bank with one customer's account; `key` is the file with the key that it shares with the hub at `hub_url`."""

    def __init__(self, hub_url: str, key: Path, *, clock: Clock | None = None) -> None:
        self._url, self._key, self._clock = f"{hub_url}/bank/transfers", key, clock or SystemClock()
        self.statement: list[Transfer] = []
        self._untold: list[Transfer] = []

    def transfer(self, code: str, *, more_vnd: int = 0, memo: str = "", keep_silent: bool = False) -> Transfer:
        """Move the sum of a scanned code (and `more_vnd`), then tell the hub unless it is to `keep_silent`.

        A `memo` takes the place of the code's reference. Raises VietQrError, or httpx.HTTPError where the hub does not
        take the word; it is told again by `tell_untold`.
        """
        wanted = vietqr.parse(code)
        done = Transfer(
            transaction=f"MAU.{secrets.token_hex(8)}",
            account=wanted.account,
            amount_vnd=wanted.amount_vnd + more_vnd,
            memo=memo or f"MBMAU.{secrets.randbelow(10**9)}.{wanted.reference}.CT tu 0000 toi {wanted.account}",
            booked_at=_iso(self._clock.now()),
        )
        self.statement.append(done)
        self._untold.append(done)
        if not keep_silent:
            self.tell_untold()
        return done

    def tell_untold(self) -> int:
        """Tell the hub of everything that it has not heard of yet; return how many there were."""
        told = 0
        while self._untold:
            self.tell(self._untold[0])
            self._untold.pop(0)
            told += 1
        return told

    def tell(self, transfer: Transfer) -> str:
        """Tell the hub of one transfer, again or for the first time; return where the hub says its money is."""
        body = json.dumps(asdict(transfer), ensure_ascii=False).encode()
        signature = signed_word.header(self._key.read_bytes().strip(), self._clock.now(), body)
        headers = {**signature, "Content-Type": "application/json"}
        answer = httpx.post(self._url, content=body, headers=headers, timeout=WAIT_S).raise_for_status()
        return str(answer.json()["state"])


def _iso(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat()
