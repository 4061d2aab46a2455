"""Which line stands beside or below another."""

from agent.reading.values import ReadPage

_REACH = 1.5  # of a line's height


def beside_line(page: ReadPage, at: int) -> int | None:
    """Return the line that stands next in the same row, if any."""
    _, top, right, bottom = page.lines[at].box
    candidates = [
        (line.box[0], number)
        for number, line in enumerate(page.lines)
        if line.box[0] > right and min(bottom, line.box[3]) - max(top, line.box[1]) > 0.5 * (bottom - top)
    ]
    return min(candidates)[1] if candidates else None


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
