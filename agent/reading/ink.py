"""The connected pieces of ink on a page: letters, accents, rules, drawings."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_WINDOW_PX = 61
_DARKER_BY = 25
_SPECK_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """Every piece of ink: a label for each pixel (0 = paper) and, for label n, row n of `boxes` (x0, y0, x1, y1).

    `strengths` are how much darker than its surroundings a piece is on average, in grey levels.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]
    areas: NDArray[np.int32]
    strengths: NDArray[np.float64]


def pieces_of(grey: NDArray[np.uint8]) -> Pieces:
    """Return the pieces of ink of a page at 300 dpi; specks have a box but no size worth reading."""
    around = cv2.blur(grey, (_WINDOW_PX, _WINDOW_PX))
    darker = cv2.subtract(around, grey)
    ink = (darker > _DARKER_BY).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    inside = ink.view(bool)
    sums = np.bincount(labels[inside], darker[inside], len(stats))
    x, y, width, height, area = stats.T
    boxes = np.stack([x, y, x + width, y + height], axis=1).astype(np.int32)
    boxes[0] = 0
    return Pieces(
        labels=labels.astype(np.int32),
        boxes=boxes,
        areas=np.where(area >= _SPECK_PX, area, 0),
        strengths=sums / np.maximum(area, 1),
    )
