"""What opens a chip: data of the machine-readable zone, or the six digits printed on the card (CAN)."""

import hashlib
import re
from dataclasses import dataclass, field

from agent.identity.mrz import Zone

_SEED_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneKey:
    """The zone's number, birth and expiry, each with its check digit (ICAO 9303-11, 4.3.2); opens BAC and PACE."""

    information: str = field(repr=False)
    reference = 1
    """PACE's name for it (4.4.4.1)."""

    @classmethod
    def of(cls, zone: Zone) -> "ZoneKey":
        """Return the key of a zone; one with faults hardly opens anything."""
        return cls(information=zone.access_key)

    @property
    def bac_seed(self) -> bytes:
        """Kseed of BAC (9303-11, 9.7.2)."""
        return self.secret[:_SEED_BYTES]

    @property
    def secret(self) -> bytes:
        """K of PACE (9303-11, 9.7.3)."""
        return hashlib.sha1(self.information.encode("ascii"), usedforsecurity=False).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNumber:
    """The card access number as typed: six digits; opens PACE alone. Raise ValueError where it is anything else."""

    digits: str = field(repr=False)
    reference = 2

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{6}", self.digits):
            raise ValueError("a card access number has six digits")

    @property
    def secret(self) -> bytes:
        """K of PACE (9303-11, 9.7.3)."""
        return self.digits.encode("ascii")


AccessKey = ZoneKey | CardNumber
