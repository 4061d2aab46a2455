"""The place behind a simulated person: a wall with things on it, in linear light as the still camera sees it."""

import cv2
import numpy as np

from .kiosk_light import Room
from .ranges import Ranges
from .solid import HEIGHT_PX, WIDTH_PX, Field

_MARGIN_PX = 40


def room(chance: np.random.Generator, ranges: Ranges) -> Room:
    """Return the room's own light: warm to cool, from above and one side."""
    level = chance.uniform(*ranges.room)
    tint = np.array([1 + chance.uniform(-0.12, 0.12), 1, 1 + chance.uniform(-0.15, 0.15)])
    share = chance.uniform(0.2, 0.6)
    towards = np.array([chance.uniform(-0.8, 0.8), -1.0, chance.uniform(-0.9, 0.1)])
    return Room(ambient=tint * level * (1 - share), side=tint * level * share, towards=towards / np.linalg.norm(towards))


def backdrop(chance: np.random.Generator, room_light: Room) -> Field:
    """Return a wall with frames, doors, shelves and blurred people, 40 px larger on each side than the picture."""
    height, width = HEIGHT_PX + 2 * _MARGIN_PX, WIDTH_PX + 2 * _MARGIN_PX
    wall = np.ones((height, width, 3)) * chance.uniform(0.15, 0.6, 3)
    wall *= 1 + 0.3 * np.linspace(-1, 1, width)[None, :, None] * chance.uniform(-1, 1)
    for _ in range(chance.integers(4, 14)):
        corner, size = chance.uniform(0, 1, 2) * [width, height], chance.uniform(10, 150, 2)
        low, high = np.round(corner).astype(int), np.round(corner + size).astype(int)
        colour = chance.uniform(0.02, 0.8, 3)
        if chance.random() < 0.7:
            cv2.rectangle(wall, low.tolist(), high.tolist(), colour.tolist(), int(chance.choice([-1, 3])))
        else:
            cv2.ellipse(wall, low.tolist(), (size / 2).astype(int).tolist(), 0, 0, 360, colour.tolist(), -1)
    wall = cv2.GaussianBlur(wall, (0, 0), chance.uniform(0.8, 2.5))
    grain = cv2.GaussianBlur(chance.normal(size=(height, width, 1)), (0, 0), 1.0)[..., None] * 0.08
    lit = wall * (1 + grain) * (room_light.ambient + 0.6 * room_light.side) * chance.uniform(0.5, 1.2)
    return np.clip(lit, 0.002, 2.0).astype(np.float32)


def seen(wall: Field, shift_px: tuple[float, float] = (0.0, 0.0)) -> Field:
    """Return the part of a backdrop that a camera sees, moved by up to 40 pixels."""
    move = np.array([[1, 0, shift_px[0] - _MARGIN_PX], [0, 1, shift_px[1] - _MARGIN_PX]], np.float64)
    return np.asarray(cv2.warpAffine(wall, move, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_LINEAR, borderMode=1))
