"""What the test PKI remembers beside its keys: the roster of officers, revoked serial numbers, passphrases."""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from hub.signing.credentials import write_private
from hub.signing.faults import PkiDamaged
from hub.signing.revocation import Revoked

ROSTER, REVOKED, SECRETS, CHANGED = "roster.json", "revoked.json", "secrets.json", "changed.json"

T = TypeVar("T")


class Officer(Struct, frozen=True, kw_only=True):
    """A person who may certify, as on the roster (R2)."""

    name: str
    title: str


class Entry(Struct, frozen=True, kw_only=True):
    """An officer and the name of the key file, without its suffix."""

    officer: Officer
    file: str


class Roster(Struct, frozen=True, kw_only=True):
    """Whose keys these are."""

    agency: str
    entries: tuple[Entry, ...] = ()


class RevokedLists(Struct, frozen=True, kw_only=True):
    """What was revoked, by authority."""

    people: tuple[Revoked, ...] = ()
    broker: tuple[Revoked, ...] = ()


def read(path: Path, kind: type[T]) -> T:
    """Return the record at `path`; raise PkiDamaged."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as fault:
        raise PkiDamaged(f"The record {path.name} of the keys can't be read ({fault})") from fault


def write(path: Path, record: object) -> None:
    """Put the record at `path` in one step, mode 0600."""
    write_private(path, msgspec.json.format(msgspec.json.encode(record)))
