"""The four sides of a paper, drawn from a rough outline to where the paper ends, in ever narrower strips."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.reading.course import Course, course_of
from agent.reading.outline import Quad
from agent.reading.paper_net import Sight
from agent.reading.side_net import side_net
from agent.reading.values import Pixels
from models.pagefinder.strips import ACROSS, Strip, strips_of

_REACHES = (0.22, 0.09, 0.04, 0.02)
"""Of the mean side: how far off the outline may be, in four rounds."""
_STRAIGHT_SHARE = 0.0012
_MEETING_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Corners in pixels; how far each side bows outwards in its middle (pixels); how firmly each was seen (0…1)."""

    corners: Quad
    bows: tuple[float, ...]
    support: tuple[float, ...]


def drawn_to_edges(pixels: Pixels, sight: Sight, rough: Quad) -> Sides:
    """Return the sides of the paper near a rough outline, both in pixels of the picture (RGB)."""
    sides = Sides(corners=rough, bows=(0.0,) * 4, support=(0.0,) * 4)
    for share in _REACHES:
        strips = strips_of(sides.corners, share)
        ends = side_net().look(pixels, sight, strips)
        curves = [_Curve.of(strip, course_of(end, _rows(strip))) for strip, end in zip(strips, ends, strict=True)]
        sides = _closed(curves)
    return sides


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """A side as a parabola over a strip's own side: pixels outwards at its start, its end, and of its bow."""

    strip: Strip
    start: float
    end: float
    bow: float
    support: float

    @classmethod
    def of(cls, strip: Strip, course: Course) -> "_Curve":
        row_px = 2 * strip.reach / ACROSS
        start, end = ((row + 0.5 - ACROSS / 2) * row_px for row in (course.start, course.end))
        return cls(strip=strip, start=start, end=end, bow=course.bow * row_px, support=course.support)

    def point(self, along: float) -> NDArray[np.float64]:
        out = self.start + (self.end - self.start) * along + 4 * self.bow * along * (1 - along)
        return self.strip.point(np.array(along), np.array(out))

    def way(self, along: float) -> NDArray[np.float64]:
        """Return how the point moves with `along`."""
        slope = self.end - self.start + 4 * self.bow * (1 - 2 * along)
        return np.asarray(self.strip.end - self.strip.start + self.strip.outward * slope)


def _rows(strip: Strip) -> float:
    return float(np.linalg.norm(strip.end - strip.start)) * ACROSS / (2 * strip.reach)


def _closed(curves: list[_Curve]) -> Sides:
    """Return the sides between the corners in which each curve meets the next."""
    meetings = [_meeting(curves[at - 1], curves[at]) for at in range(4)]
    corners = np.array([curve.point(start) for curve, (_, start) in zip(curves, meetings, strict=True)])
    bows = []
    for at, curve in enumerate(curves):
        first, last = meetings[at][1], meetings[(at + 1) % 4][0]
        bow = curve.bow * (last - first) ** 2
        straight = abs(bow) < _STRAIGHT_SHARE * float(np.linalg.norm(corners[(at + 1) % 4] - corners[at]))
        bows.append(0.0 if straight else bow)
    return Sides(corners=corners, bows=tuple(bows), support=tuple(curve.support for curve in curves))


def _meeting(before: _Curve, after: _Curve) -> tuple[float, float]:
    """Return how far along each the end of one curve meets the start of the next."""
    last, first = 1.0, 0.0
    for _ in range(_MEETING_ROUNDS):
        ways = np.stack([before.way(last), -after.way(first)], axis=1)
        if abs(np.linalg.det(ways)) < 1e-6:
            break
        more, less = np.linalg.solve(ways, after.point(first) - before.point(last))
        last, first = (float(np.clip(value, low, low + 1)) for value, low in ((last + more, 0.5), (first + less, -0.5)))
    return last, first
