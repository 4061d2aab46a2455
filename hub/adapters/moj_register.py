"""The certification system of the Ministry of Justice, to which the register's entries are reported.

Our guess of an interface: `POST <url>/entries` with a JSON entry, a bearer token and an Idempotency-Key; answered by
{"copy_id", "receipt"}. The requester's name is not sent: nobody has asked for it, and the register here keeps it.
"""

from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta, Struct

from hub.config import MojConfig
from hub.signing.wire import Answer, Wire, WireFault

_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class MojUnavailable(Exception):
    """No usable answer; the same entry is reported again later. The text says why, in words for a technician."""


class MojRefused(Exception):
    """The system refuses this entry for good; a person must look. The text is what it said."""


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
        """Return the receipt's number; raise MojUnavailable or MojRefused."""


class HttpMojRegister:
    """The system at the address of the configuration."""

    def __init__(self, config: MojConfig) -> None:
        self._url, self._deadline_s = config.url.rstrip("/"), config.deadline_s
        self._token, self._wire = config.token(), Wire()

    def report(self, entry: Entry) -> str:
        """Send the entry; return its receipt."""
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": entry.key,
        }
        try:
            answer = self._wire.post(
                f"{self._url}/entries", msgspec.json.encode(entry), headers=headers, deadline_s=self._deadline_s
            )
        except WireFault as fault:
            raise MojUnavailable(str(fault)) from fault
        return _receipt(answer, entry)


def _receipt(answer: Answer, entry: Entry) -> str:
    if answer.status in _REFUSALS:
        raise MojRefused(f"HTTP {answer.status}: {answer.content[:300].decode(errors='replace')}")
    if answer.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        raise MojUnavailable(f"it answered with HTTP status {answer.status}")
    try:
        received = msgspec.json.decode(answer.content, type=_Received)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise MojUnavailable(f"its answer can't be understood: {fault}") from fault
    if received.copy_id != entry.copy_id:
        raise MojUnavailable("its answer is about another copy")
    return received.receipt
