"""Names of things that outlive a process: ULIDs for what happens, SHA-256 for what is stored.

A ULID is accepted in its one canonical form (26 upper-case Crockford letters), because it is an idempotency key: two
spellings of one id would be two keys.
"""

import hashlib
import re
from datetime import datetime
from typing import NewType

from ulid import ULID, PureRandomPolicy, ULIDGenerator

KioskId = NewType("KioskId", str)
"""A kiosk's name: the common name of its certificate and the third segment of its topics (`topics.is_kiosk_id`)."""

RequestId = NewType("RequestId", str)
"""ULID of a request to the hub; the same id has one effect."""

VisitId = NewType("VisitId", str)
"""ULID of one citizen's visit to a kiosk."""

CopyId = NewType("CopyId", str)
"""ULID of one issue of a certified copy; printed on it and sealed into its QR."""

_CANONICAL = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
# the library's default counts up within a millisecond: shared state, and a neighbour's id could be guessed
_GENERATOR = ULIDGenerator(policy=PureRandomPolicy())


class MalformedUlid(ValueError):
    """The text is not a canonical ULID; copy the 26 characters again, in capitals."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:40]!r} is not an id of 26 capitals and digits (without I, L, O, U, first one 0–7)")


def new_ulid(now: datetime) -> str:
    """Return a fresh ULID of the moment `now` (aware, millisecond precision) with 80 random bits."""
    return str(_GENERATOR.generate(now))


def parse_ulid(text: str) -> str:
    """Return `text` unchanged if it is a canonical ULID; raise MalformedUlid."""
    if not is_ulid(text):
        raise MalformedUlid(text)
    return text


def is_ulid(text: str) -> bool:
    """Return whether `text` is a canonical ULID."""
    return bool(_CANONICAL.fullmatch(text))


def ulid_to_bytes(text: str) -> bytes:
    """Return the 16 bytes of a canonical ULID, big-endian; raise MalformedUlid."""
    return ULID.from_str(parse_ulid(text)).bytes


def ulid_from_bytes(raw: bytes) -> str:
    """Return the canonical text of 16 bytes; raise MalformedUlid for any other length."""
    if len(raw) != 16:
        raise MalformedUlid(raw.hex())
    return str(ULID.from_bytes(raw))


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 lower-case hex digits: the name of a blob."""
    return hashlib.sha256(content).hexdigest()
