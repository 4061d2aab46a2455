"""Learn the mean face: `python -m models.persons.learn_shape` writes mean_face.json.

The face mesh net looks at faces that this file draws (ellipses, no photograph); the mean of what it sees is the face
that all simulated people are made from. Triangles: Delaunay's, on the unrolled face.
"""

import json
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.identity.face_mesh import FaceMesh, opened

MEAN_FACE = Path(__file__).with_name("mean_face.json")
_FACES = 40
_SIDE_PX = 384
_WIDTH_MM = 140.0
"""From cheek to cheek before the ears: bizygomatic breadth of adults, about the mean of ISO/TR 7250-2."""
_CHEEKS = 234, 454
_AXIS_MM = 60.0
"""How far behind the cheeks' middle the axis lies around which the face is unrolled."""

Shape = NDArray[np.float64]
"""Points in mm, shape (468, 3): x to the picture's right, y down, z away from the camera."""
_Blot = tuple[float, float, float, float, tuple[float, float, float], float]
"""Middle x and y from the face's middle, radii, colour (a share of the skin's, or 0..255), softness in pixels."""


def learn(net: FaceMesh) -> tuple[Shape, NDArray[np.int64]]:
    """Return the mean face and its triangles, shape (n, 3)."""
    chance = np.random.default_rng(6)
    shape = np.asarray(np.mean([_in_mm(_look(net, _drawn(chance))) for _ in range(_FACES)], axis=0))
    return shape, _triangles(shape)


def _look(net: FaceMesh, picture: NDArray[np.uint8]) -> Shape:
    everywhere = np.array([[0.25, 0.25, 0], [0.75, 0.8, 0]], np.float32) * _SIDE_PX
    points = net.follow(picture[None], everywhere)
    if points is None:
        raise SystemExit("The net sees no face in a drawn one.")
    return np.asarray(points[0], np.float64)


def _in_mm(points: Shape) -> Shape:
    left, right = points[list(_CHEEKS)]
    across = right[:2] - left[:2]
    tilt = np.arctan2(across[1], across[0])
    turn = np.array([[np.cos(tilt), np.sin(tilt), 0], [-np.sin(tilt), np.cos(tilt), 0], [0, 0, 1]])
    return np.asarray((points - (left + right) / 2) @ turn.T * (_WIDTH_MM / float(np.hypot(*across))))


def _triangles(shape: Shape) -> NDArray[np.int64]:
    angle = np.arctan2(shape[:, 0], _AXIS_MM - shape[:, 2])
    unrolled = np.column_stack([angle * 1000, shape[:, 1] * 10]).astype(np.float32)
    low, high = unrolled.min(axis=0) - 10, unrolled.max(axis=0) + 10
    plane = cv2.Subdiv2D(tuple(np.concatenate([np.floor(low), np.ceil(high - low)]).astype(int).tolist()))
    number = {plane.insert((float(x), float(y))): at for at, (x, y) in enumerate(unrolled)}
    corners = np.asarray(plane.getTriangleList()).reshape(-1, 3, 2)
    nearest = np.linalg.norm(corners[:, :, None] - unrolled[None, None], axis=3)
    inside = nearest.min(axis=2).max(axis=1) < 1e-2
    if len(number) != len(shape):
        raise SystemExit("Two points of the mean face coincide: the net gave no face.")
    return np.asarray(nearest.argmin(axis=2)[inside], np.int64)


def _drawn(chance: np.random.Generator) -> NDArray[np.uint8]:
    picture = np.full((_SIDE_PX, _SIDE_PX, 3), (150.0, 160.0, 170.0))
    skin = np.array([205.0, 160.0, 130.0]) * chance.uniform(0.6, 1.05)
    stretch = chance.uniform(0.95, 1.05, 2)
    for x, y, width, height, colour, soft_px in _blots():
        jitter = chance.uniform(-2, 2, 2)
        middle = (192 + x * stretch[0] + jitter[0], 200 + y * stretch[1] + jitter[1])
        tone = np.array(colour)
        _blot(picture, middle, (width * stretch[0], height), tone if tone.max() > 2 else skin * tone, soft_px)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _blots() -> list[_Blot]:
    hair, lid, brow, lip = (35, 28, 25), (60, 45, 40), (50, 38, 32), (178, 92, 92)
    whole: list[_Blot] = [
        (0, -30, 100, 120, hair, 2), (0, 130, 45, 60, (0.75,) * 3, 3), (0, 0, 88, 118, (1.0,) * 3, 2),
        (0, -98, 82, 44, hair, 4), (0, 5, 6, 30, (1.12,) * 3, 4), (0, 40, 16, 3, (0.72,) * 3, 2),
        (0, 62, 28, 6, lip, 1.5), (0, 70, 20, 6, lip, 1.5), (0, 65, 27, 1, (90, 40, 40), 0.8),
        (0, 82, 18, 3, (0.8,) * 3, 3),
    ]  # fmt: skip
    right: list[_Blot] = [
        (39, -20, 24, 14, (0.8,) * 3, 5), (39, -20, 16, 7, (240, 238, 235), 0.8), (39, -20, 7, 7, (60, 40, 30), 0.8),
        (39, -20, 3, 3, (10, 10, 10), 0.5), (39, -28, 17, 2, lid, 0.8), (39, -44, 21, 4, brow, 1.2),
        (58, 28, 14, 24, (0.9,) * 3, 10), (9, 33, 5, 3, (90, 60, 50), 1.5), (14, 5, 5, 30, (0.86,) * 3, 4),
        (17, 28, 4, 7, (0.75,) * 3, 2),
    ]  # fmt: skip
    left: list[_Blot] = [(-x, y, width, height, tone, soft) for x, y, width, height, tone, soft in right]
    return [*whole, *right, *left]


def _blot(
    picture: NDArray[np.float64], middle: tuple[float, float], radii: tuple[float, float],
    colour: NDArray[np.float64], soft_px: float,
) -> None:  # fmt: skip
    mask = np.zeros(picture.shape[:2], np.float32)
    x, y, width, height = (round(each) for each in (*middle, *radii))
    cv2.ellipse(mask, (x, y), (width, height), 0, 0, 360, (1,), -1, cv2.LINE_AA)
    picture += cv2.GaussianBlur(mask, (0, 0), soft_px)[..., None] * (colour - picture)


def main() -> None:
    """Write mean_face.json."""
    shape, triangles = learn(opened())
    text = json.dumps({"points_mm": shape.round(2).tolist(), "triangles": triangles.tolist()})
    MEAN_FACE.write_text(text.replace("]], ", "]],\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
