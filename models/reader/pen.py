"""Digits as a pen fills them into a form: strokes with a hand's slant, size and tremor."""

import random

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["PEN_CHARS", "pen_line"]

Points = list[tuple[float, float]]

# Strokes on a box of width 0.6 and height 1, y downwards from the top.
_STROKES: dict[str, list[Points]] = {
    "0": [[(0.3, 0.0), (0.1, 0.15), (0.03, 0.5), (0.12, 0.9), (0.3, 1.0), (0.5, 0.88), (0.57, 0.5), (0.48, 0.12), (0.3, 0.0)]],
    "1": [[(0.12, 0.22), (0.34, 0.0), (0.32, 1.0)]],
    "2": [[(0.08, 0.2), (0.22, 0.02), (0.45, 0.05), (0.5, 0.28), (0.3, 0.62), (0.04, 0.98), (0.3, 0.93), (0.58, 0.97)]],
    "3": [[(0.1, 0.1), (0.3, 0.0), (0.5, 0.13), (0.42, 0.38), (0.24, 0.46), (0.47, 0.55), (0.53, 0.8), (0.3, 1.0), (0.05, 0.9)]],
    "4": [[(0.36, 0.0), (0.2, 0.35), (0.03, 0.65), (0.6, 0.62)], [(0.44, 0.3), (0.42, 1.0)]],
    "5": [[(0.52, 0.02), (0.16, 0.03), (0.12, 0.42), (0.35, 0.38), (0.53, 0.6), (0.45, 0.9), (0.22, 1.0), (0.05, 0.88)]],
    "6": [[(0.46, 0.02), (0.2, 0.25), (0.05, 0.62), (0.12, 0.92), (0.32, 1.0), (0.52, 0.85), (0.48, 0.58), (0.28, 0.5), (0.08, 0.68)]],
    "7": [[(0.05, 0.04), (0.3, 0.06), (0.55, 0.02), (0.4, 0.4), (0.24, 1.0)]],
    "8": [[(0.5, 0.14), (0.3, 0.0), (0.1, 0.14), (0.18, 0.38), (0.42, 0.55), (0.53, 0.8), (0.3, 1.0), (0.07, 0.82), (0.18, 0.55), (0.44, 0.36), (0.5, 0.14)]],
    "9": [[(0.5, 0.2), (0.3, 0.0), (0.1, 0.12), (0.08, 0.38), (0.28, 0.5), (0.48, 0.36), (0.52, 0.14), (0.5, 0.6), (0.38, 1.0)]],
    "/": [[(0.5, -0.05), (0.05, 1.1)]],
    "-": [[(0.08, 0.55), (0.5, 0.52)]],
    ".": [[(0.25, 0.97), (0.29, 1.0)]],
    ",": [[(0.28, 0.94), (0.2, 1.14)]],
}  # fmt: skip
PEN_CHARS = frozenset(_STROKES) | {" "}
"""What the pen can write."""

_ROUNDING = 3


def pen_line(rng: random.Random, text: str, em_px: int) -> tuple[npt.NDArray[np.uint8], int]:
    """Coverage [height, width] of a text of PEN_CHARS and the rows of it above the baseline."""
    height = em_px * rng.uniform(0.6, 0.85)
    advance, slant = height * rng.uniform(0.6, 0.85), rng.uniform(-0.05, 0.35)
    above, width = round(1.2 * height), round(advance * (len(text) + 1))
    cover = np.zeros((round(1.6 * height), width), np.uint8)
    thick = max(1, round(em_px * rng.uniform(0.04, 0.1)))
    for index, char in enumerate(text):
        origin = advance * (index + 0.3 + rng.uniform(-0.06, 0.06)), above - height * rng.uniform(0.94, 1.04)
        scale = height * rng.uniform(0.9, 1.06)
        for stroke in _STROKES.get(char, []):
            points = _curve([_shaken(rng, point) for point in stroke])
            drawn = np.stack([origin[0] + scale * (points[:, 0] + slant * (1 - points[:, 1])), origin[1] + scale * points[:, 1]], 1)
            cv2.polylines(cover, [np.round(drawn * 8).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 3)
    return cover, above


def _shaken(rng: random.Random, point: tuple[float, float]) -> tuple[float, float]:
    return point[0] + rng.gauss(0, 0.025), point[1] + rng.gauss(0, 0.03)


def _curve(points: Points) -> npt.NDArray[np.float64]:
    """Chaikin's corner cutting: a smooth stroke through the neighbourhood of its points."""
    curve = np.array(points)
    for _ in range(_ROUNDING if len(points) > 2 else 0):
        near, far = 0.75 * curve[:-1] + 0.25 * curve[1:], 0.25 * curve[:-1] + 0.75 * curve[1:]
        curve = np.concatenate([curve[:1], np.stack([near, far], 1).reshape(-1, 2), curve[-1:]])
    return curve
