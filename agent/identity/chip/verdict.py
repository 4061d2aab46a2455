"""Whether a chip that was read is believed, and if not, exactly why."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """What the proof came to; all but GENUINE mean that nothing on the chip proves who its holder is."""

    GENUINE = "GENUINE"
    CLONE = "CLONE"
    """A group is not the one that was signed."""
    GROUP_MISSING = "GROUP_MISSING"
    """A signed group is gone; so does who wants a chip's own proof left out."""
    SIGNATURE_WRONG = "SIGNATURE_WRONG"
    WEAK_ALGORITHM = "WEAK_ALGORITHM"
    UNKNOWN_COUNTRY_SIGNER = "UNKNOWN_COUNTRY_SIGNER"
    """No certificate in the kiosk's list issued the document signer's."""
    COUNTRY_SIGNER_EXPIRED = "COUNTRY_SIGNER_EXPIRED"
    SIGNER_NOT_YET_VALID = "SIGNER_NOT_YET_VALID"
    SIGNER_EXPIRED = "SIGNER_EXPIRED"
    SIGNER_REVOKED = "SIGNER_REVOKED"
    SIGNER_UNFIT = "SIGNER_UNFIT"
    """The document signer's certificate is for something else."""
    OTHER_STATE = "OTHER_STATE"
    """Another state signed than the zone names, or one this kiosk has no list for."""
    CHIP_UNPROVED = "CHIP_UNPROVED"
    """The data are genuine, but the chip does not know the private key that belongs to them: a copy."""


class ChipProof(StrEnum):
    """By what a chip proved that it is no copy, the last of several.

    NONE where it offers nothing (that this reader knows), so that a copy can't be told from it.
    """

    NONE = "NONE"
    ACTIVE_AUTHENTICATION = "ACTIVE_AUTHENTICATION"
    CHIP_MAPPING = "CHIP_MAPPING"
    """Chip authentication mapping, within PACE."""
    CHIP_AUTHENTICATION = "CHIP_AUTHENTICATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A reason, and in plain words for a technician what it was found at; free of personal data."""

    reason: Reason
    detail: str = ""

    @property
    def genuine(self) -> bool:
        """Whether the chip's data are the state's."""
        return self.reason is Reason.GENUINE

    @property
    def whole(self) -> bool:
        """Whether the groups are at least those that somebody signed; others are not even shown."""
        return self.reason not in (Reason.CLONE, Reason.GROUP_MISSING, Reason.SIGNATURE_WRONG, Reason.CHIP_UNPROVED)

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason.value


GENUINE = Verdict(reason=Reason.GENUINE)
