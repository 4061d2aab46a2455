"""From a map of line cores to bands: where each text line's baseline runs and how high its letters are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

_CORE = 0.4
_SCORE = 0.5
_THINNEST_CELLS = 0.9
_SHORTEST = 0.7  # of an x-height: one letter is a line (a page number), a speck is not
_X_HEIGHT_EM = 0.45
_JOIN_GAP_EM = 0.3
_SAME_BASELINE = 0.4
_SAME_SIZE = 1.5
_SAME_ROW = 0.9

LONG_EM = 14.0
"""A line of this length shows its own slope."""

X = TypeVar("X", float, NDArray[np.float64])
Chances = NDArray[np.float32]
"""How likely a cell lies in the core of a line (baseline to height of an x), shape (rows, columns)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The core of a line, in pixels of the page: it runs from x0 to x1, and at `middle` its baseline is at `baseline`.

    `slope` is how far the baseline falls a pixel, `x_height` the height of an x, `score` the net's mean chance.
    """

    x0: float
    x1: float
    baseline: float
    slope: float
    x_height: float
    score: float

    @property
    def middle(self) -> float:
        """The x of the band's middle."""
        return (self.x0 + self.x1) / 2

    @property
    def em(self) -> float:
        """The size of its letters."""
        return self.x_height / _X_HEIGHT_EM

    def baseline_at(self, x: X) -> X:
        """Return where the baseline is at an x, or at each of several."""
        return self.baseline + self.slope * (x - self.middle)


def bands_of(chances: Chances, px_per_cell: float, *, long_em: float = LONG_EM) -> list[Band]:
    """Return the bands of a map, joined where a line fell apart, in reading order."""
    core = (chances > _CORE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=4)
    found = [_band(chances, np.asarray(labels, np.int32), label, list(stats[label])) for label in range(1, count)]
    bands = [_scaled(band, px_per_cell) for band in found if band is not None]
    return in_reading_order(_joined(_with_page_slope(bands, long_em)))


def _with_page_slope(bands: Sequence[Band], long_em: float) -> list[Band]:
    """Return the bands, the short ones with the slope that is usual on the page: their own is a guess."""
    long = [band.slope for band in bands if band.x1 - band.x0 >= long_em * band.em]
    usual = float(np.median(long)) if long else 0.0
    return [band if band.x1 - band.x0 >= long_em * band.em else replace(band, slope=usual) for band in bands]


def _band(chances: Chances, labels: NDArray[np.int32], label: int, stat: Sequence[int]) -> Band | None:
    left, top, width, height = (int(value) for value in stat[:4])
    rows = slice(max(0, top - 1), top + height + 1)
    own = labels[rows, left : left + width] == label
    weights = chances[rows, left : left + width] * cv2.dilate(own.astype(np.uint8), np.ones((3, 1), np.uint8))
    thickness, score = float(weights.sum() / width), float(chances[rows, left : left + width][own].mean())
    if thickness < _THINNEST_CELLS or width < _SHORTEST * thickness or score < _SCORE:
        return None
    centre, slope = _axis(weights)
    baseline = rows.start + centre + thickness / 2
    return Band(x0=left, x1=left + width, baseline=baseline, slope=slope, x_height=thickness, score=score)


def _axis(weights: NDArray[np.float32]) -> tuple[float, float]:
    """Return the y of the middle line at half its length, and its slope."""
    height, width = weights.shape
    mass = weights.sum(axis=0)
    ys = (weights * (np.arange(height, dtype=np.float32)[:, None] + 0.5)).sum(axis=0) / np.maximum(mass, 1e-6)
    xs = np.arange(width, dtype=np.float64) + 0.5 - width / 2
    centre = float((ys * mass).sum() / mass.sum())
    mean_x = float((xs * mass).sum() / mass.sum())
    spread = float((mass * (xs - mean_x) ** 2).sum())
    slope = float((mass * (xs - mean_x) * (ys - centre)).sum()) / max(spread, 1e-6)
    return centre - slope * mean_x, slope


def _scaled(band: Band, factor: float) -> Band:
    return replace(
        band,
        x0=band.x0 * factor,
        x1=band.x1 * factor,
        baseline=band.baseline * factor,
        x_height=band.x_height * factor,
    )


def _joined(bands: Sequence[Band]) -> list[Band]:
    """Return the bands with the pieces of one line made one; a gap that the net saw stays."""
    joined: list[Band] = []
    for band in sorted(bands, key=lambda band: band.x0):
        at = next((at for at, other in enumerate(joined) if _continues(other, band)), None)
        if at is None:
            joined.append(band)
        else:
            joined[at] = _union(joined[at], band)
    return joined


def _continues(left: Band, right: Band) -> bool:
    small, tall = sorted((left.x_height, right.x_height))
    gap, x = right.x0 - left.x1, (left.x1 + right.x0) / 2
    step = abs(left.baseline_at(x) - right.baseline_at(x))
    return (
        -small < gap < _JOIN_GAP_EM * small / _X_HEIGHT_EM
        and step < _SAME_BASELINE * small
        and tall < _SAME_SIZE * small
    )


def _union(left: Band, right: Band) -> Band:
    """Return one band over both; the longer piece says how high and where."""
    x0, x1 = min(left.x0, right.x0), max(left.x1, right.x1)
    longer = max(left, right, key=lambda band: band.x1 - band.x0)
    middle = (x0 + x1) / 2
    return replace(longer, x0=x0, x1=x1, baseline=longer.baseline_at(middle), score=min(left.score, right.score))


def in_reading_order(bands: Sequence[Band]) -> list[Band]:
    """Return the bands row by row; bands side by side, as in the two columns of a letter's head, form one row."""
    rows: list[list[Band]] = []
    for band in sorted(bands, key=lambda band: band.baseline - band.x_height / 2):
        row = next((row for row in rows[-3:] if _in_row(row, band)), None)
        if row is None:
            rows.append([band])
        else:
            row.append(band)
    return [band for row in rows for band in sorted(row, key=lambda band: band.x0)]


def _in_row(row: Sequence[Band], band: Band) -> bool:
    """Whether a band stands beside those of a row rather than below one of them."""
    beside = all(band.x0 >= other.x1 or band.x1 <= other.x0 for other in row)
    near = min(row, key=lambda other: abs(other.middle - band.middle))
    step = abs(near.baseline_at(band.middle) - band.baseline)
    return beside and step < _SAME_ROW * max(near.x_height, band.x_height)
