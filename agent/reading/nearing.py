"""A rough outline drawn to where the paper ends: each side goes where most of what lies inside is like the paper."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.outline import Quad, from_sides
from agent.reading.paper_net import Chances
from agent.reading.profiles import Course, best_straight, mean_side, moved, profiles_of, sampled, sides_of
from agent.reading.values import Pixels

_LONG_SIDE_PX = 640
_REACHES = (0.1, 0.07)
"""Of the mean side: how far off the guess may be, in two rounds; as much again serves to know paper and ground."""
_SETTLING_REACHES = (0.2, 0.12, 0.07)
_FINER = 2
_BARE_PX = 5
_LEAST_DISTANCE = 5.0
_PLAIN_DISTANCE = 14.0  # grey levels by which a table differs plainly from a paper
_FREE, _BOUND = 6.0, 0.1
"""How far from its guess a side may go, as the variance in units of the reach."""


def settled(paper: Chances, quad: Quad) -> Quad:
    """Return the quad (in cells) whose straight sides best part what the net takes for paper from the rest."""
    fine = cv2.resize(paper, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_LINEAR)
    near = (quad + 0.5) * _FINER - 0.5
    for share in _SETTLING_REACHES:
        reach = max(4, round(share * mean_side(near)))
        courses = [_course(2.0 * sampled(fine, *side, reach)[0] - 1, reach, _FREE) for side in sides_of(near)]
        near = from_sides([moved(*side, course) for side, course in zip(sides_of(near), courses, strict=True)])
    return np.asarray((near + 0.5) / _FINER - 0.5)


def drawn_near(pixels: Pixels, quad: Quad) -> Quad:
    """Return the corners of a paper in a picture (RGB) from a guess that may be off by some 5 % of its sides."""
    scale = min(1.0, _LONG_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_BARE_PX, _BARE_PX), np.uint8)).astype(np.uint8)
    near = quad * scale
    for share in _REACHES:
        reach = max(6, round(share * mean_side(near)))
        near = from_sides([moved(*side, _course_of(bare, side, reach)) for side in sides_of(near)])
    return np.asarray(near / scale)


def _course(like: NDArray[np.float64], reach: int, trust: float) -> Course:
    """Return where most inside of a side is like paper (1) and most outside is not (−1)."""
    sums = np.cumsum(like, axis=1)
    values = (2 * sums - sums[:, -1:]) / reach
    return best_straight(values - values.min(), reach, trust)


def _course_of(bare: Pixels, side: tuple[NDArray[np.float64], NDArray[np.float64]], reach: int) -> Course:
    """Return where a side of paper runs, from the colours about it; where these differ little, close to the guess."""
    profiles, seen = profiles_of(bare, *side, reach)
    quarter = profiles.shape[1] // 4
    paper = cv2.blur(np.median(profiles[:, :quarter], axis=1).astype(np.float32)[:, None], (1, 9))
    distance = np.linalg.norm(profiles - paper, axis=2)
    outside = distance[:, -quarter:][seen[:, -quarter:]]
    usual = float(np.median(outside)) if outside.size else 0.0
    half = max(usual, _LEAST_DISTANCE) / 2
    like = np.where(seen, np.clip((half - distance) / half, -1, 1), 0.0)
    return _course(like, reach, min(_FREE, max(_BOUND, (usual / _PLAIN_DISTANCE) ** 2)))
