"""Where a side of a paper may run: straight courses near a guess along which the picture changes most, and alike."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.profiles import ALONG, POINTS, Course, profiles_of
from agent.reading.values import Pixels

MOST = 6

_PLAIN_STEP = np.array([9.0, 5.0, 5.0], np.float32)  # of lightness and two colours
_NEAR_PX, _FAR_PX = (1, 4), (7, 12)
"""Just beside an edge and further off: a printed frame has paper again on its far side, a paper's edge has not."""
_OFFSET_STEP, _SLOPE_STEP = 1, 3
_APART_PX = 4
_FEWEST_SEEN = 0.25
_UNSEEN = 0.3

Side = tuple[NDArray[np.float64], NDArray[np.float64]]
Steps = NDArray[np.float32]


def courses_of(bare: Pixels, side: Side, reach: int, spread_px: float) -> list[Course]:
    """Return up to six courses, best first; `spread_px` is how far off the guess usually is.

    `bare` is an RGB picture of some 640 px without fine print. A side that lies outside of it has the guess alone.
    """
    profiles, seen = profiles_of(bare, *side, reach + _FAR_PX[1])
    inside = seen[:, seen.shape[1] // 2]
    if inside.mean() < _FEWEST_SEEN:
        return [Course(support=_UNSEEN)]
    offsets, slopes, at = _grid(reach)
    strength = np.sqrt(
        np.prod([_strength(_steps(profiles, *beside, reach), at, inside) for beside in (_NEAR_PX, _FAR_PX)], axis=0)
    )
    away = (offsets[:, None] / spread_px) ** 2 + (slopes[None] / (1.6 * spread_px)) ** 2
    return _best(strength / (1 + away / 2), offsets, slopes)


def _grid(reach: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return offsets, slopes, and for each pair where each profile is met (offsets, slopes, POINTS)."""
    offsets = np.arange(-reach, reach + 1, _OFFSET_STEP, dtype=np.float64)
    slopes = np.arange(-reach, reach + 1, _SLOPE_STEP, dtype=np.float64)
    at = np.rint(offsets[:, None, None] + slopes[None, :, None] * (ALONG - 0.5)).astype(np.int64) + reach
    return offsets, slopes, at


def _steps(profiles: NDArray[np.float32], start: int, end: int, reach: int) -> Steps:
    """Return the mean `start`…`end` px inside less that outside, −1…1, shape (POINTS, 2 · reach + 1, 3)."""
    sums = np.concatenate([np.zeros_like(profiles[:, :1]), np.cumsum(profiles, axis=1)], axis=1)
    middle = np.arange(2 * reach + 1) + _FAR_PX[1]
    inner = sums[:, middle - start + 1] - sums[:, middle - end]
    outer = sums[:, middle + end + 1] - sums[:, middle + start]
    return np.asarray(np.clip((inner - outer) / (end - start + 1) / _PLAIN_STEP, -1, 1), np.float32)


def _strength(steps: Steps, at: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much the picture changes along each course, and the same way all along (0…1)."""
    within = ((at >= 0) & (at < steps.shape[1]) & inside)[..., None]
    met = steps[np.arange(POINTS), np.clip(at, 0, steps.shape[1] - 1)] * within
    return np.asarray(np.minimum(np.linalg.norm(met.sum(axis=2) / inside.sum(), axis=2), 1))


def _best(scores: NDArray[np.float64], offsets: NDArray[np.float64], slopes: NDArray[np.float64]) -> list[Course]:
    size = (2 * _APART_PX // _SLOPE_STEP + 1, 2 * _APART_PX // _OFFSET_STEP + 1)
    peaks = np.where(scores >= cv2.dilate(scores, np.ones(size[::-1], np.uint8)), scores, 0)
    order = np.argsort(peaks, axis=None)[::-1][:MOST]
    rows, columns = np.unravel_index(order[peaks.ravel()[order] > 0], peaks.shape)
    return [
        Course(offset=float(offsets[row]), slope=float(slopes[column]), support=float(scores[row, column]))
        for row, column in zip(rows, columns, strict=True)
    ] or [Course()]
