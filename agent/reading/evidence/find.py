"""All evidence on one page, while its pixels are at hand."""

from collections.abc import Sequence

from agent.reading.evidence.changed import changed_places
from agent.reading.evidence.loss import lost_places
from agent.reading.evidence.ring import grey_rings
from agent.reading.evidence.screen import screened_seals
from agent.reading.evidence.toner import no_colour, specks
from agent.reading.values import Evidence, Line, Pixels, Seal


def find_evidence(pixels: Pixels, lines: Sequence[Line], seals: Sequence[Seal]) -> tuple[Evidence, ...]:
    """Return what an upright page at 300 dpi shows of being a copy, changed or lost, given its lines and red seals."""
    return (
        *grey_rings(pixels, lines),
        *screened_seals(pixels, seals),
        *specks(pixels, lines),
        *no_colour(pixels),
        *changed_places(pixels, lines, seals),
        *lost_places(pixels),
    )
