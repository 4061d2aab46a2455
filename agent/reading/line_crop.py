"""Cutting a line out of a page: tight to its ink, level, and with the ink of its neighbours painted over."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.bands import Band
from agent.reading.line_ink import INK_SCALE, NOBODY, RULE, SHARED, Ink
from agent.reading.percentiles import percentiles
from agent.reading.values import Found

_TALLEST_EM = 1.05  # a capital with two accents
_DEEPEST_EM = 0.36
_NOMINAL_ABOVE_EM = 0.70  # a line without tall letters is cut as high as one with them: all are read at one scale
_NOMINAL_BELOW_EM = 0.21
_MARGIN_EM = 0.08
_SIDE_EM = 0.45
_LEVEL_EM = 0.1
_ACCENTS_TO_TAILS = np.float32(1.6)  # accents rise that much higher than tails hang down
_PAPER_PERCENTILE = 80
_LETTERS_SHARE = 0.25

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Pixel = TypeVar("Pixel", np.uint8, np.bool_)
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels; x1 and y1 lie just outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    """The part of a page where anything of a line may be, on the ink's grid: its top left and whose each cell is."""

    left: int
    top: int
    owners: NDArray[np.int64]

    def gap(self, band: Band) -> NDArray[np.float32]:
        """Return how far each cell is off a band's letters (negative: among them), as far as accents or tails reach."""
        height, width = self.owners.shape
        ys = self.top + INK_SCALE * (np.arange(height) + 0.5)
        baseline = band.baseline_at(self.left + INK_SCALE * (np.arange(width) + 0.5))
        below = (ys[:, None] - baseline[None, :]).astype(np.float32)
        return np.maximum(_ACCENTS_TO_TAILS * below, np.float32(-band.x_height) - below)

    def between(self, x0: float, x1: float) -> slice:
        """Return the columns that lie between two x of the page."""
        first, last = (round((x - self.left) / INK_SCALE) for x in (x0, x1))
        return slice(max(0, first), max(0, last))


def cut(grey: Grey, ink: Ink, bands: Sequence[Band], number: int) -> Found | None:
    """Return line `number` of a grey page at 300 dpi; None if its band holds no letters but a drawing's ink or none."""
    band = bands[number]
    window = _window(band, ink)
    own = _own(window, bands, number)
    letters = own & (window.owners != NOBODY)
    if letters.sum() <= _LETTERS_SHARE * own.sum():
        return None
    view = _cleaned(_view(grey, window), window, own)
    if abs(band.slope) * (band.x1 - band.x0) <= _LEVEL_EM * band.em:
        return Found(box=_box(own, window), crop=_trimmed(view, own, window, band))
    level, level_own = _levelled(view, own, window, band)
    return Found(box=_box(own, window), crop=_trimmed(level, level_own, window, band))


def _window(band: Band, ink: Ink) -> _Window:
    fall = abs(band.slope) * (band.x1 - band.x0) / 2
    above, below = (fall + (reach + _MARGIN_EM) * band.em for reach in (_TALLEST_EM, _DEEPEST_EM))
    side = _SIDE_EM * band.em
    rows = slice(_cell(band.baseline - above), _cell(band.baseline + below) + 1)
    columns = slice(_cell(band.x0 - side), _cell(band.x1 + side) + 1)
    owners = ink.owners[ink.labels[rows, columns]]
    return _Window(left=INK_SCALE * columns.start, top=INK_SCALE * rows.start, owners=owners)


def _cell(px: float) -> int:
    return max(0, int(px) // INK_SCALE)


def _view(grey: Grey, window: _Window) -> Grey:
    height, width = (INK_SCALE * side for side in window.owners.shape)
    return grey[window.top : window.top + height, window.left : window.left + width].copy()


def _own(window: _Window, bands: Sequence[Band], number: int) -> Mask:
    """Return the cells of a line's own ink, with its share of what it shares or has in common with a drawing."""
    own: Mask = window.owners == number
    shared, drawn = window.owners == SHARED, window.owners == NOBODY
    if shared.any():
        own |= shared & _nearest(window, bands, number)
    if drawn.any():
        inside = window.between(bands[number].x0, bands[number].x1)
        own[:, inside] |= (drawn & (window.gap(bands[number]) < 0))[:, inside]
    return own


def _nearest(window: _Window, bands: Sequence[Band], number: int) -> Mask:
    """Return the cells that lie nearer to this line's letters than to any other's."""
    gap, nearest = window.gap(bands[number]), np.ones(window.owners.shape, bool)
    for at, other in enumerate(bands):
        if at != number and _meets(other, bands[number]):
            nearest &= gap <= window.gap(other)
    return nearest


def _meets(one: Band, other: Band) -> bool:
    beside = one.x0 < other.x1 and one.x1 > other.x0
    return beside and abs(one.baseline_at(other.middle) - other.baseline) < 2 * max(one.em, other.em)


def _cleaned(view: Grey, window: _Window, own: Mask) -> Grey:
    """Return the view with the ink of other lines, and rules, painted in the colour of the paper."""
    owners = window.owners
    foreign = ((owners >= 0) | (owners == SHARED) | (owners == RULE)) & ~own
    if not foreign.any():
        return view
    rim = cv2.dilate(foreign.astype(np.uint8), np.ones((3, 3), np.uint8))
    rim[own] = 0
    mask = cv2.resize(rim, view.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    view[mask > 0] = percentiles(view[::4, ::8], _PAPER_PERCENTILE)[0]
    return view


def _levelled(view: Grey, own: Mask, window: _Window, band: Band) -> tuple[Grey, Mask]:
    """Return view and own cells with every column shifted so that the baseline is level, as high as at its middle."""
    start = band.baseline_at(window.left) - band.baseline
    return _shifted(view, start, band.slope), _shifted(own, start / INK_SCALE, band.slope)


def _shifted(picture: NDArray[Pixel], start: float, slope: float) -> NDArray[Pixel]:
    """Return the picture with its columns moved up by `start` rows and `slope` more a column, in whole rows."""
    shifts: NDArray[np.int64] = np.rint(start + slope * np.arange(picture.shape[1])).astype(np.int64)
    steps = [0, *(np.flatnonzero(np.diff(shifts)) + 1), picture.shape[1]]
    return np.hstack([np.roll(picture[:, a:b], -shifts[a], axis=0) for a, b in pairwise(steps)])


def _box(own: Mask, window: _Window) -> Box:
    """Return the box around own cells, in pixels of the page."""
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    left, top = window.left + INK_SCALE * int(columns[0]), window.top + INK_SCALE * int(rows[0])
    right, bottom = window.left + INK_SCALE * int(columns[-1] + 1), window.top + INK_SCALE * int(rows[-1] + 1)
    return left, top, right, bottom


def _trimmed(view: Grey, own: Mask, window: _Window, band: Band) -> Grey:
    """Return the view cut to its own ink with a margin, but not lower than letters of its size may be."""
    left, top, right, bottom = _box(own, window)
    margin = round(_MARGIN_EM * band.em)
    first = min(top, round(band.baseline - _NOMINAL_ABOVE_EM * band.em)) - margin - window.top
    last = max(bottom, round(band.baseline + _NOMINAL_BELOW_EM * band.em)) + margin - window.top
    columns = slice(max(0, left - margin - window.left), right + margin - window.left)
    return view[max(0, first) : last, columns]
