"""The place behind a simulated person: a wall with things on it, its light, and at times somebody who walks by."""

from dataclasses import dataclass

import cv2
import numpy as np

from .kiosk_light import NEAR_MM, Light, Room
from .ranges import Ranges
from .solid import HEIGHT_PX, WIDTH_PX, Field, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Passer:
    """A dark shape: its colour, where it starts, its speed in pixels a second and its half width and height."""

    colour: Floats
    start_px: tuple[float, float]
    speed_px_s: float
    size_px: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The room's light; the wall's reflectance, how dim it is there and how far (mm); and who walks by, if anybody."""

    room: Room
    wall: Field
    dim: float
    far_mm: float
    passer: Passer | None

    def seen(self, seconds: float, lights: list[Light]) -> Field:
        """Return what a still camera sees, in linear light."""
        wall = self.wall
        if self.passer:
            wall = wall.copy()
            x, y = self.passer.start_px
            middle = round(x + self.passer.speed_px_s * seconds), round(y)
            cv2.ellipse(wall, middle, self.passer.size_px, 0, 0, 360, self.passer.colour.tolist(), -1, cv2.LINE_AA)
        of_kiosk = np.sum([light.colour for light in lights], axis=0) if lights else np.zeros(3)
        light = (self.room.ambient + 0.6 * self.room.side) * self.dim + of_kiosk * (NEAR_MM / self.far_mm) ** 2
        return np.asarray(wall * light.astype(np.float32))


def place(chance: np.random.Generator, ranges: Ranges, brighter: float = 1.0) -> Place:
    """Return a place drawn at random; in three of ten somebody walks by."""
    return Place(
        room=_room(chance, ranges, brighter),
        wall=_wall(chance),
        dim=float(chance.uniform(0.4, 1.2)),
        far_mm=float(chance.uniform(900, 2600)),
        passer=_passer(chance) if chance.random() < 0.3 else None,
    )


def _room(chance: np.random.Generator, ranges: Ranges, brighter: float) -> Room:
    level = brighter * chance.uniform(*ranges.room)
    tint = np.array([1 + chance.uniform(-0.12, 0.12), 1, 1 + chance.uniform(-0.15, 0.15)])
    share = chance.uniform(0.2, 0.6)
    towards = np.array([chance.uniform(-0.8, 0.8), -1.0, chance.uniform(-0.9, 0.1)])
    return Room(
        ambient=tint * level * (1 - share), side=tint * level * share, towards=towards / np.linalg.norm(towards)
    )


def _wall(chance: np.random.Generator) -> Field:
    wall = np.ones((HEIGHT_PX, WIDTH_PX, 3)) * chance.uniform(0.15, 0.6, 3)
    wall *= 1 + 0.3 * np.linspace(-1, 1, WIDTH_PX)[None, :, None] * chance.uniform(-1, 1)
    for _ in range(chance.integers(4, 14)):
        corner, size = chance.uniform(0, 1, 2) * [WIDTH_PX, HEIGHT_PX], chance.uniform(10, 150, 2)
        low, high = np.round(corner).astype(int).tolist(), np.round(corner + size).astype(int).tolist()
        colour = chance.uniform(0.02, 0.8, 3).tolist()
        if chance.random() < 0.7:
            cv2.rectangle(wall, low, high, colour, int(chance.choice([-1, 3])))
        else:
            cv2.ellipse(wall, low, np.round(size / 2).astype(int).tolist(), 0, 0, 360, colour, -1)
    wall = cv2.GaussianBlur(wall, (0, 0), chance.uniform(0.8, 2.5))
    grain = cv2.GaussianBlur(chance.normal(size=wall.shape[:2]), (0, 0), 1.0)[..., None] * 0.08
    return np.clip(wall * (1 + grain), 0.01, 0.95).astype(np.float32)


def _passer(chance: np.random.Generator) -> Passer:
    speed = chance.uniform(20, 90) * chance.choice([-1, 1])
    return Passer(
        colour=chance.uniform(0.02, 0.4, 3),
        start_px=(WIDTH_PX / 2 - 2 * speed + chance.uniform(-80, 80), chance.uniform(150, 260)),
        speed_px_s=float(speed),
        size_px=(int(chance.uniform(20, 45)), int(chance.uniform(90, 160))),
    )
