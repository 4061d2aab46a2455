"""What opens a chip: data of the machine-readable zone, or the six digits printed on the card (CAN)."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

from agent.identity.mrz import Zone, check_digit

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

    @classmethod
    def printed(cls, number: str, born: date, expires: date | None) -> "ZoneKey":
        """Return the key by what a card's front says, so that it need not be turned round.

        `number` is the document number (of Vietnamese cards the last nine digits), `expires` None for a card without
        limit. Raise ValueError for a number that no zone can hold.
        """
        if not re.fullmatch(r"[A-Z0-9]{1,22}", number):
            raise ValueError("a document number has capital letters and digits")
        parts = (number.ljust(9, "<"), f"{born:%y%m%d}", f"{expires:%y%m%d}" if expires else "991231")
        return cls(information="".join(part + check_digit(part) for part in parts))

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
