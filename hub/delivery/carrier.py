"""What a carrier is: it takes one copy to one citizen and says truly what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contract.destinations import Channel, Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A signed copy with its destination; `content` is the electronic copy, byte for byte as it was issued.

    `delivery` never changes for the same copy and way: it is the idempotency key. After `keep_until` the copy is gone.
    """

    delivery: str
    request: str
    copy_id: str
    destination: Destination
    content: bytes
    register_label: str
    title: str
    signer: str
    signer_title: str
    signed_at: datetime
    verify_url: str
    keep_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The other side has said that it has the copy; `receipt` is what it calls it."""

    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """It certainly has not got it; try again. `is_down`: the service itself does not work, so others wait as well."""

    why: str
    is_down: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It will never take it; a person must look."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody knows whether it has got it; it is not sent again before a person says so."""

    why: str


Outcome = Delivered | Later | Refused | Unknown
"""`why` is in words for a technician, and names nothing of the destination."""


class Carrier(Protocol):
    """One way to citizens. `name` is what operators know the service by.

    `repeats_safely` says that the other side knows a delivery by its id, so that sending it twice has one effect.
    """

    channel: Channel
    name: str
    repeats_safely: bool

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Take the copy there; never raise for what the other side does."""
