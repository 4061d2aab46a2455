"""The picture across a side of an outline: what lies inside, at and outside each point of it, and straight courses."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.outline import Quad
from agent.reading.values import Pixels

POINTS = 72
ALONG = np.linspace(0.04, 0.96, POINTS)
"""Where along a side (0…1) its profiles are taken: not at the corners, which may be round or curled."""

_OPPONENT = np.array([(1 / 3, 1 / 3, 1 / 3), (0.5, -0.5, 0.0), (-0.25, -0.25, 0.5)], np.float32).T

Profiles = NDArray[np.float32]
"""Lightness and two colours at each point of a side and pixel from inside out, shape (POINTS, 2 · reach + 1, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far outwards of a first guess a side runs: at its middle, its slope from end to end, its bow (pixels).

    `support` is how much speaks for it, 0…1.
    """

    offset: float = 0.0
    slope: float = 0.0
    bow: float = 0.0
    support: float = 0.0

    def along(self) -> NDArray[np.float64]:
        """Return how far outwards the side runs at each of its points."""
        return np.asarray(self.offset + self.slope * (ALONG - 0.5) + self.bow * 4 * ALONG * (1 - ALONG))


def outward(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit vector that points out of a clockwise outline across its side from start to end."""
    way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    return np.array([way[1], -way[0]])


def sides_of(quad: Quad) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return start and end of each side."""
    return [(quad[at], quad[(at + 1) % 4]) for at in range(4)]


def mean_side(quad: Quad) -> float:
    """Return the mean length of the sides."""
    return float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).mean())


def moved(start: NDArray[np.float64], end: NDArray[np.float64], course: Course) -> Quad:
    """Return two points of the straight line between the ends of a course."""
    out = outward(start, end)
    return np.array([start + out * (course.offset - course.slope / 2), end + out * (course.offset + course.slope / 2)])


def profiles_of(
    pixels: Pixels, start: NDArray[np.float64], end: NDArray[np.float64], reach: int
) -> tuple[Profiles, NDArray[np.bool_]]:
    """Return the profiles of a side, and which pixels of them lie in the picture, shape (POINTS, 2 · reach + 1)."""
    colours, seen = sampled(pixels, start, end, reach)
    return np.asarray(colours @ _OPPONENT, np.float32), seen


def sampled(
    picture: NDArray[Any], start: NDArray[np.float64], end: NDArray[np.float64], reach: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return a picture of any channels across a side, from inside out, and which of it lies in the picture."""
    across = np.arange(-reach, reach + 1)
    spots = (start + (end - start) * ALONG[:, None])[:, None] + outward(start, end) * across[:, None]
    at = spots[..., 0].astype(np.float32), spots[..., 1].astype(np.float32)
    values = cv2.remap(picture, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    return values, ((spots > 0) & (spots < np.array(picture.shape[1::-1]) - 1)).all(axis=2)


def best_straight(values: NDArray[np.float64], reach: int, trust: float) -> Course:
    """Return the straight course along which `values` (POINTS, 2 · reach + 1) are highest, tried in whole pixels.

    `trust` is the variance of a guess in units of the reach: what is far off must be better by so much.
    """
    offsets, slopes = np.arange(-reach, reach + 1), np.arange(-1.6 * reach, 1.6 * reach + 1, 2)
    rise = np.rint(slopes[:, None] * (ALONG - 0.5)).astype(np.int64)
    at = offsets[:, None, None] + rise[None] + reach
    inside = (at >= 0) & (at <= 2 * reach)
    sums = (values[np.arange(POINTS), np.clip(at, 0, 2 * reach)] * inside).mean(axis=2)
    likely = np.exp(-0.5 * ((offsets[:, None] / reach) ** 2 + (slopes[None] / (1.6 * reach)) ** 2) / trust)
    one, other = np.unravel_index(int((sums * likely).argmax()), sums.shape)
    return Course(offset=float(offsets[one]), slope=float(slopes[other]), support=float(sums[one, other]))
