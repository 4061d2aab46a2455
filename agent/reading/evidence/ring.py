"""A grey ring as large as an agency's seal: what a photocopy, or a scan without colour, makes of a red seal."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.seals import DIAMETER_MM
from agent.reading.shrink import shrunk
from agent.reading.values import MM_PER_PX, Cue, Evidence, Line, Pixels

_SHRINK = 6
_MM = MM_PER_PX * _SHRINK
_PAD_PX = 24
_PAPER = 245
_CANDIDATES = 40
_ANGLES = 180
_DARKER_BY = 14
_OUTSIDE_MM = (1.0, 2.6)
_WOBBLE_PX = 1
_LEAST_SEEN = 0.3
_WHOLE = 0.6
_LEAST_ARC = 0.86  # of a ring that is cut off at the edge of the page
_WORTH_A_CLOSER_LOOK = 0.55
_SHIFTS = (-4.0, -2.0, 0.0, 2.0, 4.0)
_LEAST_RING = 0.74
_MOST_OUTSIDE = 0.55
_GREY_CHROMA = 22.0


def grey_rings(pixels: Pixels, lines: Sequence[Line]) -> Iterator[Evidence]:
    """Yield the strongest grey ring of 28–44 mm of a page at 300 dpi, if there is one; it may run off the page."""
    small = shrunk(pixels, _SHRINK)
    padded = cv2.copyMakeBorder(small, *(_PAD_PX,) * 4, cv2.BORDER_CONSTANT, value=(255, 255, 255))
    grey = cv2.cvtColor(padded, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    dark = (cv2.blur(grey, (15, 15)).astype(np.int16) - grey > _DARKER_BY).astype(np.uint8)
    found = [
        ring
        for ring in (_measured(dark, padded.astype(np.uint8), *circle) for circle in _circles(_without(grey, lines)))
        if ring
    ]
    if found:
        score, x, y, radius = max(found)
        yield _evidence(score, x - _PAD_PX, y - _PAD_PX, radius, small.shape)


def _without(grey: NDArray[np.uint8], lines: Sequence[Line]) -> NDArray[np.uint8]:
    """Return the page without the lines that were read: letters make circles of their own."""
    bare = grey.copy()
    for line in lines:
        x0, y0, x1, y1 = (max(0, round(side / _MM) + _PAD_PX) for side in line.box)
        bare[y0:y1, x0:x1] = _PAPER
    return bare


def _circles(grey: NDArray[np.uint8]) -> list[tuple[float, float, float]]:
    least, most = (round(diameter / 2 / _MM) for diameter in DIAMETER_MM)
    found = cv2.HoughCircles(
        grey, cv2.HOUGH_GRADIENT, dp=1.5, minDist=8, param1=90, param2=18, minRadius=least, maxRadius=most
    )
    if found is None:
        return []
    return [(float(x), float(y), float(r)) for x, y, r in np.asarray(found)[0][:_CANDIDATES]]


def _measured(
    dark: NDArray[np.uint8], colour: Pixels, x: float, y: float, radius: float
) -> tuple[float, float, float, float] | None:
    """Return score, middle and radius of the darkest circle near a candidate, where it is a thin grey ring."""
    if _ring(dark, x, y, radius)[0] < _WORTH_A_CLOSER_LOOK:
        return None
    best = max(
        (_ring(dark, x + dx, y + dy, radius) for dx in _SHIFTS for dy in _SHIFTS),
        key=lambda ring: ring[0],
    )
    share, at_x, at_y, at_radius = best
    whole = _seen(dark.shape, at_x, at_y, at_radius).mean() > _WHOLE
    if share < (_LEAST_RING if whole else _LEAST_ARC) or _chroma(colour, dark, at_x, at_y, at_radius) > _GREY_CHROMA:
        return None
    return share, at_x, at_y, at_radius


def _ring(dark: NDArray[np.uint8], x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """Return the share of the directions in which a circle near this radius is dark and the paper outside is not."""
    reach = int(radius) + 10
    polar = cv2.warpPolar(dark, (reach, _ANGLES), (x, y), reach, cv2.WARP_POLAR_LINEAR | cv2.INTER_NEAREST)
    seen = _seen(dark.shape, x, y, radius)
    if seen.mean() < _LEAST_SEEN:
        return 0.0, x, y, radius
    near = cv2.dilate(polar, np.ones((1, 2 * _WOBBLE_PX + 1), np.uint8))[seen]
    shares = near.mean(axis=0)
    first = max(0, int(radius) - 4)
    at = first + int(np.argmax(shares[first : int(radius) + 5]))
    outside = polar[seen][:, at + round(_OUTSIDE_MM[0] / _MM) : at + round(_OUTSIDE_MM[1] / _MM)]
    clear = outside.any(axis=1).mean() < _MOST_OUTSIDE if outside.size else False
    return (float(shares[at]) if clear else 0.0), x, y, float(at)


def _seen(shape: tuple[int, ...], x: float, y: float, radius: float) -> NDArray[np.bool_]:
    """Return which directions of a circle lie on the page."""
    angles = np.arange(_ANGLES) * 2 * np.pi / _ANGLES
    across, down = x + radius * np.cos(angles), y + radius * np.sin(angles)
    inside_x = (across > _PAD_PX) & (across < shape[1] - _PAD_PX)
    return np.asarray(inside_x & (down > _PAD_PX) & (down < shape[0] - _PAD_PX))


def _chroma(colour: Pixels, dark: NDArray[np.uint8], x: float, y: float, radius: float) -> float:
    """Return how colourful the dark parts of a ring are, in levels between the strongest and the weakest channel."""
    mask = np.zeros(dark.shape, np.uint8)
    cv2.circle(mask, (round(x), round(y)), round(radius), (1,), 3)
    ink = colour[(mask & dark) > 0].astype(np.int16)
    return float(np.ptp(ink, axis=1).mean()) if len(ink) else 255.0


def _evidence(score: float, x: float, y: float, radius: float, shape: tuple[int, ...]) -> Evidence:
    left, top = max(0.0, x - radius) * _MM, max(0.0, y - radius) * _MM
    right, bottom = min(shape[1], x + radius) * _MM, min(shape[0], y + radius) * _MM
    diameter_mm = round(2 * radius * _MM)
    words = f"dấu tròn đường kính khoảng {diameter_mm} mm có màu xám"
    return Evidence(what=Cue.GREY_RING, box=(left, top, right, bottom), score=score, words=words)
