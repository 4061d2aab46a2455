"""What a check of a copy finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contract.messages import Standing
from contract.seal import CopySeal
from hub.verify.trust import Annulment


class Reason(StrEnum):
    """Why a copy is not simply valid; the value is the code of the sentence."""

    NOT_READABLE = "NOT_READABLE"
    TOO_COSTLY = "TOO_COSTLY"
    NO_SEAL = "NO_SEAL"
    NO_SIGNATURE = "NO_SIGNATURE"
    NO_TRUST = "NO_TRUST"
    NOT_RECORDED = "NOT_RECORDED"
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


_LEAVES_OPEN = frozenset(
    {
        Reason.NOT_READABLE,
        Reason.TOO_COSTLY,
        Reason.NO_SEAL,
        Reason.NO_SIGNATURE,
        Reason.NO_TRUST,
        Reason.NOT_RECORDED,
        Reason.SEAL_SIGNER_UNKNOWN,
        Reason.SIGNER_UNKNOWN,
        Reason.CERTIFICATE_UNPROVEN,
    }
)


def standing_of(reasons: Iterable[Reason]) -> Standing:
    """Return the verdict that these reasons make: some leave the question open, any other makes a copy invalid."""
    weighed = set(reasons)
    if weighed - _LEAVES_OPEN:
        return Standing.INVALID
    return Standing.UNKNOWN if weighed else Standing.VALID


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
    """The seal in a QR: what it says, why it is not to be believed (empty where it is), and its text in the address."""

    seal: CopySeal | None
    reasons: tuple[Reason, ...]
    detail: str
    text: str = ""


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
    seal_text: str = ""

    @property
    def standing(self) -> Standing:
        """Valid only where there is no reason against; invalid where one reason proves it."""
        return standing_of(self.reasons)
