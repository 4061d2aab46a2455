"""The four sides of a paper, drawn from a rough outline to where the paper ends, in ever narrower strips."""

from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.course import Course, course_of
from agent.reading.outline import Quad
from agent.reading.paper_net import Sight
from agent.reading.side_net import side_net
from agent.reading.true_size import misfits
from agent.reading.values import Pixels
from models.pagefinder.strips import UNKNOWN, Strip, reach_px, strips_of

_REACHES = (0.22, 0.22, 0.09, 0.03, 0.03)
"""Of the mean side: how far off the outline may be, in four rounds; what lies beyond one is reached by two."""
_JUDGED = 2  # the round whose support counts: its rows are about as wide as a paper's edge may be off
_SURE, _MOST_UNSURE = 0.75, 2
_SEEN, _FEWEST_SEEN = 0.5, 2
_MOVED = 0.3  # of the mean side: where else a side is looked for that was not seen
_ALIKE = 0.03  # of the mean side: such outlines lead to the same sides
_SHAPE_COUNTS, _WORST_MISFIT = 0.01, 20.0
_STRAIGHT_SHARE = 0.0012
_MEETING_ROUNDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Corners in pixels; how far each side bows outwards in its middle (pixels); how firmly each was seen (0…1)."""

    corners: Quad
    bows: tuple[float, ...]
    support: tuple[float, ...]

    @property
    def are_seen(self) -> bool:
        """Return whether enough sides were seen for a paper to be there; one may be cut off and one covered."""
        return sum(support > _SEEN for support in self.support) >= _FEWEST_SEEN


def drawn_to_edges(pixels: Pixels, sight: Sight, roughs: list[Quad]) -> Sides:
    """Return the sides of the paper near one of some rough outlines (at least one), pixels of the picture (RGB).

    The first outline that leads to four sides seen firmly is enough. Where some are, the others are looked for further
    in and further out, whatever the page finder says; then the next outline is tried; the likeliest is returned.
    """
    tried: list[Sides] = []
    unaided = replace(sight, paper=np.full_like(sight.paper, UNKNOWN))
    for rough in roughs:
        if any(_alike(rough, sides.corners) for sides in tried):
            continue
        tried.append(_drawn(pixels, sight, rough))
        if 0 < sum(support < _SURE for support in tried[-1].support) <= _MOST_UNSURE:
            tried += [_drawn(pixels, unaided, moved) for moved in _further(tried[-1])]
        if max(min(sides.support) for sides in tried) > _SURE:
            break
    return max(tried, key=lambda sides: _likely(sides, pixels))


def _alike(one: Quad, other: Quad) -> bool:
    return bool(np.linalg.norm(one - other, axis=1).max() < reach_px(other, _ALIKE))


def _drawn(pixels: Pixels, sight: Sight, rough: Quad) -> Sides:
    corners, bows, support = rough, tuple[float, ...]((0.0,) * 4), tuple[float, ...]()
    for number, share in enumerate(_REACHES):
        strips = strips_of(corners, share, bows)
        ends = side_net().look(pixels, sight, strips)
        curves = [_Curve.of(strip, course_of(end, _rows(strip))) for strip, end in zip(strips, ends, strict=True)]
        corners, bows = _closed(curves)
        if number == _JUDGED:
            support = tuple(curve.support for curve in curves)
    return Sides(corners=corners, bows=bows, support=support)


def _further(sides: Sides) -> list[Quad]:
    """Return the outline with each side that was not seen firmly further in or further out, in every combination."""
    strips, far = strips_of(sides.corners, _MOVED), reach_px(sides.corners, _MOVED)
    unsure = [at for at in range(4) if sides.support[at] < _SURE]
    moved = []
    for ways in product((-far, far), repeat=len(unsure)):
        quad = sides.corners.copy()
        for at, way in zip(unsure, ways, strict=True):
            quad[[at, (at + 1) % 4]] += way * strips[at].outward
        moved.append(quad)
    return moved


def _likely(sides: Sides, pixels: Pixels) -> float:
    """Return how much speaks for an outline: how firmly its sides were seen, and a shape that papers have."""
    if not cv2.isContourConvex(sides.corners.astype(np.float32)):
        return -1.0
    misfit = float(misfits(sides.corners[None], pixels.shape[1], pixels.shape[0])[0])
    return float(np.mean(sides.support)) - _SHAPE_COUNTS * min(misfit, _WORST_MISFIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """A side as a parabola over a strip's own, bowed side: pixels outwards at its start, its end, and of its bow."""

    strip: Strip
    start: float
    end: float
    bow: float
    support: float

    @classmethod
    def of(cls, strip: Strip, course: Course) -> "_Curve":
        start, end = strip.out_px(np.array([course.start, course.end]))
        return cls(strip=strip, start=start, end=end, bow=course.bow * strip.row_px, support=course.support)

    def point(self, along: float) -> NDArray[np.float64]:
        out = self.start + (self.end - self.start) * along + 4 * self.bow * along * (1 - along)
        return self.strip.point(np.array(along), np.array(out))

    def way(self, along: float) -> NDArray[np.float64]:
        """Return how the point moves with `along`."""
        slope = self.end - self.start + 4 * (self.bow + self.strip.bow) * (1 - 2 * along)
        return np.asarray(self.strip.end - self.strip.start + self.strip.outward * slope)


def _rows(strip: Strip) -> float:
    return float(np.linalg.norm(strip.end - strip.start)) / strip.row_px


def _closed(curves: list[_Curve]) -> tuple[Quad, tuple[float, ...]]:
    """Return the corners in which each curve meets the next, and how far each side bows between them."""
    meetings = [_meeting(curves[at - 1], curves[at]) for at in range(4)]
    corners = np.array([curve.point(start) for curve, (_, start) in zip(curves, meetings, strict=True)])
    bows = []
    for at, curve in enumerate(curves):
        first, last = meetings[at][1], meetings[(at + 1) % 4][0]
        bow = (curve.bow + curve.strip.bow) * (last - first) ** 2
        straight = abs(bow) < _STRAIGHT_SHARE * float(np.linalg.norm(corners[(at + 1) % 4] - corners[at]))
        bows.append(0.0 if straight else bow)
    return corners, tuple(bows)


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
