"""How figures are printed: aligned tables, Wilson intervals, and the list of what the issue asks for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Must:
    """A figure that was asked for: its target in words, what was measured, and whether that is enough."""

    figure: str
    target: str
    measured: str
    holds: bool


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows in columns, the first to the left, the others to the right, indented by two."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    return "\n".join("  " + "  ".join(_cells(row, widths)).rstrip() for row in (head, *rows))


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def must_hold(musts: Sequence[Must]) -> str:
    """Return the table of what was asked for."""
    rows = [(must.figure, must.target, must.measured, "yes" if must.holds else "NO") for must in musts]
    return table(("must hold", "target", "measured", "reached"), rows)


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Wilson; (0, 1) of nothing."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, _Z_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = _Z_95 * math.sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(right: int, count: int) -> str:
    """Return a share in per cent with its interval: `99.20 [97.1–99.8]`."""
    low, high = wilson(right, count)
    return f"{100 * right / count:.2f} [{100 * low:.1f}–{100 * high:.1f}]" if count else "–"
