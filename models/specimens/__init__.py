"""Synthetic papers with exact truth: `make` one, `scan` it. No real person, no real document; each says MẪU."""

from .altered import Alteration, Tampering, edit_digitally
from .catalogue import KINDS, make, possible_flaws
from .degrade import Strength, degrade, scan
from .values import (
    Box,
    FaceMissingError,
    Flaw,
    FlawNotApplicableError,
    Mark,
    Role,
    Specimen,
    SpecimenError,
    TruthLine,
    UnknownKindError,
)

__all__ = [
    "KINDS",
    "Alteration",
    "Box",
    "FaceMissingError",
    "Flaw",
    "FlawNotApplicableError",
    "Mark",
    "Role",
    "Specimen",
    "SpecimenError",
    "Strength",
    "Tampering",
    "TruthLine",
    "UnknownKindError",
    "degrade",
    "edit_digitally",
    "make",
    "possible_flaws",
    "scan",
]
