"""How a cut line must look before it is read, and the second look at it; what training draws is made alike."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.percentiles import percentiles

HEIGHT_PX = 40
STRIDE_PX = 4
"""The net takes one step in so many columns."""

_SIDE_PX = 8
_NARROWEST_PX = 8
_LOOSER_PX = 2
_PAPER_PERCENTILE = 90

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]


def fit_height(grey: Grey) -> Grey:
    """Return a crop scaled to the reader's 40 rows, its width in proportion and at least 8 px."""
    height, width = grey.shape
    if height == HEIGHT_PX and width >= _NARROWEST_PX:
        return grey
    how = cv2.INTER_AREA if height > HEIGHT_PX else cv2.INTER_LINEAR
    size = (max(_NARROWEST_PX, round(width * HEIGHT_PX / height)), HEIGHT_PX)
    return cv2.resize(grey, size, interpolation=how).astype(np.uint8, copy=False)


def loosened(grey: Grey) -> Grey:
    """Return a line [40, W] with 2 rows of paper added above and below, scaled back to 40.

    What is read the same in both sizes is right far more often than one reading's confidence tells.
    """
    paper = int(percentiles(grey[::2, ::4], _PAPER_PERCENTILE)[0])
    return fit_height(np.pad(grey, ((_LOOSER_PX, _LOOSER_PX), (0, 0)), constant_values=paper))


def normalise(grey: Grey) -> Floats:
    """Return a line [40, W] with zero mean, divided by its standard deviation plus 8 grey levels."""
    mean, deviation = (np.float32(value[0, 0]) for value in cv2.meanStdDev(grey))
    return (grey - mean) / (deviation + np.float32(8))


def prepare(grey: Grey) -> Floats:
    """Return a line [40, W] as the net takes it: [1, 1, 40, W + 16 or more], normalised, with paper at its sides."""
    line = normalise(grey)
    width = -(-(line.shape[1] + 2 * _SIDE_PX) // STRIDE_PX) * STRIDE_PX
    edges = np.sort(line[:, [0, 1, -2, -1]], axis=None)
    paper = edges[len(edges) // 2 - 1 : len(edges) // 2 + 1].mean()
    whole = np.full((1, 1, line.shape[0], width), paper, np.float32)
    whole[0, 0, :, _SIDE_PX : _SIDE_PX + line.shape[1]] = line
    return whole
