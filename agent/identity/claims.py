"""Who somebody says to be, and where that was read: the source decides what may be built on it.

Only a chip whose data the state signed proves anything. A printed zone or code is prefill: it spares typing, and the
screen says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from agent.identity import mrz
from agent.identity.chip.inspection import Inspection
from contract.clock import Clock


class Source(StrEnum):
    """Where it was read, the most believed first."""

    CHIP_VERIFIED = "CHIP_VERIFIED"
    CHIP_UNVERIFIED = "CHIP_UNVERIFIED"
    """Read from a chip that is not believed; no more than prefill."""
    MRZ = "MRZ"
    QR = "QR"
    """Not signed by anybody."""


_ORDER = tuple(Source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one source says of a person; an empty string is what it doesn't say.

    `name` is as the source spells it: a zone knows no accents. `sex` is M, F or empty.
    """

    source: Source
    number: str = field(repr=False)
    name: str = field(repr=False)
    born: date | None = field(repr=False)
    sex: str = field(repr=False)

    @property
    def proof(self) -> bool:
        """Whether it proves who the card belongs to; everything else is prefill."""
        return self.source is Source.CHIP_VERIFIED


class PrintedCode(Protocol):
    """What the code of a card says, as `agent.reading.card_code.Holder` does."""

    @property
    def number(self) -> str:
        """Twelve digits."""

    @property
    def name(self) -> str:
        """With accents."""

    @property
    def born(self) -> date:
        """Day of birth."""

    @property
    def sex(self) -> str:
        """`Nam` or `Nữ`."""


def of_zone(zone: mrz.Zone, clock: Clock, source: Source = Source.MRZ) -> Claim:
    """Return what a zone says; one of a passport is known by its document number where it has no personal one."""
    return Claim(
        source=source,
        number=zone.personal_number or zone.number,
        name=zone.name,
        born=zone.birth_date(today_year=clock.now().year) if zone.birth.isdigit() else None,
        sex=zone.sex if zone.sex in ("M", "F") else "",
    )


def of_code(code: PrintedCode) -> Claim:
    """Return what the QR code says."""
    return Claim(
        source=Source.QR,
        number=code.number,
        name=code.name,
        born=code.born,
        sex={"Nam": "M", "Nữ": "F"}.get(code.sex, ""),
    )


def of_chip(inspection: Inspection, clock: Clock) -> Claim | None:
    """Return what a chip says, its name with accents where DG13 has it; None where its data are not whole."""
    if inspection.zone is None:
        return None
    source = Source.CHIP_VERIFIED if inspection.verdict.genuine else Source.CHIP_UNVERIFIED
    plain = of_zone(inspection.zone, clock, source)
    accented = inspection.personal.sure("full_name") if inspection.personal else ""
    return Claim(source=source, number=plain.number, name=accented or plain.name, born=plain.born, sex=plain.sex)


def most_believed(claims: Sequence[Claim]) -> Claim | None:
    """Return the claim to show; its `source` is what the screen names."""
    return min(claims, key=lambda claim: _ORDER.index(claim.source), default=None)
