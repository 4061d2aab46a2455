"""The frame that an officer sees beside the portrait: straight, sharp, eyes open, in the whitest light."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .course import EYES, Course, Floats
from .take import Take


def best_frame(take: Take, seen: Course) -> int:
    """Return the number of the best live frame of a take."""
    sharp = np.array([_sharpness(frame, points) for frame, points in zip(take.frames, take.landmarks, strict=True)])
    opened = np.mean([_opened(take, ring) for ring in EYES], axis=0)
    screens = np.array([take.challenge.step_at(seconds).screen for seconds in take.times_s.tolist()])
    grey = screens.min(axis=1) - (screens.max(axis=1) - screens.min(axis=1))
    scores = _rank(sharp) + _rank(opened) + grey - np.abs(seen.yaw_deg) / 6
    return int(np.argmax(scores))


def _sharpness(frame: NDArray[np.uint8], points: Floats) -> float:
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    x0, y0, x1, y1 = np.clip(np.round([*low, *high]).astype(int), 0, None)
    face = cv2.cvtColor(np.ascontiguousarray(frame[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(face, cv2.CV_32F).std() / (face.mean() + 4))


def _opened(take: Take, ring: tuple[int, int, int, int]) -> Floats:
    up, down, out, into = (take.landmarks[:, point, :2] for point in ring)
    return np.asarray(np.linalg.norm(up - down, axis=1) / np.linalg.norm(out - into, axis=1))


def _rank(values: Floats) -> Floats:
    return np.asarray(np.argsort(np.argsort(values)) / max(len(values) - 1, 1))
