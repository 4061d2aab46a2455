"""Whose ink is whose: every piece of ink goes to the line it belongs to, so that a crop shows no neighbour's."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.bands import Band
from agent.reading.percentiles import percentiles
from agent.reading.shrink import shrunk
from agent.reading.skew import ink_of

NOBODY = -1
SHARED = -2
RULE = -3
PAPER = -4
"""Owners of what is no one line's: drawings and specks; letters of two lines that touch; rules; no ink at all."""

INK_SCALE = 2
"""The page has this many pixels for one of the ink's: 150 dpi show whose ink it is as well as 300 do."""

_WINDOW_PX = 31
_DARKER_BY = 22
_SPECK_PX = 2
_DARK_GROUND = 120

# what a piece may be, in sizes of the line's letters
_TALLEST_EM = 1.75  # taller is a drawing
_TALL_LETTER_EM = 1.05  # from baseline to top; more holds ink of the line above
_DEEP_LETTER_EM = 0.3  # from baseline to foot; more holds ink of the line below
_MARK_WIDTH_EM = 0.7  # accents and dots
_MARK_HEIGHT_EM = 0.45
_SPECK_EM = 0.075

# where it may be
_SIDE_REACH_EM = 0.35
_ABOVE_EM = 0.55  # between the height of an x and the foot of an accent
_BELOW_EM = 0.18  # between the baseline and the head of a dot
_HIGH_EM = 0.28  # an accent further up needs ink below it
_ON_LETTER_EM = 0.1  # so near to the ink below, an accent stands on it
_CROSSING = 0.5  # of an x's height: a letter
_GRAZING = 0.3  # of an accent's height, into the letters of the line above

_RULE_LENGTH_PX = 60  # 10 mm at 150 dpi: longer than any dash
_RULE_THICKNESS_PX = 5
_RULE_FALL = 0.012  # a rule on a page that is a little turned is taller than thick

Grey = NDArray[np.uint8]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """The pieces of ink of a page: a label for each cell of INK_SCALE pixels (0 = paper), an owner for each label."""

    labels: NDArray[np.int32]
    owners: NDArray[np.int64]


def ink_of_lines(grey: Grey, bands: Sequence[Band]) -> Ink:
    """Return the ink of a grey page at 300 dpi and whose each piece is (a band's index, or one of the owners above)."""
    dark = ink_of(shrunk(grey, INK_SCALE), window_px=_WINDOW_PX, darker_by=_DARKER_BY).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    x, y, width, height, area = stats.T
    boxes = INK_SCALE * np.stack([x, y, x + width, y + height], axis=1).astype(np.float64)
    owners = np.full(len(boxes), NOBODY, np.int64)
    worthy = np.flatnonzero(area >= _SPECK_PX)
    worthy = worthy[worthy > 0]
    if len(bands) and len(worthy):
        owners[worthy] = _owners(boxes[worthy], bands)
    owners[(width > _RULE_LENGTH_PX) & (height <= _RULE_THICKNESS_PX + _RULE_FALL * width)] = RULE
    owners[0] = PAPER
    return Ink(labels=np.asarray(labels, np.int32), owners=owners)


def with_dark_print(grey: Grey, bands: Sequence[Band]) -> Grey:
    """Return the page with the levels turned round where a line's ground is dark: its light print becomes dark."""
    dark = [band for band in bands if _is_dark(_surroundings(grey, band))]
    turned = grey.copy() if dark else grey
    for band in dark:
        view = _surroundings(turned, band)
        view[:] = 255 - _surroundings(grey, band)
    return turned


def _surroundings(grey: Grey, band: Band) -> Grey:
    """Return the part of a page that holds a line and a rim around it."""
    em = band.em
    rows = slice(max(0, round(band.baseline - 1.1 * em)), max(0, round(band.baseline + 0.4 * em)))
    return grey[rows, max(0, round(band.x0 - 0.5 * em)) : max(0, round(band.x1 + 0.5 * em))]


def _is_dark(part: Grey) -> bool:
    """Whether a ground is dark and the print on it light: most levels are nearer to the darkest."""
    darkest, middle, lightest = percentiles(part[::4, ::8], 2, 50, 98) if part.size else (255, 255, 255)
    return bool(middle < _DARK_GROUND and lightest - middle > 2 * (middle - darkest))


class _Claims:
    """For each piece the line that claims it at the least distance; −1 where none does."""

    def __init__(self, pieces: int) -> None:
        self.owners = np.full(pieces, NOBODY, np.int64)
        self.distances = np.full(pieces, np.inf)

    def add(self, pieces: NDArray[np.int64], distances: Floats, fits: Mask, line: int) -> None:
        """Let a line claim those of the pieces that fit it."""
        better = fits & (distances < self.distances[pieces])
        self.distances[pieces[better]], self.owners[pieces[better]] = distances[better], line


def _owners(boxes: Floats, bands: Sequence[Band]) -> NDArray[np.int64]:
    """Return the owner of each piece: the line whose letters it crosses, else the one whose accent or dot it may be."""
    among, accents, dots = (_Claims(len(boxes)) for _ in range(3))
    crossed = np.zeros(len(boxes), np.int64)
    for line, band in enumerate(bands):
        near = np.flatnonzero(_beside(boxes, band))
        common, above, below = _places(boxes[near], band)
        letter, mark = _sized(boxes[near], band)
        crossing = letter & (common > _CROSSING * band.x_height)
        crossed[near] += np.where(crossing & _overlong(boxes[near], band), 2, crossing)
        graze = np.where(mark, _GRAZING * (boxes[near, 3] - boxes[near, 1]), 0)
        among.add(near, -common, letter & (common > graze), line)
        accents.add(near, above, mark & (above >= -graze) & (above < _ABOVE_EM * band.em), line)
        dots.add(near, below, mark & (below >= -graze) & (below < _BELOW_EM * band.em), line)
    marks = _settled(boxes, accents, dots, np.array([band.em for band in bands]))
    owners = np.where(among.owners >= 0, among.owners, marks)
    return np.where((crossed > 1) & (owners >= 0), SHARED, owners)


def _beside(boxes: Floats, band: Band) -> Mask:
    reach = _SIDE_REACH_EM * band.em
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    across = (middle_x > band.x0 - reach) & (middle_x < band.x1 + reach)
    return np.asarray(across & (np.abs(middle_y - band.baseline_at(middle_x)) < 2 * band.em))


def _places(boxes: Floats, band: Band) -> tuple[Floats, Floats, Floats]:
    """Return how many px of each piece are among a line's letters, and how far it is above and below them."""
    x0, y0, x1, y1 = boxes.T
    baseline = band.baseline_at((x0 + x1) / 2)
    top = baseline - band.x_height
    return np.minimum(y1, baseline) - np.maximum(y0, top), top - y1, y0 - baseline


def _sized(boxes: Floats, band: Band) -> tuple[Mask, Mask]:
    """Return which pieces may be letters of a line (no drawings), and which its accents and dots."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    return height < _TALLEST_EM * band.em, (
        (width < _MARK_WIDTH_EM * band.em)
        & (height < _MARK_HEIGHT_EM * band.em)
        & (np.maximum(width, height) > _SPECK_EM * band.em)
    )


def _overlong(boxes: Floats, band: Band) -> Mask:
    """Return which pieces reach so far beyond a line's letters that they must hold ink of the next line."""
    baseline = band.baseline_at((boxes[:, 0] + boxes[:, 2]) / 2)
    up, down = baseline - boxes[:, 1], boxes[:, 3] - baseline
    return np.asarray((up > _TALL_LETTER_EM * band.em) | (down > _DEEP_LETTER_EM * band.em))


def _settled(boxes: Floats, accents: _Claims, dots: _Claims, ems: Floats) -> NDArray[np.int64]:
    """Return the owner of each accent or dot: an accent stands on its line's ink, a dot hangs nearer to its own."""
    owners = np.where(accents.owners >= 0, accents.owners, dots.owners)
    high = accents.distances > _HIGH_EM * ems[accents.owners]
    for piece in np.flatnonzero((accents.owners >= 0) & (high | (dots.owners >= 0))):
        (up, down), em = _gaps(boxes, piece), ems[accents.owners[piece]]
        if up < down and down > _ON_LETTER_EM * em and dots.owners[piece] >= 0:
            owners[piece] = dots.owners[piece]
        elif down > _HIGH_EM * em:
            owners[piece] = NOBODY
    return owners


def _gaps(boxes: Floats, piece: int) -> tuple[float, float]:
    """Return how far the nearest ink above and below a piece is, in its own columns."""
    x0, y0, x1, y1 = boxes[piece]
    beside = boxes[(boxes[:, 0] < x1) & (boxes[:, 2] > x0)]
    lower, middle = beside[:, 1] + beside[:, 3], y0 + y1
    up, down = np.maximum(y0 - beside[:, 3], 0), np.maximum(beside[:, 1] - y1, 0)
    return np.min(up, initial=np.inf, where=lower < middle), np.min(down, initial=np.inf, where=lower > middle)
