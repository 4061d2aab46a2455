"""The motion cue: was the head turned when and where it was asked for, as a solid, apart from what is behind it?"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from .challenge import Direction
from .course import SETTLED_S, Course, Floats
from .take import Take

_TURNED_DEG, _ENOUGH_DEG = 6.0, 20.0
_CORNERS = 120
_WINDOW_PX, _LEVELS = (15, 15), 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSigns:
    """`turned`: degrees the way that was asked for, 20 at most; `early`: degrees before it was asked for; `answer_s`:
    from command to a third of the turn, 2 if never; `solid`: log of what a plane leaves unexplained over what a solid
    does; `apart`: how far the background keeps still while the face moves, 1 if wholly, 0 if it moves along."""

    turned: float
    early: float
    answer_s: float
    solid: float
    apart: float


def motion_signs(take: Take, seen: Course) -> MotionSigns:
    """Return the signs of the motion cue."""
    asked = take.challenge.turn
    sign = 1 if asked.direction is Direction.RIGHT else -1
    yaw = sign * _smooth(seen.yaw_deg)
    before = take.times_s < asked.at_s + SETTLED_S
    peak = float(yaw[~before].max(initial=0.0))
    reached = take.times_s[(yaw > peak / 3) & ~before]
    turned = np.argsort(-np.abs(yaw))[: max(3, len(yaw) // 5)]
    ratio = np.log((seen.plane_rest[turned] + 1e-4) / (seen.solid_rest[turned] + 1e-4)).mean()
    return MotionSigns(
        turned=float(np.clip(peak, 0, _ENOUGH_DEG)),
        early=float(np.clip(np.abs(yaw[before]).max(initial=0.0), 0, 30)),
        answer_s=float(reached[0] - asked.at_s) if peak > _TURNED_DEG and len(reached) else 2.0,
        solid=float(ratio),
        apart=_apart(take, seen),
    )


def _smooth(values: Floats) -> Floats:
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray((padded[:-2] + padded[1:-1] + padded[2:]) / 3)


def _apart(take: Take, seen: Course) -> float:
    """Follow corners beside the face in small steps; compare their path with that of the face's own plane."""
    moved = np.abs(take.landmarks[:, :, :2].mean(axis=1) - take.landmarks[0, :, :2].mean(axis=0)).max(axis=1)
    peak = int(np.argmax(np.abs(seen.yaw_deg) + moved))
    first = take.landmarks[0, :, :2]
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in take.frames]
    corners = cv2.goodFeaturesToTrack(grey[0], _CORNERS, 0.02, 5, mask=_beside(grey[0].shape, first, seen.width_px))
    if corners is None or len(corners) < 8 or peak == 0:
        return 0.5
    start, kept = corners, np.ones(len(corners), bool)
    steps = [*range(0, peak, 2), peak]
    for one, other in pairwise(steps):
        corners, found, _ = cv2.calcOpticalFlowPyrLK(
            grey[one], grey[other], corners, np.empty_like(corners), winSize=_WINDOW_PX, maxLevel=_LEVELS
        )
        kept &= found.ravel() == 1
    homography, _ = cv2.findHomography(first, take.landmarks[peak, :, :2], 0)
    along = cv2.perspectiveTransform(start.astype(np.float64), homography)[:, 0] - start[:, 0]
    path = (corners - start)[:, 0]
    strong = kept & (np.linalg.norm(along, axis=1) > 0.02 * seen.width_px)
    if strong.sum() < 6:
        return 0.5
    share = (path * along).sum(axis=1)[strong] / (along**2).sum(axis=1)[strong]
    return float(np.clip(1 - np.median(share), -0.5, 1.0))


def _beside(shape: tuple[int, ...], face: Floats, width_px: float) -> NDArray[np.uint8]:
    """Return a mask of what lies around the head, above the shoulders."""
    mask = np.zeros(shape, np.uint8)
    x, y = face.mean(axis=0)
    left, top, right, bottom = (
        round(side) for side in (x - 1.1 * width_px, y - 1.1 * width_px, x + 1.1 * width_px, y + 0.37 * width_px)
    )
    cv2.rectangle(mask, (left, top), (right, bottom), (255,), -1)
    cv2.ellipse(mask, (round(x), round(y)), (round(0.66 * width_px), round(0.98 * width_px)), 0, 0, 360, (0,), -1)
    return mask
