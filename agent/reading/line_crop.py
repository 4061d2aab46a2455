"""Cutting a line out of a page: tight to its ink, level, and with the ink of its neighbours painted over."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.bands import Band
from agent.reading.line_ink import NOBODY, RULE, SHARED, Ink

INK_SCALE = 2
"""The page has this many pixels for one of the ink's."""

_TALLEST_EM = 1.05  # a capital with two accents
_DEEPEST_EM = 0.36
_NOMINAL_ABOVE_EM = (
    0.70  # a line without tall letters is cut as high as one with them, so that all are read at one scale
)
_NOMINAL_BELOW_EM = 0.21
_MARGIN_EM = 0.08
_SIDE_EM = 0.45
_LEVEL_EM = 0.08
_PAPER_PERCENTILE = 80

Grey = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels; x1 and y1 lie just outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """A line before it is read: the tight box of its ink in pixels of the page, and its grey crop (height, width)."""

    box_px: Box
    crop_grey: Grey


def cut(grey: Grey, ink: Ink, bands: list[Band], number: int) -> FoundLine | None:
    """Return line `number` of a grey page at 300 dpi; None if its band holds no ink."""
    band = bands[number]
    window = _window(band, grey.shape)
    labels = _labels_in(ink, window)
    mine = ink.owners[labels] == number
    own = mine | _own_part(ink, labels, window, bands, number) | _covered(ink, labels, window, band)
    box = _tight(own, window)
    if box is None:
        return None
    return FoundLine(box_px=box, crop_grey=_levelled(_cleaned(grey, ink, labels, own, window), own, window, band))


def _window(band: Band, shape: tuple[int, ...]) -> Box:
    """Return where on the page anything of a line may be; even, so that it lies on the ink's grid."""
    fall = abs(band.slope) * (band.x1 - band.x0) / 2
    x0, x1 = band.x0 - _SIDE_EM * band.em, band.x1 + _SIDE_EM * band.em
    y0, y1 = (
        band.baseline - fall - (_TALLEST_EM + _MARGIN_EM) * band.em,
        band.baseline + fall + (_DEEPEST_EM + _MARGIN_EM) * band.em,
    )
    height, width = (side // INK_SCALE for side in shape[:2])
    left, top = (max(0, int(low // INK_SCALE)) for low in (x0, y0))
    right, bottom = min(width, int(x1 // INK_SCALE) + 1), min(height, int(y1 // INK_SCALE) + 1)
    return INK_SCALE * left, INK_SCALE * top, INK_SCALE * max(right, left + 1), INK_SCALE * max(bottom, top + 1)


def _labels_in(ink: Ink, window: Box) -> NDArray[np.int32]:
    x0, y0, x1, y1 = (side // INK_SCALE for side in window)
    return ink.labels[y0:y1, x0:x1]


def _rows(window: Box) -> NDArray[np.float64]:
    return np.arange(window[1], window[3], INK_SCALE, dtype=np.float64)[:, None] + INK_SCALE / 2


def _columns(window: Box) -> NDArray[np.float64]:
    return np.arange(window[0], window[2], INK_SCALE, dtype=np.float64)[None, :] + INK_SCALE / 2


def _own_part(ink: Ink, labels: NDArray[np.int32], window: Box, bands: list[Band], number: int) -> NDArray[np.bool_]:
    """Return the pixels of shared pieces that lie nearer to this line's letters than to any other's."""
    shared = ink.owners[labels] == SHARED
    if not shared.any():
        return shared
    own = _gap(bands[number], window)
    for other in (band for at, band in enumerate(bands) if at != number and _meets(band, window)):
        shared &= own <= _gap(other, window)
    return shared


def _gap(band: Band, window: Box) -> NDArray[np.float64]:
    """Return how far each pixel of a window is above or below a band."""
    baseline = band.baseline_at(_columns(window))
    return np.maximum(baseline - band.x_height - _rows(window), _rows(window) - baseline)


def _meets(band: Band, window: Box) -> bool:
    inside = band.x0 < window[2] and band.x1 > window[0]
    return inside and window[1] - band.em < band.baseline < window[3] + band.em


def _covered(ink: Ink, labels: NDArray[np.int32], window: Box, band: Band) -> NDArray[np.bool_]:
    """Return the pixels of drawings within the band: letters that touch a seal, a signature or a grid."""
    nobody = (ink.owners[labels] == NOBODY) & (labels > 0)
    within = (_columns(window) > band.x0) & (_columns(window) < band.x1) & (_gap(band, window) < 0)
    return np.asarray(nobody & within)


def _tight(own: NDArray[np.bool_], window: Box) -> Box | None:
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    if not len(rows):
        return None
    left, top = window[0] + INK_SCALE * int(columns[0]), window[1] + INK_SCALE * int(rows[0])
    return left, top, window[0] + INK_SCALE * int(columns[-1] + 1), window[1] + INK_SCALE * int(rows[-1] + 1)


def _cleaned(grey: Grey, ink: Ink, labels: NDArray[np.int32], own: NDArray[np.bool_], window: Box) -> Grey:
    """Return the window with the ink of other lines, and rules, painted in the colour of the paper."""
    view = grey[window[1] : window[3], window[0] : window[2]].copy()
    owners = ink.owners[labels]
    foreign = ((owners >= 0) | (owners == SHARED) | (owners == RULE)) & ~own
    if foreign.any():
        spread = cv2.dilate(foreign.astype(np.uint8), np.ones((3, 3), np.uint8)) & ~cv2.dilate(
            own.astype(np.uint8), np.ones((2, 2), np.uint8)
        )
        mask = cv2.resize(spread, view.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        view[mask > 0] = np.percentile(view[::2, ::4], _PAPER_PERCENTILE)
    return view


def _levelled(view: Grey, own: NDArray[np.bool_], window: Box, band: Band) -> Grey:
    """Return the line cut out of its window, turned level by a shear if it falls or climbs visibly."""
    if abs(band.slope) * (band.x1 - band.x0) > _LEVEL_EM * band.em:
        shear = np.array([[1, 0, 0], [band.slope, 1, band.slope * (window[0] - band.middle)]], np.float64)
        view = _sheared(view, shear)
        own = _sheared(own.astype(np.uint8), shear * [[1, 1, 1], [1, 1, 1 / INK_SCALE]]) > 0
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    margin = _MARGIN_EM * band.em
    above = min(window[1] + INK_SCALE * int(rows[0]), band.baseline - _NOMINAL_ABOVE_EM * band.em) - margin
    below = max(window[1] + INK_SCALE * int(rows[-1] + 1), band.baseline + _NOMINAL_BELOW_EM * band.em) + margin
    top, bottom = max(0, round(above) - window[1]), round(below) - window[1]
    left, right = INK_SCALE * int(columns[0]) - round(margin), INK_SCALE * int(columns[-1] + 1) + round(margin)
    return view[top:bottom, max(0, left) : right]


def _sheared(levels: NDArray[np.uint8], shear: NDArray[np.float64]) -> NDArray[np.uint8]:
    size = (levels.shape[1], levels.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(levels, shear, size, flags=flags, borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)
