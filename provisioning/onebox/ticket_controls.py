"""The hands on the stand-in's ticket printer: a file that a dock or a test writes and the machine obeys."""

from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

ROLL_MM = 60_000
NEAR_END_MM = 2_000


class Fault(StrEnum):
    """What can be the matter with it."""

    COVER_OPEN = "cover-open"
    CUTTER_JAM = "cutter-jam"
    FAILED = "failed"
    SILENT = "silent"
    UNPLUGGED = "unplugged"


class Controls(Struct, frozen=True, kw_only=True):
    """A roll (a higher number is a new one) and the faults, which come once `after_mm` more paper was printed on."""

    roll: int = 1
    roll_mm: float = ROLL_MM
    faults: tuple[Fault, ...] = ()
    after_mm: float = 0.0


class State(Struct, frozen=True, kw_only=True):
    """What the machine says of itself: paper left, slips cut, whether one hangs out uncut, the controls it obeys."""

    paper_mm: float
    slips: int
    torn: bool
    obeys: Controls


def read(path: Path) -> Controls:
    """Return what the hands have set; a missing file is a printer in order."""
    return msgspec.json.decode(path.read_bytes(), type=Controls) if path.exists() else Controls()


def write(path: Path, value: Controls | State) -> None:
    """Put a whole file in place, so that no reader sees half of one."""
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(value))
    part.replace(path)
