"""Solids of triangles, how they are posed, and a painter's rasteriser for small pictures.

Millimetres, the camera's own axes: x to the picture's right, y down, z away from the camera, which stands at 0.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Field = NDArray[np.float32]
"""One value or colour for each pixel, shape (height, width) or (height, width, 3); colours are linear light."""

WIDTH_PX, HEIGHT_PX, FOCAL_PX = 320, 360, 411.0
"""The simulated camera's picture: a face of 140 mm at 480 mm is 120 px wide."""
_SUBPIXEL_BITS = 4
_ROW = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Solid:
    """Points (n, 3) mm, triangles (m, 3), where each point's colour lies in a texture (n, 2; pixels), and its gloss."""

    points: Floats
    triangles: NDArray[np.int64]
    uv: Floats
    gloss: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """A turn about a solid's own 0, then a shift; yaw turns a face to the picture's right, roll clockwise."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def turn(self) -> Floats:
        """Return the rotation, shape (3, 3)."""
        yaw, pitch, roll = np.radians([self.yaw_deg, self.pitch_deg, self.roll_deg])
        about_y = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
        about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
        about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
        return np.asarray(about_z @ about_x @ about_y)

    def place(self, points: Floats) -> Floats:
        """Return where points (n, 3) of the solid come to lie before the camera."""
        return np.asarray(points @ self.turn().T + np.array(self.shift_mm))


def joined(*solids: Solid) -> Solid:
    """Return several solids as one."""
    starts = np.cumsum([0, *(len(solid.points) for solid in solids)])
    return Solid(
        points=np.vstack([solid.points for solid in solids]),
        triangles=np.vstack([solid.triangles + start for solid, start in zip(solids, starts[:-1], strict=True)]),
        uv=np.vstack([solid.uv for solid in solids]),
        gloss=np.concatenate([solid.gloss for solid in solids]),
    )


def sheet(grid: Floats, uv: Floats, gloss: float) -> Solid:
    """Return the surface through a grid of points (rows, columns, 3), its front where columns × rows points away."""
    rows, columns = grid.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (each.ravel() for each in (number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]))
    triangles = np.vstack([np.column_stack([a, b, c]), np.column_stack([b, d, c])])
    return Solid(
        points=grid.reshape(-1, 3), triangles=triangles, uv=uv.reshape(-1, 2), gloss=np.full(rows * columns, gloss)
    )


def normals(solid: Solid) -> Floats:
    """Return each point's normal, outwards where triangles run clockwise as seen; shape (n, 3)."""
    corners = solid.points[solid.triangles]
    faces = np.cross(corners[:, 2] - corners[:, 0], corners[:, 1] - corners[:, 0])
    total = np.zeros_like(solid.points)
    for corner in range(3):
        np.add.at(total, solid.triangles[:, corner], faces)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9))


def project(points: Floats) -> Floats:
    """Return where points (n, 3) before the camera appear, in pixels, shape (n, 2)."""
    return np.asarray(points[:, :2] / points[:, 2:] * FOCAL_PX + np.array([WIDTH_PX, HEIGHT_PX]) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The pixels a solid covers (rows, columns) and its attributes there, shape (pixels, attributes)."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    attributes: Field


def draw(placed: Floats, triangles: NDArray[np.int64], attributes: Floats, *, both_sides: bool = False) -> Drawn:
    """Return what the camera sees of a placed solid: the nearest triangle's attributes (n points, k), interpolated."""
    flat = project(placed)
    corners = flat[triangles]
    edge_1, edge_2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = edge_1[:, 0] * edge_2[:, 1] - edge_1[:, 1] * edge_2[:, 0]
    shown = np.flatnonzero(np.abs(area) > 1e-3 if both_sides else area > 1e-3)
    depth = placed[:, 2][triangles[shown]].mean(axis=1)
    order = shown[np.argsort(-depth, kind="stable")]
    number = np.full((HEIGHT_PX, WIDTH_PX), -1, np.int32)
    whole = np.round(corners * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    for triangle in order.tolist():
        cv2.fillConvexPoly(number, whole[triangle], triangle, cv2.LINE_8, _SUBPIXEL_BITS)
    rows, columns = np.nonzero(number >= 0)
    hit = number[rows, columns]
    from_first = np.column_stack([columns, rows]) - corners[hit, 0]
    one, two = edge_1[hit], edge_2[hit]
    share_1 = (from_first[:, 0] * two[:, 1] - from_first[:, 1] * two[:, 0]) / area[hit]
    share_2 = (one[:, 0] * from_first[:, 1] - one[:, 1] * from_first[:, 0]) / area[hit]
    shares = np.clip(np.column_stack([1 - share_1 - share_2, share_1, share_2]), 0, 1).astype(np.float32)
    shares /= shares.sum(axis=1, keepdims=True)
    values = attributes.astype(np.float32)[triangles[hit]]
    return Drawn(rows=rows, columns=columns, attributes=np.einsum("pc,pca->pa", shares, values))


def sample(texture: Field, u: Field, v: Field, *, smooth: bool = True) -> Field:
    """Return a texture's values at n places in its pixels, shape (n,) or (n, 3); beyond its border, the border's."""
    rows = -(-len(u) // _ROW)
    places = [np.resize(each, rows * _ROW).reshape(rows, _ROW) for each in (u, v)]
    how = cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST
    found = cv2.remap(texture, places[0], places[1], how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found.reshape(rows * _ROW, *texture.shape[2:])[: len(u)])
