"""How a page must look before it is searched; needs NumPy only, so the kiosk shares it."""

import numpy as np
import numpy.typing as npt

__all__ = ["DPI", "MULTIPLE", "normalise"]

DPI = 100
MULTIPLE = 16
"""Sides of the net's input are multiples of this."""


def normalise(grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return darkness against the paper (the median level), in units of 96 levels: 0 on paper, about 2 on print."""
    paper = np.float32(np.median(grey[::4, ::4]))
    return (paper - grey.astype(np.float32)) / np.float32(96)
