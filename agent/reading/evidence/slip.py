"""The edge of a slip glued over a word: a faint straight shadow below it that turns up at its end."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.values import MM_PER_PX, Cue, Evidence, Line, Pixels

_BELOW = 0.5  # of the line's height
_ABOVE = 0.3
_FAINT = (6, 75)
"""Grey levels by which a shadow is darker than the paper on both sides; a printed rule is darker."""

_APART_PX = 4
_SHORTEST = 1.8
_UPRIGHT = 0.6
_CORNER_PX = 7
_TILT_PX = 3
_THICKEST_PX = 9
_LEAST_HEIGHT_PX = 26

Mask = NDArray[np.uint8]
_Edge = tuple[int, int, int, int]


def slip_edges(pixels: Pixels, line: Line) -> Iterator[Evidence]:
    """Yield the corner at which a shadow along a line's foot meets an upright one, if there is such a corner."""
    x0, y0, x1, y1 = (round(side / MM_PER_PX) for side in line.box)
    tall = y1 - y0
    top, left = max(0, y0 - round(_ABOVE * tall)), max(0, x0 - tall // 2)
    part = pixels[top : y1 + round(_BELOW * tall), left : x1 + tall // 2]
    if min(part.shape[:2]) < 2 * _APART_PX + 2 or tall < _LEAST_HEIGHT_PX:
        return
    grey: Mask = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    feet = _runs(_ridges(grey), round(_SHORTEST * tall))
    if not feet.any():
        return
    sides = _runs(np.ascontiguousarray(_ridges(grey.T)), round(_UPRIGHT * tall)).T
    for foot in _boxes(feet):
        for side in _boxes(np.ascontiguousarray(sides)):
            if _is_corner(foot, side):
                box = (left + foot[0], top + side[1], left + side[2], top + foot[3])
                words = "viền mờ quanh chữ số, như mép giấy dán"
                x0_mm, y0_mm, x1_mm, y1_mm = (edge * MM_PER_PX for edge in box)
                yield Evidence(what=Cue.CHANGED, box=(x0_mm, y0_mm, x1_mm, y1_mm), score=0.75, words=words)
                return


def _is_corner(foot: _Edge, side: _Edge) -> bool:
    """Return whether two thin edges end in each other; a frame's upright goes on above the line."""
    thin = foot[3] - foot[1] < _THICKEST_PX and side[2] - side[0] < _THICKEST_PX
    meet = abs(foot[2] - side[2]) < _CORNER_PX and abs(foot[3] - side[3]) < _CORNER_PX
    return thin and meet and side[1] > _APART_PX + _TILT_PX


def _ridges(grey: Mask) -> Mask:
    """Return where a picture is a little darker than the rows above and below."""
    ridge = np.zeros_like(grey)
    inner = grey[_APART_PX:-_APART_PX]
    depth = np.minimum(grey[: -2 * _APART_PX], grey[2 * _APART_PX :]).astype(np.int16) - inner
    ridge[_APART_PX:-_APART_PX] = (depth > _FAINT[0]) & (depth < _FAINT[1])
    return ridge


def _runs(ridge: Mask, length: int) -> Mask:
    """Return the ridges that go on for a length along the rows, a little tilted at most."""
    thick = cv2.dilate(ridge, np.ones((_TILT_PX, 1), np.uint8))
    return cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)).astype(np.uint8)


def _boxes(mask: Mask) -> list[_Edge]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    return [(int(x), int(y), int(x + wide), int(y + high)) for x, y, wide, high, _ in stats[1:]]
