"""Leaves of the transparency log (RFC 9162 §2.1.1): salted hashes of register rows, so no leaf tells about a person."""

import hashlib
import secrets
from enum import StrEnum

from sqlalchemy.orm import Session

from hub.store import counters
from hub.store.tables import LogLeaf

SALT_BYTES = 32


class LeafKind(StrEnum):
    """What a leaf stands for."""

    ISSUE = "ISSUE"
    ANNULMENT = "ANNULMENT"


def append(session: Session, kind: LeafKind, copy_id: str, record: bytes) -> int:
    """Add the leaf of `record` in the caller's transaction; return its index, gap-free from 0."""
    index = counters.take(session, "log", first=0)
    salt = secrets.token_bytes(SALT_BYTES)
    entry = hashlib.sha256(salt + record).digest()
    session.add(LogLeaf(index=index, leaf_hash=leaf_hash(entry), salt=salt, kind=kind, copy_id=copy_id))
    session.flush()
    return index


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf, told apart from inner nodes by its first byte (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()
