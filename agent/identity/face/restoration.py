"""Printed portraits made fit to be found and compared: guilloche and noise smoothed, washed-out tones stretched.

Measured (`make bench-identity`): without it the detector misses many of the simulated printed portraits, and the
equal error rate is higher. No way of smoothing is best for all of them; the mean of several is.
"""

from collections.abc import Iterator

import cv2
import numpy as np

from agent.identity.face.values import Picture

__all__ = ["restored", "to_find"]

_SHORTER_PX = 250
_DARK, _LIGHT = 1, 99
"""Percentiles that are stretched to black and white."""
_FIND = ((3.0, 0.0), (3.0, 0.5), (1.5, 0.5))
"""Blur in pixels, and border as a share of the side: the detector wants room around a face."""


def to_find(portrait: Picture) -> Iterator[tuple[Picture, float, float]]:
    """Yield pictures in which the face is easier to find, best first, each with its scale and its border in pixels."""
    scale = _SHORTER_PX / min(portrait.shape[:2])
    sized = np.asarray(cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    for blur_px, border in _FIND:
        edge = round(border * _SHORTER_PX)
        clear = _stretched(_blurred(sized, blur_px))
        yield np.asarray(cv2.copyMakeBorder(clear, *(4 * (edge,)), cv2.BORDER_REPLICATE), np.uint8), scale, float(edge)


def restored(chip: Picture) -> Iterator[Picture]:
    """Yield a chip of a printed portrait as it is and smoothed in several ways."""
    yield chip
    yield _blurred(chip, 1.5)
    yield _blurred(chip, 2.5)
    yield np.asarray(cv2.bilateralFilter(chip, 9, 25, 3), np.uint8)
    yield _stretched(_blurred(chip, 1.5))


def _blurred(picture: Picture, sigma_px: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma_px), np.uint8)


def _stretched(picture: Picture) -> Picture:
    """Each colour from black to white, which also takes a tint away."""
    low, high = np.percentile(picture, (_DARK, _LIGHT), axis=(0, 1))
    return np.asarray(np.clip((picture - low) / np.maximum(high - low, 1) * 255, 0, 255), np.uint8)
