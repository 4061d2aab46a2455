"""Until when a digest algorithm may protect timestamps; a copy must be stamped anew with a better one before."""

import hashlib
from datetime import UTC, datetime

ENDS = {
    "sha256": datetime(2031, 12, 31, tzinfo=UTC),
    "sha384": datetime(2046, 12, 31, tzinfo=UTC),
    "sha512": datetime(2046, 12, 31, tzinfo=UTC),
}
"""Stated ends, to be looked through each year: set cautiously beside ETSI TS 119 312, which recommends SHA-256 for six
years ahead and the longer ones without a foreseen end. An algorithm that is not here must not be relied on."""

_BY_LENGTH = {hashlib.new(name).digest_size: name for name in ENDS}


def of_length(size: int) -> str:
    """Return the algorithm that makes digests of `size` bytes."""
    return _BY_LENGTH[size]


def ends_at(name: str) -> datetime:
    """Return when the algorithm's protection ends; one that is not known has ended long ago."""
    return ENDS.get(name, datetime(2000, 1, 1, tzinfo=UTC))


def lasting(until: datetime) -> str:
    """Return the shortest digest algorithm that lasts until then, or the longest there is."""
    return next((name for name, end in ENDS.items() if end >= until), "sha512")
