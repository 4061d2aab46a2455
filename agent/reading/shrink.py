"""Pictures at a whole fraction of their size: exactly so, or OpenCV takes ten times as long."""

import cv2
import numpy as np
from numpy.typing import NDArray


def shrunk(picture: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Return a picture (grey or RGB) with one pixel for every whole square of `factor` pixels."""
    height, width = (max(1, side // factor) for side in picture.shape[:2])
    whole = picture[: height * factor, : width * factor]
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
