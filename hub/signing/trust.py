"""Publishing what anyone needs to check an agency's copies without asking it (R14): `trust.json`."""

import os
from pathlib import Path

import msgspec
from cryptography import x509

from hub.signing.credentials import certificate_pem
from hub.verify.trust import Trust

VERSION = 1


def pem(certificate: x509.Certificate) -> str:
    """Return the certificate as PEM text."""
    return certificate_pem(certificate).decode("ascii")


def write(path: Path, statement: Trust) -> None:
    """Put the statement at `path` in one step, readable by everyone."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(statement)))
    beside.replace(path)
