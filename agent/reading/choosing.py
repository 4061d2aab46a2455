"""Which four lines are a paper's sides: supported by the picture, near the guess, of a shape that papers have."""

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.outline import Quad
from agent.reading.profiles import Course, mean_side, moved, sides_of
from agent.reading.proposals import courses_of
from agent.reading.true_size import Quads, misfits
from agent.reading.values import Pixels

_LONG_SIDE_PX = 640
_BARE_PX = 5
_REACH = 0.13
_LEAST_REACH_PX = 12
_SPREAD_PX, _SPREAD = 5.0, 0.015
"""How far off the guess usually is: about a cell of the net's grid, and a share of the side."""
_WEIGHED = 200
_SHAPE_COUNTS, _WORST_MISFIT = 0.012, 20.0


def chosen(pixels: Pixels, guess: Quad) -> Quad:
    """Return the outline near a guess that is most likely a paper's; pixels of the picture (RGB)."""
    scale = min(1.0, _LONG_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_BARE_PX, _BARE_PX), np.uint8)).astype(np.uint8)
    near = guess * scale
    length = mean_side(near)
    reach = max(_LEAST_REACH_PX, round(_REACH * length))
    courses = [courses_of(bare, side, reach, _SPREAD_PX + _SPREAD * length) for side in sides_of(near)]
    quads, supports = _combined(near, courses)
    first = np.argsort(supports)[::-1][:_WEIGHED]
    misfit = np.minimum(misfits(quads[first], bare.shape[1], bare.shape[0]), _WORST_MISFIT)
    best = int((supports[first] - _SHAPE_COUNTS * misfit).argmax())
    return np.asarray(quads[first][best] / scale)


def _combined(near: Quad, courses: list[list[Course]]) -> tuple[Quads, NDArray[np.float64]]:
    """Return the outline of every choice of one course a side, and the mean support of its sides."""
    lines = [[moved(*side, course) for course in some] for side, some in zip(sides_of(near), courses, strict=True)]
    picks = np.array(list(product(*(range(len(some)) for some in courses))))
    sides = [np.array(some)[picks[:, at]] for at, some in enumerate(lines)]
    corners = np.stack([_meetings(sides[at - 1], sides[at]) for at in range(4)], axis=1)
    supports = [np.array([course.support for course in some])[picks[:, at]] for at, some in enumerate(courses)]
    return corners, np.mean(supports, axis=0)


def _meetings(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where lines meet, each given by two points: (n, 2, 2) and (n, 2, 2) to (n, 2)."""
    way, against = one[:, 1] - one[:, 0], other[:, 1] - other[:, 0]
    gap = other[:, 0] - one[:, 0]
    across = way[:, 0] * against[:, 1] - way[:, 1] * against[:, 0]
    along = (gap[:, 0] * against[:, 1] - gap[:, 1] * against[:, 0]) / np.where(np.abs(across) < 1e-9, 1e-9, across)
    return np.asarray(one[:, 0] + way * along[:, None])
