"""Chips: the face turned, scaled and moved to where the embedding network expects it.

FIVE are dlib's points (`get_face_chip_details` in dlib's interpolation.h, Boost licence) with its border of a quarter;
MANY are the same face seen through 43 points of the mesh: their places are those of the mean of faces that were drawn,
not photographed. One chip hangs on five points and their errors; both together are steadier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.identity.face.values import Landmarks, Picture

__all__ = ["CHIP_PX", "FIVE", "LIVE_CROPS", "MANY", "REFERENCE_CROPS", "Crop", "chip"]

CHIP_PX = 150
Points = Mapping[int, tuple[float, float]]
Transform = NDArray[np.float64]
"""Shape (2, 3): from the picture's pixels to the chip's."""

_BORDER = 0.25


def _on_chip(x: float, y: float) -> tuple[float, float]:
    scale = CHIP_PX / (1 + 2 * _BORDER)
    return (x + _BORDER) * scale, (y + _BORDER) * scale


FIVE: Points = {
    263: _on_chip(0.8595674595992, 0.2134981538014),
    362: _on_chip(0.6460604764104, 0.2289674387677),
    33: _on_chip(0.1205750620789, 0.2137274526848),
    133: _on_chip(0.3340850613712, 0.2290642403242),
    2: _on_chip(0.4901123135679, 0.6277975316475),
}
"""Corners of the eyes and the base of the nose, by their numbers in the mesh."""

MANY: Points = {
    0: (73.8, 99.1), 1: (73.2, 82.3), 2: (73.5, 87.3), 4: (73.1, 76.7), 5: (73.2, 69.1), 6: (73.6, 50.6),
    13: (74.0, 103.7), 14: (74.1, 104.9), 17: (74.2, 112.3), 33: (36.6, 46.5), 40: (58.3, 101.3), 61: (53.9, 103.8),
    63: (31.5, 29.5), 66: (49.8, 27.4), 70: (26.2, 34.3), 91: (58.9, 107.8), 94: (73.3, 85.8), 98: (60.8, 85.3),
    105: (39.4, 27.0), 107: (61.6, 28.8), 133: (59.8, 48.4), 144: (43.5, 49.8), 153: (52.1, 50.2), 158: (50.9, 42.2),
    160: (42.0, 42.8), 168: (73.7, 43.6), 195: (73.4, 62.8), 197: (73.5, 56.9), 263: (112.1, 46.0),
    270: (89.9, 101.2), 291: (94.7, 103.7), 293: (117.6, 28.5), 296: (98.5, 26.7), 300: (123.0, 33.4),
    321: (89.7, 107.8), 327: (86.4, 85.3), 334: (109.2, 26.1), 336: (86.3, 28.4), 362: (88.1, 48.1),
    373: (104.9, 49.4), 380: (96.1, 49.8), 385: (97.3, 41.8), 387: (106.4, 42.3),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """One way to cut the chip: by which points, then scaled about its middle and moved by pixels."""

    points: Points
    scale: float = 1.0
    right_px: float = 0.0
    down_px: float = 0.0


LIVE_CROPS: Sequence[Crop] = (Crop(points=FIVE), Crop(points=MANY))
REFERENCE_CROPS: Sequence[Crop] = (
    *LIVE_CROPS,
    Crop(points=FIVE, scale=0.96),
    Crop(points=FIVE, scale=1.05),
    Crop(points=FIVE, right_px=5),
    Crop(points=FIVE, right_px=-5),
    Crop(points=FIVE, down_px=5),
    Crop(points=FIVE, down_px=-5),
)
"""A reference is cut once for a journey, so it can be cut more often than a frame."""


def chip(picture: Picture, face: Landmarks, crop: Crop) -> Picture:
    """Return the chip [150, 150, 3] of a face; what lies outside the picture is filled with its edge."""
    transform = _transform(face, crop)
    shrink = float(np.hypot(transform[0, 0], transform[1, 0]))
    if shrink < _ALIASING:
        picture = np.asarray(cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
        transform = np.column_stack([transform[:, :2] / shrink, transform[:, 2]])
    warped = cv2.warpAffine(picture, transform, (CHIP_PX, CHIP_PX), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


_ALIASING = 0.6
"""Below this scale, bilinear sampling would skip pixels."""


def _transform(face: Landmarks, crop: Crop) -> Transform:
    similar = _similarity(face[list(crop.points), :2].astype(np.float64), np.array(list(crop.points.values())))
    middle = np.full(2, CHIP_PX / 2)
    moved = crop.scale * (similar[:, 2] - middle) + middle + (crop.right_px, crop.down_px)
    return np.column_stack([crop.scale * similar[:, :2], moved])


def _similarity(source: NDArray[np.float64], target: NDArray[np.float64]) -> Transform:
    """The rotation, scale and shift that bring source to target with the least squared distance (Umeyama 1991, 2-D)."""
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    s, t = source - source_mean, target - target_mean
    cosine, sine = (s * t).sum(), (s[:, 0] * t[:, 1] - s[:, 1] * t[:, 0]).sum()
    turn = np.array([[cosine, -sine], [sine, cosine]]) / (s**2).sum()
    return np.column_stack([turn, target_mean - turn @ source_mean])
