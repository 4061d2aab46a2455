"""Stamped words: large, framed, a little turned, often red and pressed over print.

The finder is trained for body text and loses parts of large letters, and ink that touches a frame or a border has no
owner. So the page is searched once more at half its size, in grey for words between the upright bars of a frame and in
its red ink alone for any, and each word is cut out level in several sizes and contrasts, each a look to be read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.bands import Band
from agent.reading.percentiles import percentiles
from agent.reading.shrink import shrunk
from agent.reading.values import Pixels

_SHRINK = 2
_LEAST_EM_PX = 26.0  # at half size: 12.5 points
_LEAST_RED_PX = 300
_RED = 60

_SIDE_EM = 2.0  # the frame is looked for so far beside what was seen of the word
_OPEN_SIDE_EM = 1.4  # of these cut off where there is no bar
_ABOVE_EM = 1.3
_BELOW_EM = 0.5
_BAR_ROWS_EM = (1.1, 0.3)  # above and below the baseline: letters are shorter, the bars of a frame are not
_BAR_SHARE = 0.93
_INK = 0.4
_CAPITAL_EM = (0.98, 0.30)  # a capital with two accents above the baseline, with a dot below it
_SIZES = (0.9, 1.0, 1.12)  # of cores at this size the height is known to a tenth
_FAINT = 0.45  # of the strongest ink

Grey = NDArray[np.uint8]
BandsIn = Callable[[Grey], Sequence[Band]]
"""Finds the bands of a grey picture, in its pixels, each with a slope of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampedWord:
    """A word between bars or page sides: its box in pixels of the page, and grey crops of it, each a look."""

    box: tuple[int, int, int, int]
    looks: tuple[Grey, ...]


def find_stamps(page: Pixels, bands_in: BandsIn) -> list[StampedWord]:
    """Return the framed or red large words on a flat, upright page (RGB, 300 dpi)."""
    small = shrunk(page, _SHRINK)
    grey, red = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8), _red_ink(small)
    found = [word for band in _large(bands_in(grey)) for word in _words(grey, band, framed=True)]
    if np.count_nonzero(red < 255 - _RED) >= _LEAST_RED_PX:
        found += [word for band in _large(bands_in(red)) for word in _words(red, band, framed=False)]
    return found


def _red_ink(picture: Pixels) -> Grey:
    """Return a picture in which red ink is dark and all else is paper."""
    red, green, blue = cv2.split(picture)
    redness = cv2.subtract(red, cv2.max(green, blue))
    return cv2.bitwise_not(cv2.add(redness, redness)).astype(np.uint8)


def _large(bands: Sequence[Band]) -> Iterator[Band]:
    return (band for band in bands if band.em >= _LEAST_EM_PX)


def _words(layer: Grey, band: Band, *, framed: bool) -> Iterator[StampedWord]:
    view = _levelled(layer, band)
    for columns in _between_bars(view, band.em, framed=framed):
        yield StampedWord(box=_box(band, columns), looks=tuple(_looks(view[:, columns], band.em)))


def _levelled(layer: Grey, band: Band) -> Grey:
    """Return the surroundings of a band turned so that its baseline is level, `_ABOVE_EM` below the view's top."""
    width = round(band.x1 - band.x0 + 2 * _SIDE_EM * band.em)
    above, height = _ABOVE_EM * band.em, round((_ABOVE_EM + _BELOW_EM) * band.em)
    angle = np.arctan(band.slope)
    across, down = np.cos(angle), np.sin(angle)
    left = band.middle - across * width / 2 + down * above
    top = band.baseline - down * width / 2 - across * above
    turn = np.array([[across, -down, left], [down, across, top]], np.float32)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(layer, turn, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)


def _between_bars(view: Grey, em: float, *, framed: bool) -> Iterator[slice]:
    """Yield the columns between the upright bars of a frame; unless `framed`, those beside them too."""
    dark, blackest = _darkness(view, 98)
    first, last = (round((_ABOVE_EM + side) * em) for side in (-_BAR_ROWS_EM[0], _BAR_ROWS_EM[1]))
    bars = (dark[first:last] > _INK * max(30.0, blackest)).mean(axis=0) > _BAR_SHARE
    spare, width = round(_OPEN_SIDE_EM * em), view.shape[1]
    for x0, x1 in pairwise([0, *(np.flatnonzero(np.diff(bars)) + 1), width]):
        open_side = x0 == 0 or x1 == width
        start, end = (spare if x0 == 0 else x0), (width - spare if x1 == width else x1)
        if end - start > em and not bars[x0] and not (framed and open_side):
            yield slice(start, end)


def _darkness(view: Grey, percent: float) -> tuple[NDArray[np.float32], float]:
    """Return how much darker than the paper a view is, and a percentile of that; a ninth of the pixels are asked."""
    paper, ink = percentiles(view[::3, ::3], 85, 100 - percent)
    return np.float32(paper) - view, paper - ink


def _looks(view: Grey, em: float) -> Iterator[Grey]:
    for contrast in (view, _strongest(view)):
        for size in _SIZES:
            first, last = (round((_ABOVE_EM + size * side) * em) for side in (-_CAPITAL_EM[0], _CAPITAL_EM[1]))
            yield contrast[max(0, first) : last]


def _strongest(view: Grey) -> Grey:
    """Return only the strongest ink of a view: a stamp is darker than the border that it was pressed on."""
    dark, blackest = _darkness(view, 97)
    most = np.float32(max(1.0, blackest))
    share = (dark / most - _FAINT) / (1 - _FAINT)
    return (255 - 255 * np.clip(share, 0, 1)).astype(np.uint8)


def _box(band: Band, columns: slice) -> tuple[int, int, int, int]:
    x0 = band.x0 - _SIDE_EM * band.em + columns.start
    x1 = x0 + columns.stop - columns.start
    fall = abs(band.slope) * (x1 - x0) / 2
    baseline = band.baseline_at((x0 + x1) / 2)
    top, bottom = baseline - _CAPITAL_EM[0] * band.em - fall, baseline + _CAPITAL_EM[1] * band.em + fall
    left, upper, right, lower = (max(0, round(_SHRINK * side)) for side in (x0, top, x1, bottom))
    return left, upper, right, lower
