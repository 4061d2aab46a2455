"""Whose ink is whose: every piece of ink goes to the line it belongs to, so that a crop shows no neighbour's."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.bands import Band
from agent.reading.skew import ink_of

NOBODY = -1
SHARED = -2
RULE = -3
"""Owners of pieces that are no one line's: drawings; letters of two lines that touch; rules."""

_WINDOW_PX = 31
_DARKER_BY = 22
_SPECK_PX = 2
_SIDE_REACH_EM = 0.35
_ABOVE_EM = 0.55  # of the gap between an accent and the letters below it
_BELOW_EM = 0.18
_BELOW_COST = 3.0
_TALLEST_EM = 1.75
_RULE_LENGTH_PX = 60  # 10 mm at 150 dpi: longer than any dash
_RULE_THICKNESS_PX = 5

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The pieces of ink of a page: a label for each pixel (0 = paper), and a box (x0, y0, x1, y1) and owner per label.

    Lengths are pixels of the picture that was given, 150 dpi.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]
    owners: NDArray[np.int64]


def ink_of_lines(grey: Grey, bands: Sequence[Band]) -> Ink:
    """Return the ink of a page at 150 dpi and which band each piece belongs to (its index, NOBODY, SHARED or RULE)."""
    dark = ink_of(grey, window_px=_WINDOW_PX, darker_by=_DARKER_BY).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    x, y, width, height, area = stats.T
    boxes = np.stack([x, y, x + width, y + height], axis=1)
    boxes[0] = 0
    owners = np.full(len(boxes), NOBODY, np.int64)
    worthy = np.flatnonzero(area >= _SPECK_PX)
    worthy = worthy[worthy > 0]
    if len(bands) and len(worthy):
        owners[worthy] = _owners(boxes[worthy].astype(np.float64), bands)
    owners[(width > _RULE_LENGTH_PX) & (height <= _RULE_THICKNESS_PX)] = RULE
    return Ink(labels=labels.astype(np.int32), boxes=boxes.astype(np.int32), owners=owners)


def _owners(boxes: Floats, bands: Sequence[Band]) -> NDArray[np.int64]:
    """Return the owner of each piece: the band with the least cost, or none within reach."""
    best = np.full(len(boxes), np.inf)
    owners = np.full(len(boxes), NOBODY, np.int64)
    crossed = np.zeros(len(boxes), np.int64)
    for number, band in enumerate(bands):
        near = np.flatnonzero(_beside(boxes, band))
        cost, crossing = _cost(boxes[near], band)
        crossed[near] += crossing
        better = cost < best[near]
        best[near[better]], owners[near[better]] = cost[better], number
    owners[(crossed > 1) & (owners >= 0)] = SHARED
    return owners


def _beside(boxes: Floats, band: Band) -> NDArray[np.bool_]:
    reach = _SIDE_REACH_EM * band.em
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    across = (middle_x > band.x0 - reach) & (middle_x < band.x1 + reach)
    return np.asarray(across & (np.abs(middle_y - band.baseline_at(middle_x)) < 2 * band.em))


def _cost(boxes: Floats, band: Band) -> tuple[Floats, NDArray[np.bool_]]:
    """Return how far pieces stand off a band's letters (negative: among them; infinite: not its), and which cross it."""
    x0, y0, x1, y1 = boxes.T
    em, baseline = band.em, band.baseline_at((x0 + x1) / 2)
    top = baseline - band.x_height
    common = np.minimum(y1, baseline) - np.maximum(y0, top)
    above, below = top - y1, y0 - baseline
    cost = np.where(common > 0, -common, np.where(above >= 0, above, _BELOW_COST * below))
    out_of_reach = (above > _ABOVE_EM * em) | (below > _BELOW_EM * em)
    drawing = y1 - y0 > _TALLEST_EM * em
    crossing = (common > 0.5 * band.x_height) & ~drawing
    return np.where(out_of_reach | drawing, np.inf, cost), crossing
