"""iHanoi, the city's application: the result appears in the citizen's account (DOMAIN F28).

Its interface is not published; this is our guess: `POST <url>/results` with a bearer token and an Idempotency-Key, in
which the file is named by a one-time address. It is answered by {"delivery", "receipt"}. What iHanoi calls here stands
in hub.queue.partner.
"""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

from hub.adapters.peer import Peer, Unavailable
from hub.adapters.settings import IhanoiConfig


class AccountResult(Struct, frozen=True, kw_only=True):
    """A result for the account that belongs to the personal number `owner`; `address` gives the file out, once."""

    delivery: str
    owner: str
    title: str
    label: str
    agency: str
    address: str
    sha256: str
    verify_url: str


class _Received(Struct, frozen=True):
    delivery: str
    receipt: Annotated[str, Meta(min_length=1, max_length=200)]


class Ihanoi(Protocol):
    """Who takes results."""

    def give(self, result: AccountResult) -> str:
        """Return the receipt; the same delivery again gives the same one. Raise Unavailable or Refused."""


class HttpIhanoi:
    """iHanoi at the address of the configuration."""

    def __init__(self, config: IhanoiConfig) -> None:
        self._peer = Peer(config)

    def give(self, result: AccountResult) -> str:
        """Send the result; return its receipt."""
        received = self._peer.ask("/results", result, _Received, key=result.delivery)
        if received.delivery != result.delivery:
            raise Unavailable("its answer is about another result")
        return received.receipt
