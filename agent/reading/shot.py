"""What spoils a photograph of a paper: parts outside the picture, a hand over it, glare, shadow, a second paper."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.outline import Quad
from agent.reading.paper_net import Sight
from agent.reading.values import Pixels, Shot

_FEWEST_CELLS = 60
_HELD = 0.3  # a finger at the rim is a few cells large
_GLARING = 0.25  # a lamp's spot is a few cells large: the net is seldom sure of any
_THUMB_PX = 96
_LEAST_BRIGHT = 100  # a dark cover's own print would pass for shadow
_SHADE_KERNEL = np.ones((5, 5), np.uint8)


def flaws_of(page: Pixels, sight: Sight, corners: Quad, size_px: tuple[int, int]) -> Shot:
    """Return the flaws of a photograph, from the flattened page, what the net saw, and the corners in the picture."""
    inside = _inside(sight.to_cells(corners), sight.paper.shape)
    return Shot(
        found=True,
        several=int((sight.other > 0.5).sum()) >= _FEWEST_CELLS,
        outside=_outside(corners, *size_px),
        covered=float((sight.hand[inside] > _HELD).mean()),
        glare=float((sight.glare[inside] > _GLARING).mean()),
        shade=_shade(page),
    )


def _inside(corners: Quad, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the cells of the whole outline: the net's own paper ends where a hand begins."""
    cells = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(cells, np.rint(corners).astype(np.int32), (1.0,))
    return cells > 0


def _outside(corners: Quad, width: int, height: int) -> float:
    """Return the share of the outline's area beyond the picture."""
    outline = corners.astype(np.float32)
    frame = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    common, _ = cv2.intersectConvexConvex(outline, frame)
    return max(0.0, 1 - float(common) / max(abs(float(cv2.contourArea(outline))), 1.0))


def _shade(page: Pixels) -> float:
    """Return how much light the darkest part of the bare paper lacks."""
    scale = _THUMB_PX / max(page.shape[:2])
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    bare = cv2.medianBlur(cv2.dilate(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), _SHADE_KERNEL), 7)[3:-3, 3:-3]
    dark, bright = np.percentile(bare, (6, 94))
    return float(1 - dark / bright) if bright > _LEAST_BRIGHT else 0.0
