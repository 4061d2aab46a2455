"""Which line stands beside or below another."""

from agent.reading.values import Line, ReadPage
from contract.messages import Box

_REACH = 1.5  # of a line's height
_STRAY_SIGNS = 4
_STRAY_CONFIDENCE = 0.5


def beside_line(page: ReadPage, at: int) -> int | None:
    """Return the line that stands next in the same row, if any."""
    right = page.lines[at].box[2]
    candidates = [
        (line.box[0], number)
        for number, line in enumerate(page.lines)
        if line.box[0] > right and same_row(line.box, page.lines[at].box) and not _is_stray(line)
    ]
    return min(candidates)[1] if candidates else None


def same_row(one: Box, other: Box, *, loosely: bool = False) -> bool:
    """Return whether two lines stand on about the same baseline: half of the lower one beside the other.

    A pen keeps to no baseline: `loosely` leaves that out.
    """
    heights = (one[3] - one[1], other[3] - other[1])
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return shared > 0.5 * min(heights) and (loosely or abs(one[3] - other[3]) < 0.5 * max(heights))


def _is_stray(line: Line) -> bool:
    """Return whether a line is what a code's or a picture's edge reads as: a sign or two, in doubt."""
    return len(line.text) <= _STRAY_SIGNS and line.confidence < _STRAY_CONFIDENCE


def below_line(page: ReadPage, at: int, left: float, right: float) -> int | None:
    """Return the line that follows directly below, somewhere between two x (mm)."""
    _, top, _, bottom = page.lines[at].box
    reach = bottom + _REACH * (bottom - top)
    candidates = [
        (line.box[1], number)
        for number, line in enumerate(page.lines)
        if (line.box[1] + line.box[3]) / 2 > bottom
        and line.box[1] < reach
        and line.box[0] < right
        and line.box[2] > left
    ]
    return min(candidates)[1] if candidates else None
