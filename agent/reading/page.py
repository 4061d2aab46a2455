"""From a sheet as scanned to a page: the paper alone, upright, straight, evenly lit, at 300 dpi."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading import skew
from agent.reading.paper import cut_out, has_a4_shape, paper_corners
from agent.reading.percentiles import percentiles
from agent.reading.photograph import photographed
from agent.reading.quality import measure
from agent.reading.shrink import shrunk, within
from agent.reading.values import DPI, Page, Pixels

A4_WIDTH_MM = 210.0
DEFAULT_DPI = 200
LONGEST_MM = 420.0
"""A3: the largest paper that is taken; a picture of many pixels is a finer scan, not a larger sheet."""

_STRAIGHT_DEG = 0.1
_UNEVEN = 45


def find_page(pixels: Pixels, source_dpi: int | None) -> Page:
    """Return the paper of a flat scan or of a photograph, flattened to true size at 300 dpi.

    `pixels` is RGB (height, width, 3). A picture that names its resolution is a scan; so is one of A4's shape (no
    camera makes that), one whose rim is of one colour and white (a lid, or an empty margin), or one that shows no
    paper's edges. Any other is a photograph (`agent.reading.photograph`). Of a scan without `source_dpi`, A4's shape is
    taken to be A4 and any other to be scanned at 200 dpi (at more, if it would be larger than A3). Turned by up to 15°,
    or by 90° either way, it is set upright (a page on its head is not).
    """
    if source_dpi is None and (shot := photographed(pixels)):
        upright = _upright(shot.pixels)
        even = _evened(upright)
        quality = measure(grey_of(even), source_dpi=shot.dpi, shot=shot.flaws)
        return Page(pixels=even, quality=quality)
    dpi = source_dpi or guess_dpi(pixels)
    corners = paper_corners(pixels)
    paper = pixels if corners is None else cut_out(pixels, corners)
    level = _straightened(_to_300_dpi(paper, dpi))
    even = _evened(level)
    return Page(pixels=even, quality=measure(grey_of(even), source_dpi=dpi))


def grey_of(pixels: Pixels) -> NDArray[np.uint8]:
    """Return the luminance, shape (height, width)."""
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)


def guess_dpi(pixels: Pixels) -> int:
    """Return the resolution of a picture that does not name one."""
    short, long = sorted(pixels.shape[:2])
    if has_a4_shape(pixels):
        return round(short / A4_WIDTH_MM * 25.4)
    return max(DEFAULT_DPI, round(long / LONGEST_MM * 25.4))


def turned(pixels: Pixels, quarter_turns: int) -> Pixels:
    """Return the picture turned clockwise by quarters."""
    return np.ascontiguousarray(np.rot90(pixels, -quarter_turns))


def _to_300_dpi(pixels: Pixels, dpi: int) -> Pixels:
    if abs(dpi - DPI) <= 1:
        return pixels
    scale = DPI / dpi
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=how).astype(np.uint8)


def _upright(pixels: Pixels) -> Pixels:
    return turned(pixels, 1) if skew.runs_sideways(within(grey_of(pixels), skew.LONG_SIDE_PX)) else pixels


def _straightened(pixels: Pixels) -> Pixels:
    small = within(grey_of(pixels), skew.LONG_SIDE_PX)
    if skew.runs_sideways(small):
        pixels, small = turned(pixels, 1), turned(small, 1)
    angle = skew.angle_deg(small)
    if abs(angle) < _STRAIGHT_DEG:
        return pixels
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(
        pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8)


def _evened(pixels: Pixels) -> Pixels:
    """Return the page with the shade of its paper divided out, where that shade varies much."""
    small = shrunk(pixels, 16)
    shade = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15)
    low, high = percentiles(grey_of(shade.astype(np.uint8)), 3, 97)
    if high - low < _UNEVEN or low < 60:
        return pixels
    ground = cv2.resize(shade, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.divide(pixels, ground, scale=high).astype(np.uint8)
