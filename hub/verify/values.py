"""What a check of a copy finds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contract.seal import CopySeal
from hub.verify.trust import Annulment


class Standing(StrEnum):
    """The verdict: the worst of its reasons."""

    VALID = "VALID"
    UNKNOWN = "UNKNOWN"
    INVALID = "INVALID"


class Reason(StrEnum):
    """Why a copy is not simply valid; the value is the code of the sentence."""

    NOT_READABLE = "NOT_READABLE"
    NO_SEAL = "NO_SEAL"
    NO_SIGNATURE = "NO_SIGNATURE"
    NO_TRUST = "NO_TRUST"
    SEAL_UNREADABLE = "SEAL_UNREADABLE"
    SEAL_SIGNER_UNKNOWN = "SEAL_SIGNER_UNKNOWN"
    SEAL_FORGED = "SEAL_FORGED"
    SIGNER_UNKNOWN = "SIGNER_UNKNOWN"
    CERTIFICATE_BAD = "CERTIFICATE_BAD"
    CERTIFICATE_UNPROVEN = "CERTIFICATE_UNPROVEN"
    SIGNATURE_BROKEN = "SIGNATURE_BROKEN"
    BYTES_NOT_COVERED = "BYTES_NOT_COVERED"
    CHANGED_AFTER_SIGNING = "CHANGED_AFTER_SIGNING"
    DRAFT_CHANGED = "DRAFT_CHANGED"
    TAIL_CHANGED = "TAIL_CHANGED"
    SIGNATURES_MISSING = "SIGNATURES_MISSING"
    ANNULLED = "ANNULLED"


STANDING_OF = {
    Reason.NOT_READABLE: Standing.UNKNOWN,
    Reason.NO_SEAL: Standing.UNKNOWN,
    Reason.NO_SIGNATURE: Standing.UNKNOWN,
    Reason.NO_TRUST: Standing.UNKNOWN,
    Reason.SEAL_SIGNER_UNKNOWN: Standing.UNKNOWN,
    Reason.SIGNER_UNKNOWN: Standing.UNKNOWN,
    Reason.CERTIFICATE_UNPROVEN: Standing.UNKNOWN,
}
"""Reasons that leave the question open; every other reason makes a copy invalid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFinding:
    """One signature or document timestamp: who, when, and what is wrong with it (empty where all is well)."""

    field: str
    subject: str
    issuer: str
    is_timestamp: bool
    signed_at: datetime | None
    timestamped: bool
    covers_file: bool
    reasons: tuple[Reason, ...]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFinding:
    """The seal in a QR: what it says, and why it is not to be believed (empty where it is)."""

    seal: CopySeal | None
    reasons: tuple[Reason, ...]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of one check.

    `medium` is `pdf` for a signed file, `paper` for a picture or print of one. `level` is `PAdES B-LTA` or what lesser
    level was found. `annulled_known_at` is the moment up to which annulments are known.
    """

    medium: str
    reasons: tuple[Reason, ...]
    detail: str
    seal: CopySeal | None
    signatures: tuple[SignatureFinding, ...]
    level: str
    pages: int
    agency: str
    annulment: Annulment | None
    annulled_known_at: datetime | None
    annulled_checked_online: bool

    @property
    def standing(self) -> Standing:
        """Valid only where there is no reason against; invalid where one reason proves it."""
        standings = {STANDING_OF.get(reason, Standing.INVALID) for reason in self.reasons}
        if Standing.INVALID in standings:
            return Standing.INVALID
        return Standing.UNKNOWN if standings else Standing.VALID
