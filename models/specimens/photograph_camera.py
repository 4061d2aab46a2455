"""A pinhole camera with a slightly bent lens over a table: where a point of the paper lands, and what a pixel sees."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Points in pixels or mm, shape (n, 2) or (n, 3)."""
Field = NDArray[np.float32]
"""One value for each pixel, shape (height, width)."""
Height = Callable[[Field, Field], Field]
"""The height in mm of the paper above the table at x, y in mm from the paper's middle."""

_CELL_PX = 8
_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Its picture's size and focal length in pixels, the table's pose before it, and how far its lens bends (share).

    A point (x, y, z) mm of the table (z away from the camera) is seen at `turn @ point + shift`.
    """

    width: int
    height: int
    focal_px: float
    bend: float
    turn: Points
    shift: Points

    def project(self, points: Points) -> Points:
        """Return where points of the table (mm; (n, 2), or (n, 3) with how far they lie below it) appear, in pixels."""
        above = np.zeros((len(points), 3 - points.shape[1]))
        flat = np.hstack([points, above]) @ self.turn.T + self.shift
        straight = flat[:, :2] / flat[:, 2:] * self.focal_px
        bent = straight
        for _ in range(_ROUNDS):
            bent = straight / self._widening(bent[:, :1], bent[:, 1:])
        return np.asarray(bent + np.array([self.width, self.height]) / 2)

    def sight(self, height_mm: Height) -> tuple[Field, Field]:
        """Return for every pixel the x and y in mm of the paper's point that it sees."""
        columns, rows = (math.ceil(side / _CELL_PX) + 2 for side in (self.width, self.height))
        across = (np.arange(columns) - 0.5) * _CELL_PX - self.width / 2
        down = (np.arange(rows) - 0.5) * _CELL_PX - self.height / 2
        x_px, y_px = np.meshgrid(across, down)
        x, y = self._on_paper(x_px, y_px, height_mm)
        return self._each_pixel(x), self._each_pixel(y)

    def _widening(self, x: Points, y: Points) -> Points:
        return np.asarray(1 + self.bend * (x**2 + y**2) / ((self.width**2 + self.height**2) / 4))

    def _on_paper(self, bent_x: Points, bent_y: Points, height_mm: Height) -> tuple[Field, Field]:
        widening = self._widening(bent_x, bent_y)
        rays = (
            np.stack([bent_x * widening, bent_y * widening, np.full_like(bent_x, self.focal_px)], axis=-1) @ self.turn
        )
        eye = -self.turn.T @ self.shift
        height: Field | float = 0.0
        for _ in range(_ROUNDS):
            reach = (-height - eye[2]) / rays[..., 2]
            x, y = ((eye[axis] + reach * rays[..., axis]).astype(np.float32) for axis in (0, 1))
            height = height_mm(x, y)
        return x, y

    def _each_pixel(self, coarse: Field) -> Field:
        whole = cv2.resize(coarse, None, fx=_CELL_PX, fy=_CELL_PX, interpolation=cv2.INTER_LINEAR)
        inner = whole[_CELL_PX : _CELL_PX + self.height, _CELL_PX : _CELL_PX + self.width]
        return np.ascontiguousarray(inner, dtype=np.float32)


def aimed(
    camera: Camera, corners: Points, *, turned_deg: float, tilt_deg: float, tilt_towards_deg: float, fill: float
) -> Camera:
    """Return the camera with the paper of these corners (mm) in the middle, its larger extent `fill` of the picture."""
    tilted = replace(camera, turn=_tilt(tilt_deg, tilt_towards_deg) @ _roll(turned_deg))
    distance = 1000.0
    for _ in range(6):
        tilted = replace(tilted, shift=np.array([0.0, 0.0, distance]))
        spread = np.ptp(tilted.project(corners), axis=0)
        distance *= float((spread / (camera.width, camera.height)).max()) / fill
    return moved_by(tilted, np.array([camera.width, camera.height]) / 2 - _middle(tilted.project(corners)))


def moved_by(camera: Camera, pixels: Points) -> Camera:
    """Return the camera with the scene shifted by about so many pixels."""
    distance = float(camera.shift[2])
    return replace(camera, shift=camera.shift + np.append(pixels * distance / camera.focal_px, 0.0))


def _middle(points: Points) -> Points:
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2)


def _roll(degrees: float) -> Points:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([(cos, -sin, 0.0), (sin, cos, 0.0), (0.0, 0.0, 1.0)])


def _tilt(degrees: float, towards_deg: float) -> Points:
    axis = np.array([math.cos(math.radians(towards_deg)), math.sin(math.radians(towards_deg)), 0.0])
    turn, _ = cv2.Rodrigues(axis * math.radians(degrees))
    return np.asarray(turn, dtype=np.float64)
