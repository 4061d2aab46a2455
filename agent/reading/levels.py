"""How a page must look before it is searched for lines; training draws its pages alike."""

import numpy as np
from numpy.typing import NDArray

NET_DPI = 100
MULTIPLE = 16
"""Sides of the net's input are multiples of this."""


def normalise(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return darkness against the paper (the median level), in units of 96 levels: 0 on paper, about 2 on print."""
    paper = np.float32(np.median(grey[::4, ::4]))
    return (paper - grey.astype(np.float32)) / np.float32(96)
