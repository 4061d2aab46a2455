"""Where the paper itself lost content: a corner torn off, a spot that nothing shines through (Art. 22(2)).

Looked for on a coarse picture of the page. A torn-off corner shows the scanner's lid, brighter or darker than the
paper beside it; an opaque spot is darker than any print is over several millimetres, and not straight as pictures are.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.shrink import shrunk
from agent.reading.values import MM_PER_PX, Cue, Evidence, Pixels
from contract.messages import Box

Grey = NDArray[np.uint8]

_SHRINK = 8
_MM_PER_CELL = MM_PER_PX * _SHRINK
_PRINT_MM = 6.0
_SOFT_CELLS = 1.5
_LEAST_STEP = 1.2
_GAP_CELLS = 5
_CORNER_MM = 3.0
_LEAST_CORNER_MM = 12.0
_LARGEST_CORNER_SHARE = 0.4
_FINE_SHRINK = 4
_MM_PER_FINE_CELL = MM_PER_PX * _FINE_SHRINK
_DARKEST_PRINT_MM = 2.2
_OPAQUE_BELOW = 115
_BRIGHT_PAPER = 150
_LEAST_SPOT_MM2 = 16.0
_LARGEST_SPOT_SHARE = 0.15
_STRAIGHT_FILL = 0.93
_SIDE_MM = 1.0
_SCORE = 0.9


def lost_places(pixels: Pixels) -> list[Evidence]:
    """Return the torn corners and opaque spots of a flat, upright page (RGB, 300 dpi)."""
    return [*_corners(shrunk(pixels, _SHRINK)), *_spots(shrunk(pixels, _FINE_SHRINK))]


def _corners(small: Pixels) -> list[Evidence]:
    """Return the corner that a step in brightness parts from the other three.

    Where several lie apart from each other, a frame or a dark bed parts them, no tear.
    """
    rooms = np.asarray(cv2.connectedComponents(_even_ground(small), connectivity=4)[1], dtype=np.int32)
    named = [_room_at(rooms, corner) for corner in range(4)]
    apart = [room for room in named if room and named.count(room) == 1]
    if len(apart) != 1 or max(map(named.count, named)) != 3:
        return []
    box = _corner_box(rooms == apart[0])
    return [Evidence(what=Cue.TORN, box=box, score=_SCORE, words="góc giấy bị mất")] if box else []


def _even_ground(small: Pixels) -> Grey:
    """Return where the ground, with its print taken off, is even (1), parted by the steps between papers."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    bare = cv2.medianBlur(grey, round(_PRINT_MM / _MM_PER_CELL) | 1).astype(np.float32)
    soft = cv2.GaussianBlur(bare, (0, 0), _SOFT_CELLS)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    steps = (cv2.magnitude(across, down) > _LEAST_STEP).astype(np.uint8)
    closed = cv2.morphologyEx(steps, cv2.MORPH_CLOSE, np.ones((_GAP_CELLS, _GAP_CELLS), np.uint8))
    return np.asarray(1 - closed, dtype=np.uint8)


def _room_at(rooms: NDArray[np.int32], corner: int) -> int:
    """Return the open room that takes most of a corner, or 0."""
    side = round(_CORNER_MM / _MM_PER_CELL)
    rows = slice(None, side) if corner < 2 else slice(-side, None)
    columns = slice(None, side) if corner % 2 == 0 else slice(-side, None)
    return int(np.bincount(rooms[rows, columns].ravel()).argmax())


def _corner_box(room: NDArray[np.bool_]) -> Box | None:
    x, y, wide, high = cv2.boundingRect(room.astype(np.uint8))
    too_small = min(wide, high) * _MM_PER_CELL < _LEAST_CORNER_MM
    if too_small or float(room.mean()) > _LARGEST_CORNER_SHARE:
        return None
    return _mm(x, y, wide, high, _MM_PER_CELL)


def _spots(small: Pixels) -> list[Evidence]:
    """Return the places that are opaque; a booklet's dark cover shows none."""
    brightest = small.max(axis=2)
    if np.median(brightest) < _BRIGHT_PAPER:
        return []
    width = round(_DARKEST_PRINT_MM / _MM_PER_FINE_CELL) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    core = (cv2.dilate(brightest, disc) < _OPAQUE_BELOW).astype(np.uint8)
    spots = cv2.dilate(core, disc)
    count, _, stats, _ = cv2.connectedComponentsWithStats(spots, connectivity=8)
    boxes = [_spot_box(stats[number], spots.shape) for number in range(1, count)]
    return [Evidence(what=Cue.SPOT, box=box, score=_SCORE, words="vết che kín chữ") for box in boxes if box]


def _spot_box(stats: NDArray[np.int32], shape: tuple[int, ...]) -> Box | None:
    """Return the box of a spot, unless it is print, a picture, the bed beside the paper, or the whole page."""
    x, y, wide, high, area = (int(value) for value in stats)
    side = round(_SIDE_MM / _MM_PER_FINE_CELL)
    inside = x > side and y > side and x + wide < shape[1] - side and y + high < shape[0] - side
    large_enough = area * _MM_PER_FINE_CELL**2 > _LEAST_SPOT_MM2
    small_enough = area < _LARGEST_SPOT_SHARE * shape[0] * shape[1]
    round_enough = area < _STRAIGHT_FILL * wide * high and max(wide, high) < 6 * min(wide, high)
    return (
        _mm(x, y, wide, high, _MM_PER_FINE_CELL) if inside and large_enough and small_enough and round_enough else None
    )


def _mm(x: int, y: int, wide: int, high: int, mm_per_cell: float) -> Box:
    return x * mm_per_cell, y * mm_per_cell, (x + wide) * mm_per_cell, (y + high) * mm_per_cell
