"""From the cells that a net takes for paper to four straight sides."""

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.paper_net import Chances

Quad = NDArray[np.float64]
"""Four corners, clockwise from the top left, shape (4, 2)."""

_FINER = 4
_FEWEST_CELLS = 120
_ENDS = 0.1  # this much of a side at either end may be round or curled
_FEWEST_POINTS = 8
_LEAST_SOLID = 0.6
_SURE, _PERHAPS = 0.5, 0.2

Outline = NDArray[np.int32]


def quads_of(paper: Chances) -> list[Quad]:
    """Return what may be the corners of a paper, in cells, the likeliest first; none where nothing has four sides.

    First come the sides of the largest piece, then rectangles about what is sure and about all that may be paper: a
    shadow or a hand takes a piece away, and on a ground as pale as the paper little is sure.
    """
    fine = cv2.resize(paper, None, fx=_FINER, fy=_FINER, interpolation=cv2.INTER_LINEAR)
    quads = [_fitted_quad(_largest(fine > _SURE)), _rectangle(_largest(fine > _SURE))]
    quads += [_rectangle(_all(fine > level)) for level in (_SURE, _PERHAPS)]
    return [np.asarray((quad + 0.5) / _FINER - 0.5) for quad in quads if quad is not None]


def _outlines(cells: NDArray[np.bool_]) -> list[Outline]:
    """Return the outlines of the pieces that are not too small."""
    outlines, _ = cv2.findContours(cells.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [np.asarray(one, np.int32) for one in outlines if cv2.contourArea(one) >= _FEWEST_CELLS * _FINER**2]


def _largest(cells: NDArray[np.bool_]) -> Outline | None:
    return max(_outlines(cells), key=cv2.contourArea, default=None)


def _all(cells: NDArray[np.bool_]) -> Outline | None:
    outlines = _outlines(cells)
    return np.concatenate(outlines) if outlines else None


def _fitted_quad(outline: Outline | None) -> Quad | None:
    if outline is None:
        return None
    rough = cv2.approxPolyN(outline, 4, ensure_convex=True).reshape(4, 2).astype(np.float64)
    points = outline.reshape(-1, 2).astype(np.float64)
    quad = _fitted(points, _fitted(points, clockwise(rough)))
    return quad if _is_sheet(quad, float(cv2.contourArea(outline))) else None


def _rectangle(outline: Outline | None) -> Quad | None:
    return None if outline is None else clockwise(cv2.boxPoints(cv2.minAreaRect(outline)).astype(np.float64))


def clockwise(corners: Quad) -> Quad:
    """Return the corners clockwise in the picture, from the one nearest to the top left."""
    away = corners - corners.mean(axis=0)
    ordered = corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    return np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0)


def meeting(one: Quad, other: Quad) -> NDArray[np.float64]:
    """Return where the lines through two points each meet; the end of the first where they run alike."""
    way, against = one[1] - one[0], other[1] - other[0]
    across = way[0] * against[1] - way[1] * against[0]
    if abs(across) < 1e-9:
        return np.asarray(one[1])
    gap = other[0] - one[0]
    return np.asarray(one[0] + way * (gap[0] * against[1] - gap[1] * against[0]) / across)


def from_sides(sides: list[Quad]) -> Quad:
    """Return the corners of four lines (two points each): corner i is where side i − 1 meets side i."""
    return np.array([meeting(sides[at - 1], sides[at]) for at in range(4)])


def _fitted(points: NDArray[np.float64], quad: Quad) -> Quad:
    """Return the quad with each side moved to the points beside it."""
    starts, ways = quad, np.roll(quad, -1, axis=0) - quad
    lengths = np.linalg.norm(ways, axis=1)
    from_start = points[:, None] - starts[None]
    along = (from_start * ways).sum(axis=2) / lengths**2
    aside = np.abs(from_start[..., 0] * ways[:, 1] - from_start[..., 1] * ways[:, 0]) / lengths
    nearest = np.where((along > 0) & (along < 1), aside, np.inf).argmin(axis=1)
    return from_sides([_line(points[(nearest == at) & _inner(along[:, at])], quad, at) for at in range(4)])


def _inner(along: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray((along > _ENDS) & (along < 1 - _ENDS))


def _line(points: NDArray[np.float64], quad: Quad, at: int) -> Quad:
    start, end = quad[at], quad[(at + 1) % 4]
    if len(points) < _FEWEST_POINTS:
        return np.array([start, end])
    x_way, y_way, x, y = cv2.fitLine(points.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    forward = 1.0 if (end - start) @ (x_way, y_way) > 0 else -1.0
    return np.array([(x, y), (x + forward * x_way, y + forward * y_way)], np.float64)


def _is_sheet(quad: Quad, area: float) -> bool:
    frame = abs(float(cv2.contourArea(quad.astype(np.float32))))
    return (
        bool(cv2.isContourConvex(quad.astype(np.float32))) and _LEAST_SOLID < area / max(frame, 1.0) < 1 / _LEAST_SOLID
    )
