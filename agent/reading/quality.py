"""How well a page can be read: sharpness, contrast, ink, print that runs off its edges."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.percentiles import percentiles
from agent.reading.shrink import shrunk
from agent.reading.skew import Ink, ink_of
from agent.reading.values import DPI, MM_PER_PX, Quality, Shot

Grey = NDArray[np.uint8]

_EDGE_MM = 1.0
_LETTER_MM = (1.2, 6.0)
_FEWEST_LETTERS = 4
_SHARPEST = 0.45  # share of the contrast that a crisp scan crosses within one pixel at 300 dpi


def measure(grey: Grey, *, source_dpi: int, shot: Shot | None = None) -> Quality:
    """Return the quality of a page at 300 dpi; a photograph (`shot`) is judged at its own resolution, and both ways."""
    half = shrunk(grey, 2)
    ink = ink_of(half, window_px=25)
    return Quality(
        sharpness=_sharpness(grey) if shot is None else _sharpness_of_photograph(grey, source_dpi),
        contrast=_contrast(half),
        source_dpi=source_dpi,
        ink_share=float(ink.mean()),
        cut_edges=_cut_edges(ink, 2 * MM_PER_PX) if shot is None else (),
        shot=shot,
    )


def _sharpness_of_photograph(grey: Grey, source_dpi: int) -> float:
    """Return the sharpness along or across, whichever is less: a hand shakes one way only."""
    scale = min(1.0, source_dpi / DPI)
    own = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return min(_sharpness(own), _sharpness(np.ascontiguousarray(own.T)))


def _contrast(grey: Grey) -> float:
    dark, bright = percentiles(grey[::2, ::2], 0.5, 90)
    return (bright - dark) / 255


def _sharpness(grey: Grey) -> float:
    """Return how much of its own contrast an edge of print crosses within a pixel, 0 (no edge at all) … 1 (crisp)."""
    middle = _busiest_band(grey)
    steps = np.abs(np.diff(middle.astype(np.int16), axis=1))
    dark, bright = percentiles(middle[::2, ::2], 1, 90)
    if bright - dark < 30:
        return 0.0
    edges = steps[steps > 0.12 * (bright - dark)]
    if not len(edges):
        return 0.0
    return min(1.0, float(np.percentile(edges, 80)) / (bright - dark) / _SHARPEST)


def _busiest_band(grey: Grey) -> Grey:
    height = grey.shape[0]
    rows = max(1, height // 8)
    spread = [float(grey[top : top + rows : 4, ::4].std()) for top in range(0, height - rows + 1, rows)]
    top = int(np.argmax(spread)) * rows
    return grey[top : top + rows]


def _cut_edges(ink: Ink, mm_per_px: float) -> tuple[str, ...]:
    turned = {"left": ink, "top": ink.T, "right": ink[:, ::-1], "bottom": ink[::-1].T}
    return tuple(name for name, view in turned.items() if _letters_cut(view, mm_per_px))


def _letters_cut(ink: Ink, mm_per_px: float) -> bool:
    """Return whether several things of a letter's size cross the left edge; a shadow of the lid is longer."""
    strip = ink[:, : max(1, round(_EDGE_MM / mm_per_px))].all(axis=1).astype(np.uint8)[:, None]
    _, _, stats, _ = cv2.connectedComponentsWithStats(strip)
    sizes_mm = stats[1:, cv2.CC_STAT_HEIGHT] * mm_per_px
    # strokes cut by the edge: thinner than a letter is tall
    return int(((sizes_mm > 0.15) & (sizes_mm < _LETTER_MM[1])).sum()) >= _FEWEST_LETTERS
