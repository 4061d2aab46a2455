"""Leaves of the transparency log: salted hashes of register rows, so no leaf tells about a person."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from sqlalchemy.orm import Session

from hub.log import merkle
from hub.store import counters
from hub.store.tables import LogLeaf

SALT_BYTES = 32


class LeafKind(StrEnum):
    """What a leaf stands for."""

    ISSUE = "ISSUE"
    ANNULMENT = "ANNULMENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a leaf stands for: `public` is what the holder of the copy may see, `private` the rest of the row."""

    public: Mapping[str, object]
    private: Mapping[str, object]

    def told(self, private_salt: bytes) -> bytes:
        """Return what a holder is told: the public part, and the hash that binds the leaf to the private one."""
        sealed = hashlib.sha256(private_salt + _encoded(self.private)).hexdigest()
        return _encoded({**self.public, "private_sha256": sealed})


def append(session: Session, kind: LeafKind, copy_id: str, record: Record) -> int:
    """Add the leaf of `record` in the caller's transaction; return its index, gap-free from 0."""
    index = counters.take(session, "log", first=0)
    salt, private_salt = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SALT_BYTES)
    entry = entry_of(salt, record.told(private_salt))
    leaf = LogLeaf(
        index=index,
        entry=entry,
        leaf_hash=merkle.leaf_hash(entry),
        salt=salt,
        private_salt=private_salt,
        kind=kind,
        copy_id=copy_id,
    )
    session.add(leaf)
    session.flush()
    return index


def entry_of(salt: bytes, told: bytes) -> bytes:
    """Return what is published of a record; whoever was told it, with its salt, can show that it is the one."""
    return hashlib.sha256(salt + told).digest()


def _encoded(columns: Mapping[str, object]) -> bytes:
    return msgspec.json.encode(columns, order="sorted")
