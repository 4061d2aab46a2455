"""What an agency publishes so that anyone can check its copies without asking it (R14): `trust.json`."""

import os
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509
from msgspec import Struct

from hub.signing.credentials import certificate_pem

VERSION = 1


class SealSignerEntry(Struct, frozen=True, kw_only=True):
    """A seal certificate and the two names under which a seal's header refers to it."""

    signer_id: str
    cert_ref: str
    pem: str


class Annulment(Struct, frozen=True, kw_only=True):
    """A copy that was annulled, by which decision and why (TT 01/2020 Art. 7)."""

    copy_id: str
    decision_no: str
    at: datetime
    reason: str


class TrustStatement(Struct, frozen=True, kw_only=True):
    """The content of `trust.json`."""

    v: int = VERSION
    agency: str
    verify_base_url: str
    issued_at: datetime
    anchors: tuple[str, ...]
    seal_signers: tuple[SealSignerEntry, ...]
    annulled: tuple[Annulment, ...]


def pem(certificate: x509.Certificate) -> str:
    """Return the certificate as PEM text."""
    return certificate_pem(certificate).decode("ascii")


def write(path: Path, statement: TrustStatement) -> None:
    """Put the statement at `path` in one step, readable by everyone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(statement)))
    beside.replace(path)
