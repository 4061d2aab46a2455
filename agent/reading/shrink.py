"""Smaller pictures: by halves as far as they go, which OpenCV does several times as fast as any other fraction."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def shrunk(picture: Picture, factor: int) -> Picture:
    """Return a picture (grey or RGB) with one pixel for every whole square of `factor` pixels."""
    height, width = (max(1, side // factor) for side in picture.shape[:2])
    whole = picture[: height * factor, : width * factor]
    while factor % 2 == 0 and min(whole.shape[:2]) > 1:
        whole, factor = _resized(whole, whole.shape[1] // 2, whole.shape[0] // 2), factor // 2
    return _resized(whole, width, height)


def within(picture: Picture, long_side_px: int) -> Picture:
    """Return a picture (grey or RGB) whose longer side has at most so many pixels."""
    while max(picture.shape[:2]) >= 2 * long_side_px and min(picture.shape[:2]) > 1:
        picture = shrunk(picture, 2)
    scale = min(1.0, long_side_px / max(picture.shape[:2]))
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return _resized(picture, width, height)


def _resized(picture: Picture, width: int, height: int) -> Picture:
    if picture.shape[:2] == (height, width):
        return picture
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
