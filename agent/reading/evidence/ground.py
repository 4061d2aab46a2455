"""The paper around each letter of a line, held against the paper around the letters beside it.

Fluid and slips have another tint, a picture editor leaves no noise, a scraped place is rough and dull. Beside ink paper
looks darker and rougher than apart from it, so a pixel is compared with those of the line that lie as far from ink.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.evidence.glyphs import Row
from agent.reading.evidence.strip import Strip
from agent.reading.percentiles import percentiles

Floats = NDArray[np.float64]

FEATURES = 4
"""Coarse roughness (its logarithm), yellow–blue tint, red–green tint, noise (its logarithm).

Each is taken against the letters beside, in units of its spread along the line, signed; NaN where unknown.
"""

_ABOVE, _BESIDE = 0.2, 0.1  # of a letter's height
_NEAREST_PX, _FARTHEST_PX = 2, 9
_DARKER_BY = 40
_FEWEST_PX = 40
_FEWEST_LETTERS = 6
_NEIGHBOURS = 8
_SPREAD_FLOOR = np.array([0.07, 0.5, 0.5, 0.07])
_GRAIN_PX, _LUMP_PX = 3, 11


def ground_of(strip: Strip, row: Row) -> Floats:
    """Return for each piece of a row how its paper differs from that of the others, shape (pieces, FEATURES)."""
    unknown = np.full((len(row.boxes), FEATURES), np.nan)
    heights = row.boxes[:, 3] - row.boxes[:, 1]
    if len(heights) < _FEWEST_LETTERS:
        return unknown
    tall = float(np.median(heights))
    measured, counts = _means(strip, _grown(row, strip, max(2, round(_BESIDE * tall)), max(3, round(_ABOVE * tall))))
    known = (counts > _FEWEST_PX) & (heights > 0.6 * tall) & (row.boxes[:, 2] - row.boxes[:, 0] < 3 * tall)
    if known.sum() < _FEWEST_LETTERS:
        return unknown
    away = _from_neighbours(measured[known])
    unknown[known] = away / (1.48 * np.median(np.abs(away), axis=0) + _SPREAD_FLOOR)
    return unknown


def _from_neighbours(values: Floats) -> Floats:
    """Return how much each row differs from the median of those next to it: what paper shades slowly is no sign."""
    count = len(values)
    first = np.clip(np.arange(count) - _NEIGHBOURS // 2, 0, max(0, count - _NEIGHBOURS - 1))
    beside = first[:, None] + np.arange(min(count, _NEIGHBOURS + 1))
    own = beside == np.arange(count)[:, None]
    return np.asarray(values - np.nanmedian(np.where(own[:, :, None], np.nan, values[beside]), axis=1))


def _means(strip: Strip, boxes: NDArray[np.int32]) -> tuple[Floats, Floats]:
    """Return what the paper of each box is more than usual so near to ink, and how many pixels of paper it holds."""
    away = np.clip(cv2.distanceTransform(1 - strip.ink, cv2.DIST_L2, 3), 0, _FARTHEST_PX).astype(np.uint8)
    bright = percentiles(strip.grey[::2, ::3], 75)[0]
    paper = ((away >= _NEAREST_PX) & (strip.grey > bright - _DARKER_BY)).astype(np.float32)
    counts = _sums(paper, boxes)
    total = np.maximum(counts, 1)
    red, green, blue = (plane.astype(np.float32) for plane in cv2.split(strip.colour))
    tints = [
        _sums((tint - _usual(tint, away, paper)) * paper, boxes) / total
        for tint in (blue - (red + green) / 2, red - green)
    ]
    rough = [
        np.log(
            (_sums(noise * paper, boxes) / total + 0.1)
            / (_sums(_usual(noise, away, paper) * paper, boxes) / total + 0.1)
        )
        for noise in (_relief(strip.grey, away, paper), _noise(strip.grey))
    ]
    return np.stack([rough[0], *tints, rough[1]], axis=1), counts


def _relief(grey: NDArray[np.uint8], away: NDArray[np.uint8], paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how uneven the paper is over some pixels, ink left out: torn fibres, lumps."""
    plain = grey.astype(np.float32)
    level = (plain - _usual(plain, away, paper)) * paper
    near, far = (
        cv2.blur(level, (size, size)) / np.maximum(cv2.blur(paper, (size, size)), 0.02)
        for size in (_GRAIN_PX, _LUMP_PX)
    )
    return np.asarray(np.abs(near - far) * paper, np.float32)


def _noise(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much each pixel differs from its neighbours along the rows or the columns, whichever is less.

    Along an edge of ink only noise makes a difference.
    """
    plain = grey.astype(np.float32)
    kernel = np.array([[-0.5, 1.0, -0.5]], np.float32)
    across, down = (np.abs(cv2.filter2D(plain, -1, way)) for way in (kernel, kernel.T))
    return np.minimum(across, down)


def _usual(plane: NDArray[np.float32], away: NDArray[np.uint8], paper: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return for each pixel the mean of the line's paper that lies as far from ink."""
    distances = away.ravel()
    counts = np.bincount(distances, paper.ravel(), _FARTHEST_PX + 1)
    sums = np.bincount(distances, (plane * paper).ravel(), _FARTHEST_PX + 1)
    means = (sums / np.maximum(counts, 1)).astype(np.float32)
    return np.asarray(means[away])


def _sums(plane: NDArray[np.float32], boxes: NDArray[np.int32]) -> Floats:
    x0, y0, x1, y1 = boxes.T
    integral = cv2.integral(plane, sdepth=cv2.CV_64F)
    return np.asarray(integral[y1, x1] - integral[y0, x1] - integral[y1, x0] + integral[y0, x0], dtype=np.float64)


def _grown(row: Row, strip: Strip, beside: int, above: int) -> NDArray[np.int32]:
    height, width = strip.grey.shape
    grown: NDArray[np.int32] = row.boxes + np.array([-beside, -above, beside, above], dtype=np.int32)
    return np.clip(grown, 0, np.array([width, height, width, height], dtype=np.int32))
