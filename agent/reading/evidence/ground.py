"""The paper around each letter of a line, held against the paper around the line's other letters.

Fluid and slips have another tint, a picture editor leaves no noise, a scraped place is rough. Brightness tells nothing:
the light edge of ink outweighs it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.evidence.glyphs import Row
from agent.reading.evidence.strip import Strip
from agent.reading.percentiles import percentiles

Floats = NDArray[np.float64]

FEATURES = 3
"""Yellow–blue tint, red–green tint, noise: each in units of its spread along the line, signed; NaN where unknown."""

_AROUND = 0.14  # of a letter's height
_NEAR_INK_PX = 7
_DARKER_BY = 30
_FEWEST_PX = 40
_FEWEST_LETTERS = 6
_SPREAD_FLOOR = np.array([0.7, 0.7, 0.15])


def ground_of(strip: Strip, row: Row) -> Floats:
    """Return for each piece of a row how its paper differs from that of the others, shape (pieces, FEATURES)."""
    unknown = np.full((len(row.boxes), FEATURES), np.nan)
    heights = row.boxes[:, 3] - row.boxes[:, 1]
    if len(heights) < _FEWEST_LETTERS:
        return unknown
    tall = float(np.median(heights))
    measured, counts = _means(strip, _grown(row, strip, max(3, round(_AROUND * tall))))
    known = (counts > _FEWEST_PX) & (heights > 0.6 * tall) & (row.boxes[:, 2] - row.boxes[:, 0] < 3 * tall)
    if known.sum() < _FEWEST_LETTERS:
        return unknown
    middle = np.median(measured[known], axis=0)
    spread = 1.48 * np.median(np.abs(measured[known] - middle), axis=0)
    unknown[known] = ((measured - middle) / (spread + _SPREAD_FLOOR))[known]
    return unknown


def _means(strip: Strip, boxes: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Return tint and noise of the paper in each box, and how many pixels of paper it holds."""
    bright = percentiles(strip.grey[::2, ::3], 75)[0]
    kernel = np.ones((_NEAR_INK_PX, _NEAR_INK_PX), np.uint8)
    paper = ((cv2.dilate(strip.ink, kernel) == 0) & (strip.grey > bright - _DARKER_BY)).astype(np.uint8)
    noise = cv2.absdiff(strip.grey, cv2.blur(strip.grey, (3, 3)))
    layers = cv2.merge([*cv2.split(strip.colour), noise])
    counts = _sums(cv2.integral(paper).astype(np.int32), boxes)
    red, green, blue, rough = _sums(cv2.integral(cv2.bitwise_and(layers, layers, mask=paper)).astype(np.int32), boxes).T
    total = np.maximum(counts, 1)
    return np.stack([blue - (red + green) / 2, red - green, rough], axis=1) / total[:, None], counts


def _sums(integral: NDArray[np.int32], boxes: NDArray[np.int32]) -> Floats:
    x0, y0, x1, y1 = boxes.T
    return np.asarray(integral[y1, x1] - integral[y0, x1] - integral[y1, x0] + integral[y0, x0], dtype=np.float64)


def _grown(row: Row, strip: Strip, by: int) -> NDArray[np.int32]:
    height, width = strip.grey.shape
    grown: NDArray[np.int32] = row.boxes + np.array([-by, -by, by, by], dtype=np.int32)
    return np.clip(grown, 0, np.array([width, height, width, height], dtype=np.int32))
