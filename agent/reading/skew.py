"""How far a page is turned: the angle at which the rows of ink stand out most."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.shrink import within

LIMIT_DEG = 15.0
LONG_SIDE_PX = 1000
"""The size at which the rows of ink are looked at; a larger picture is shrunk."""
_MOST_POINTS = 30_000
_FEW = 3
"""Of so many points one is enough where the angle need not be exact."""
_LONGEST_LETTER_PX = 80
_MARGIN = 0.12
_COARSE_DEG = 0.5
_FINE_DEG = 0.05

Ink = NDArray[np.bool_]
"""Where a page is dark, shape (height, width)."""

Floats = NDArray[np.float32]
Points = tuple[Floats, Floats]
"""The x and the y of some dots of ink."""


def ink_of(grey: NDArray[np.uint8], *, window_px: int, darker_by: int = 18) -> Ink:
    """Return what is darker than its surroundings."""
    around = cv2.blur(grey, (window_px, window_px))
    return np.asarray(grey.astype(np.int16) < around.astype(np.int16) - darker_by)


def angle_deg(grey: NDArray[np.uint8]) -> float:
    """Return by how many degrees (−15…15) the lines run down to the right; 0 where nothing is written."""
    points = _ink_points(grey)
    if len(points[0]) < 200:
        return 0.0
    coarse = _best(_fewer(points), np.arange(-LIMIT_DEG, LIMIT_DEG + _COARSE_DEG, _COARSE_DEG))
    return _best(points, coarse + np.arange(-_COARSE_DEG, _COARSE_DEG + _FINE_DEG, _FINE_DEG))


def runs_sideways(grey: NDArray[np.uint8]) -> bool:
    """Return whether the lines run up or down the picture rather than across it."""
    xs, ys = _ink_points(_middle(grey))
    if len(xs) < 200:
        return False
    return _peakedness(xs, ys, 90.0 + _sideways_angle(xs, ys)) > 1.3 * _peakedness(xs, ys, _best((xs, ys), _fan()))


def _middle(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the page without its margins: a certificate's border runs both ways, and the longer one would win."""
    down, across = (round(_MARGIN * side) for side in grey.shape)
    return grey[down : grey.shape[0] - down, across : grey.shape[1] - across]


def _sideways_angle(xs: Floats, ys: Floats) -> float:
    return _best((xs, ys), _fan() + 90.0) - 90.0


def _fan() -> NDArray[np.float64]:
    return np.arange(-LIMIT_DEG, LIMIT_DEG + 1.0, 1.0)


def _ink_points(grey: NDArray[np.uint8]) -> Points:
    ys, xs = np.nonzero(_letters(ink_of(within(grey, LONG_SIDE_PX), window_px=25)))
    step = max(1, len(xs) // _MOST_POINTS)
    return xs[::step].astype(np.float32), ys[::step].astype(np.float32)


def _fewer(points: Points) -> Points:
    xs, ys = points
    return xs[::_FEW], ys[::_FEW]


def _letters(ink: Ink) -> Ink:
    """Return the ink without frames, rules and photos: long straight edges would outvote the print."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    small = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) < _LONGEST_LETTER_PX
    return np.asarray(small[labels] & ink)


def _best(points: Points, angles: NDArray[np.float64]) -> float:
    scores = [_peakedness(*points, angle) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _peakedness(xs: Floats, ys: Floats, angle: float) -> float:
    radians = np.deg2rad(angle)
    rows = np.rint(ys * np.float32(np.cos(radians)) - xs * np.float32(np.sin(radians))).astype(np.int64)
    steps = np.diff(np.bincount(rows - rows.min()))
    return float(steps @ steps)
