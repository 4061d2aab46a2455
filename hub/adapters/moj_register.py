"""The certification system of the Ministry of Justice, to which the register's entries are reported.

Our guess of an interface: `POST <url>/entries` with a JSON entry, a bearer token and an Idempotency-Key; answered by
{"copy_id", "receipt"}. The requester's name is not sent: nobody has asked for it, and the register here keeps it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from hub.adapters.peer import Peer, Unavailable
from hub.adapters.settings import PeerConfig


class MojEvent(StrEnum):
    """What happened to a copy."""

    ISSUED = "ISSUED"
    ANNULLED = "ANNULLED"


class Entry(Struct, frozen=True, kw_only=True):
    """One event of the register; `decision_no` is the annulment's, blank otherwise."""

    event: MojEvent
    copy_id: str
    agency: str
    agency_code: str
    label: str
    title: str
    signer: str
    signer_title: str
    copies: int
    at: datetime
    decision_no: str = ""

    @property
    def key(self) -> str:
        """The idempotency key: the same entry has one effect, however often it is reported."""
        return f"{self.copy_id}-{self.event}"


class _Received(Struct, frozen=True):
    copy_id: str
    receipt: Annotated[str, Meta(min_length=1, max_length=200)]


class MojRegister(Protocol):
    """Who takes reports."""

    def report(self, entry: Entry) -> str:
        """Return the receipt's number; raise Unavailable or Refused."""


class HttpMojRegister:
    """The system at the address of the configuration."""

    def __init__(self, config: PeerConfig) -> None:
        self._peer = Peer(config)

    def report(self, entry: Entry) -> str:
        """Send the entry; return its receipt."""
        received = self._peer.ask("/entries", entry, _Received, key=entry.key)
        if received.copy_id != entry.copy_id:
            raise Unavailable("its answer is about another copy")
        return received.receipt
