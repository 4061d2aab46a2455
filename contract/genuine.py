"""What a kiosk says of itself when somebody asks whether it is genuine: a signed statement in a QR.

Whoever asks opens the hub's page /genuine, which shows six digits, and types them at the kiosk. The kiosk signs them
with its device key, together with its name and what runs on it; the page behind the QR judges that. The digits prove
that the statement was made after the page was opened, by the hub's clock alone: a time written by the kiosk would let
whoever had its key for a minute, or its clock, make statements in store.

It is a visible digital seal of its own document type, signed as vouchers are (`contract.voucher`).
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contract import seal_values, vds
from contract.clock import VIETNAM
from contract.seal_faults import FieldInvalid, NotAStatement
from contract.seal_profile import Profile, SealSigner
from contract.topics import is_kiosk_id

FEATURE_REF = b"VT"
"""0x56 feature definition, 0x54 document type category: even, as for all that ICAO did not define."""

DIGITS = 6
CONTENTS_BYTES = 16

_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,40}")
_FIELDS = (
    seal_values.utf8(1, "kiosk"),
    seal_values.utf8(2, "challenge"),
    seal_values.utf8(3, "version"),
    seal_values.octets(4, "contents"),
    seal_values.utc_second(5, "said_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a kiosk says; raises FieldInvalid where a value is outside the profile.

    `kiosk` is the name in the signer's certificate, `challenge` the six digits that were typed, `version` the
    program's, `contents` the digest of its files (`contents_digest`), empty where no release made it; `said_at` is
    aware, to the second, by the kiosk's own clock.
    """

    kiosk: str
    challenge: str
    version: str
    contents: bytes
    said_at: datetime

    def __post_init__(self) -> None:
        rules = {
            "kiosk": is_kiosk_id(self.kiosk),
            "challenge": is_challenge(self.challenge),
            "version": _VERSION.fullmatch(self.version) is not None,
            "contents": len(self.contents) in (0, CONTENTS_BYTES),
            "said_at": self.said_at.tzinfo is not None and not self.said_at.microsecond,
        }
        for name, holds in rules.items():
            if not holds:
                raise FieldInvalid(f"The field {name} of the statement can't be {getattr(self, name)!r}")


def is_challenge(text: str) -> bool:
    """Return whether it is six digits."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def contents_digest(contents: Iterable[tuple[str, str]]) -> bytes:
    """Return the digest of files given as (name, SHA-256 in hex): 16 bytes, whatever their order.

    It is the first half of the SHA-256 over lines as `sha256sum` writes them, sorted by name.
    """
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(contents))
    return hashlib.sha256(lines.encode()).digest()[:CONTENTS_BYTES]


_PROFILE = Profile(said=Statement, feature_ref=FEATURE_REF, fields=_FIELDS, other=NotAStatement)


def encode(statement: Statement, signer: SealSigner) -> bytes:
    """Return the signed statement (some 180 bytes with P-256); raise SealError where a name can't be written."""
    return _PROFILE.encode(statement, statement.said_at.astimezone(VIETNAM).date(), signer)


def decode(raw: bytes) -> tuple[Statement, vds.Seal]:
    """Read a statement without trusting it (`vds.verify` decides that); raise SealError."""
    return _PROFILE.decode(raw)
