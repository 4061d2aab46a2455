"""The thresholds of each kind of reference, as data with the rates they stand for (thresholds.toml)."""

from pathlib import Path

import msgspec

from agent.identity.face.values import Reference, Verdict

__all__ = ["FILE", "Thresholds", "load"]

FILE = Path(__file__).with_name("thresholds.toml")


class Thresholds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Distances that part the verdicts, and the rates measured on people none of whom they were set by.

    `fmr` (false match rate, ISO/IEC 19795-1) is that of `match_below` over `impostors` comparisons, `fmr_most` its
    upper 95 % bound; `fnmr` the share of `genuines` that is not called MATCH, `fnmr_refused` the share called NO_MATCH.
    """

    match_below: float
    no_match_above: float
    fmr: float
    fmr_most: float
    impostors: int
    fnmr: float
    fnmr_refused: float
    genuines: int
    data: str

    def verdict(self, distance: float) -> Verdict:
        """Return what a distance means."""
        if distance < self.match_below:
            return Verdict.MATCH
        return Verdict.NO_MATCH if distance > self.no_match_above else Verdict.UNSURE


def load() -> dict[Reference, Thresholds]:
    """Return the thresholds of every kind of reference."""
    return msgspec.toml.decode(FILE.read_bytes(), type=dict[Reference, Thresholds])
