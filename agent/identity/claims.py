"""Who a chip says its holder is, and whether that proves anything: only data that the state signed do."""

from dataclasses import dataclass, field
from datetime import date

from agent.identity.chip.inspection import Inspection
from contract.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a chip says of a person; an empty string is what it doesn't say. Without `proof` it is no more than prefill.

    `name` is as the source spells it: a zone knows no accents. `sex` is M, F or empty.
    """

    proof: bool
    number: str = field(repr=False)
    name: str = field(repr=False)
    born: date | None = field(repr=False)
    sex: str = field(repr=False)


def of_chip(inspection: Inspection, clock: Clock) -> Claim | None:
    """Return what a chip says, its name with accents where DG13 has it; None where its data are not whole.

    The holder of a passport is known by the document number where it has no personal one.
    """
    zone = inspection.zone
    if zone is None:
        return None
    accented = inspection.personal.sure("full_name") if inspection.personal else ""
    return Claim(
        proof=inspection.verdict.genuine,
        number=zone.personal_number or zone.number,
        name=accented or zone.name,
        born=zone.birth_date(today_year=clock.now().year) if zone.birth.isdigit() else None,
        sex=zone.sex if zone.sex in ("M", "F") else "",
    )
