"""A crop as the reader takes it, and the same crop seen a little smaller for a second look."""

import cv2
import numpy as np
import numpy.typing as npt

from models.reader.charset import HEIGHT_PX

__all__ = ["fit_height", "loosened"]

Grey = npt.NDArray[np.uint8]

_LOOSER_PX = 2
_PAPER_PERCENTILE = 90


def fit_height(grey: Grey) -> Grey:
    """A crop scaled to the reader's 40 rows, width in proportion and at least 8 px."""
    height, width = grey.shape
    how = cv2.INTER_AREA if height > HEIGHT_PX else cv2.INTER_LINEAR
    size = (max(8, round(width * HEIGHT_PX / height)), HEIGHT_PX)
    return cv2.resize(grey, size, interpolation=how).astype(np.uint8)


def loosened(grey: Grey) -> Grey:
    """A line [40, W] with 2 rows of paper added above and below, scaled back to 40.

    What is read the same in both sizes is right far more often than one reading's confidence tells.
    """
    paper = int(np.percentile(grey, _PAPER_PERCENTILE))
    return fit_height(np.pad(grey, ((_LOOSER_PX, _LOOSER_PX), (0, 0)), constant_values=paper))
