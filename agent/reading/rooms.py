"""Where on a page something lies: the whole page for print on paper, single rooms for cards on a scanner's bed."""

import numpy as np
from numpy.typing import NDArray

from agent.reading.ink import Pieces
from agent.reading.values import MM_PER_PX

Room = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the page."""

_SMALLEST_LETTER_PX = 10
_LEAST_STRENGTH = 35.0
_GAP_MM = 12.0
_MARGIN_MM = 4.0
_FEWEST_PIECES = 12
_LARGEST_SHARE = 0.35


def rooms_of(pieces: Pieces, width: int, height: int) -> list[Room]:
    """Return the rooms to look into, from top to bottom; small ones may be looked at more closely."""
    boxes = pieces.boxes[(pieces.strengths > _LEAST_STRENGTH) & (_heights(pieces) >= _SMALLEST_LETTER_PX)]
    rooms = [_around(group, width, height) for group in _groups(boxes) if len(group) >= _FEWEST_PIECES]
    share = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in rooms) / (width * height)
    return rooms if rooms and share < _LARGEST_SHARE else [(0, 0, width, height)]


def _heights(pieces: Pieces) -> NDArray[np.int32]:
    return np.asarray(pieces.boxes[:, 3] - pieces.boxes[:, 1], dtype=np.int32)


def _groups(boxes: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """Return the boxes in groups with a broad empty band between each other."""
    ordered = boxes[boxes[:, 1].argsort()]
    lowest_so_far = np.maximum.accumulate(ordered[:, 3])
    breaks = np.flatnonzero(ordered[1:, 1] - lowest_so_far[:-1] > _GAP_MM / MM_PER_PX) + 1
    return np.split(ordered, breaks)


def _around(boxes: NDArray[np.int32], width: int, height: int) -> Room:
    margin = round(_MARGIN_MM / MM_PER_PX)
    left, top = (int(side) for side in boxes[:, :2].min(axis=0))
    right, bottom = (int(side) for side in boxes[:, 2:].max(axis=0))
    return max(0, left - margin), max(0, top - margin), min(width, right + margin), min(height, bottom + margin)
