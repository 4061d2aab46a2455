"""A paper in a photograph, flattened: perspective undone, and sides that bow (curl, lens) drawn straight."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.sides import Sides
from agent.reading.values import DPI, Pixels
from models.pagefinder.strips import strips_of

_CELL_PX = 16
_BAND_CELLS = 32


def flattened(pixels: Pixels, sides: Sides, size_mm: tuple[float, float]) -> Pixels:
    """Return the paper at 300 dpi; works in bands, so that little more than the page itself is held."""
    width, height = (round(side / 25.4 * DPI) for side in size_mm)
    if any(sides.bows):
        return _unbowed(pixels, sides, width, height)
    return cv2.warpPerspective(
        pixels, _to_picture(sides, width, height), (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.uint8)  # fmt: skip


def _to_picture(sides: Sides, width: int, height: int) -> NDArray[np.float64]:
    page = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) - np.float32(0.5)
    return np.asarray(cv2.getPerspectiveTransform(page, sides.corners.astype(np.float32)), dtype=np.float64)


def _unbowed(pixels: Pixels, sides: Sides, width: int, height: int) -> Pixels:
    page = np.empty((height, width, 3), np.uint8)
    nodes = _nodes(sides, width, height)
    spread = np.array([(1 / _CELL_PX, 0, 0), (0, 1 / _CELL_PX, 0)])
    for top in range(0, height, _BAND_CELLS * _CELL_PX):
        rows = min(_BAND_CELLS * _CELL_PX, height - top)
        part = np.ascontiguousarray(nodes[top // _CELL_PX : top // _CELL_PX + _BAND_CELLS + 2])
        at = cv2.warpAffine(
            part, spread, (width, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
        )
        x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
        page[top : top + rows] = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return page


def _nodes(sides: Sides, width: int, height: int) -> NDArray[np.float32]:
    """Return where every 16th pixel of the page lies in the picture, shape (rows, columns, 2)."""
    across = np.arange(width // _CELL_PX + 3) * _CELL_PX
    down = np.arange(height // _CELL_PX + 3) * _CELL_PX
    x, y = (field.astype(np.float64) for field in np.meshgrid(across, down))
    spots = np.stack([x, y, np.ones_like(x)], axis=-1) @ _to_picture(sides, width, height).T
    nodes = spots[..., :2] / spots[..., 2:]
    right, below = x / width, y / height
    # a side's bow fades towards the opposite side, as in a Coons patch
    strips = strips_of(sides.corners, 0.0)
    fades = (1 - below, right, below, 1 - right)
    alongs = (right, below, 1 - right, 1 - below)
    for at, (fade, along) in enumerate(zip(fades, alongs, strict=True)):
        out = strips[at].outward
        nodes += (sides.bows[at] * fade * 4 * along * (1 - along))[..., None] * out
    return nodes.astype(np.float32)
