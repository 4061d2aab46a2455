"""The sides of a paper found to a fraction of a pixel: where the picture changes most along the whole of each side."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.outline import Quad, from_sides
from agent.reading.profiles import (
    ALONG,
    POINTS,
    Course,
    Profiles,
    best_straight,
    mean_side,
    moved,
    outward,
    profiles_of,
    sides_of,
)
from agent.reading.values import Pixels

_REACH = 0.018  # of the outline's mean side: how far off the first guess an edge is looked for
_LEAST_REACH_PX = 7
_STEP_PX = 3
_FAINTEST = 2.5
_TRUST = 0.35
_CLOSE_PX = 7
_LEAST_STEP = 0.15
_FEWEST_PROFILES = 12
_DRAWS = 160
_AGREE_PX = 1.0
_BOWS_IF, _BOWS_BY = 0.7, 0.15
_STRAIGHT_SHARE = 0.0012

__all__ = ["Sides", "outward", "sharpened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Corners in pixels; how far each side bows outwards in its middle (pixels); how firmly each was seen (0…1)."""

    corners: Quad
    bows: tuple[float, ...]
    support: tuple[float, ...]

    def enlarged(self, scale: float) -> "Sides":
        """Return the sides in a picture that is so many times as large."""
        return replace(self, corners=self.corners * scale, bows=tuple(bow * scale for bow in self.bows))


def sharpened(pixels: Pixels, quad: Quad) -> Sides:
    """Return the sides of the paper near a first guess of its corners, in pixels of the picture (RGB).

    A picture of some 1600 px is fine enough: a thousandth of its side.
    """
    reach = max(_LEAST_REACH_PX, round(_REACH * mean_side(quad)))
    courses = [_course(pixels, *side, reach) for side in sides_of(quad)]
    lines = [moved(*side, course) for side, course in zip(sides_of(quad), courses, strict=True)]
    return Sides(
        corners=from_sides(lines),
        bows=tuple(course.bow for course in courses),
        support=tuple(course.support for course in courses),
    )


def _course(small: Pixels, start: NDArray[np.float64], end: NDArray[np.float64], reach: int) -> Course:
    profiles, seen = profiles_of(small, start, end, reach + _STEP_PX)
    inside = seen[:, seen.shape[1] // 2]
    if inside.sum() < POINTS / 6:
        return Course()
    steps = _steps(cv2.blur(profiles, (1, 3)).astype(np.float32)) * inside[:, None]
    near = best_straight(cv2.blur(steps, (3, 1)).astype(np.float64), reach, _TRUST)
    length = float(np.linalg.norm(end - start))
    return _along_peaks(steps, _along_peaks(steps, near, length), length)


def _steps(profiles: Profiles) -> NDArray[np.float64]:
    """Return for each profile and offset how much of the side's own step lies there, −1…1."""
    sums = np.cumsum(profiles, axis=1, dtype=np.float64)
    sums = np.concatenate([np.zeros_like(sums[:, :1]), sums], axis=1)
    means = (sums[:, _STEP_PX:] - sums[:, :-_STEP_PX]) / _STEP_PX
    steps = means[:, : -_STEP_PX - 1] - means[:, _STEP_PX + 1 :]
    edge = profiles.shape[1] // 4
    whole = np.median(profiles[:, :edge].mean(axis=1) - profiles[:, -edge:].mean(axis=1), axis=0)
    size = max(float(np.linalg.norm(whole)), _FAINTEST)
    return np.asarray(np.clip(steps @ whole / size**2, -1, 1))


def _along_peaks(steps: NDArray[np.float64], near: Course, length: float) -> Course:
    """Return the course through where most profiles change most, near a first one: straight unless all say it bows."""
    peaks, strong = _peaks(steps, near.along())
    if strong.sum() < _FEWEST_PROFILES:
        return near
    design = np.stack([np.ones(POINTS), ALONG - 0.5, 4 * ALONG * (1 - ALONG)], axis=1)[strong]
    straight, kept = _agreed(design[:, :2], peaks[strong])
    bowed, kept_bowed = _agreed(design, peaks[strong])
    bows = kept_bowed > max(_BOWS_IF, kept + _BOWS_BY) and abs(bowed[2]) > _STRAIGHT_SHARE * length
    course = bowed if bows else np.append(straight, 0.0)
    return Course(offset=float(course[0]), slope=float(course[1]), bow=float(course[2]), support=near.support)


def _peaks(steps: NDArray[np.float64], near: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the offset at which each profile changes most close to a course, and whether it changes enough there."""
    offsets = np.arange(steps.shape[1]) - steps.shape[1] // 2
    close = np.maximum(np.where(np.abs(offsets - near[:, None]) <= _CLOSE_PX, cv2.blur(steps, (1, 3)), 0), 0)
    top = offsets[close.argmax(axis=1)]
    weights = np.where(np.abs(offsets - top[:, None]) <= _STEP_PX, close, 0) ** 2
    peaks = (weights * offsets).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    return peaks, close.max(axis=1) > _LEAST_STEP


def _agreed(design: NDArray[np.float64], peaks: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return the curve that most profiles agree on, and the share of them that do (RANSAC, always the same draws)."""
    count, terms = design.shape
    draws = np.random.default_rng(count).integers(0, count, (_DRAWS, terms))
    systems = design[draws] + 1e-9 * np.eye(terms)
    usable = np.abs(np.linalg.det(systems)) > 1e-3
    if not usable.any():
        return np.linalg.lstsq(design, peaks, rcond=None)[0], 0.0
    curves = np.linalg.solve(systems[usable], peaks[draws][usable][..., None])[..., 0]
    agree = np.abs(curves @ design.T - peaks) < _AGREE_PX
    best = agree[int(agree.sum(axis=1).argmax())]
    curve = np.linalg.lstsq(design[best], peaks[best], rcond=None)[0]
    return curve, float((np.abs(design @ curve - peaks) < _AGREE_PX).mean())
