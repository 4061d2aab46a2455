"""A line of print cut out of the page, its ink and its paper told apart."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.percentiles import percentiles
from agent.reading.values import MM_PER_PX, Line, Pixels
from contract.messages import Box

Mask = NDArray[np.uint8]

_ABOVE = 0.22
_BESIDE = 0.3
_LEAST_CONTRAST = 40
_INK_SHARE = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A line's surroundings: colour (h, w, 3), grey and ink (1 = ink) (h, w), where its top left lies on the page (px).

    `body` are the rows (top, bottom) of the line's own box within the strip.
    """

    colour: Pixels
    grey: NDArray[np.uint8]
    ink: Mask
    left: int
    top: int
    body: tuple[int, int]

    def box_mm(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Return a box of the strip's pixels in mm on the page."""
        left, top = self.left, self.top
        return (x0 + left) * MM_PER_PX, (y0 + top) * MM_PER_PX, (x1 + left) * MM_PER_PX, (y1 + top) * MM_PER_PX


def strip_of(pixels: Pixels, line: Line) -> Strip | None:
    """Return a line with a margin of paper around it; None where there is hardly any contrast to judge by."""
    x0, y0, x1, y1 = (round(side / MM_PER_PX) for side in line.box)
    margin, beside = round(_ABOVE * (y1 - y0)), round(_BESIDE * (y1 - y0))
    top, left = max(0, y0 - margin), max(0, x0 - beside)
    colour = pixels[top : y1 + margin, left : x1 + beside]
    if min(colour.shape[:2]) < 8:
        return None
    grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    dark, bright = percentiles(grey[::2, ::3], 1.5, 85)
    if bright - dark < _LEAST_CONTRAST:
        return None
    ink = (grey < bright - _INK_SHARE * (bright - dark)).astype(np.uint8)
    return Strip(colour=colour, grey=grey, ink=ink, left=left, top=top, body=(y0 - top, y1 - top))
