"""What a paper lies on: tables dark, light, wooden and nearly white, and cloths with a pattern; all drawn."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import photograph_ground_more as more
from .dice import Dice, clouds, grain

Pixels = NDArray[np.uint8]

TILE_PX = 512
PX_PER_MM = 3.0


class Ground(StrEnum):
    """What the paper lies on."""

    DARK = "dark"
    LIGHT = "light"
    WOOD = "wood"
    CLOTH = "cloth"
    WHITE = "nearly-white"
    SLOPE = "gradient"
    GRANITE = "granite"
    GLASS = "glass"
    NEWSPAPER = "newspaper"
    CLUTTER = "clutter"
    LID = "grey-lid"
    MARBLE = "marble"
    CUTTING_MAT = "cutting-mat"


USUAL = (Ground.DARK, Ground.LIGHT, Ground.WOOD, Ground.CLOTH, Ground.WHITE)
"""What a photograph chooses from unless told otherwise."""
RARER = (Ground.SLOPE, Ground.GRANITE, Ground.GLASS, Ground.NEWSPAPER, Ground.CLUTTER, Ground.LID)
"""Learned from beside the usual ones."""
UNSEEN = (Ground.MARBLE, Ground.CUTTING_MAT)
"""Never learned from: they show how a net that has learned fares on grounds it does not know."""


def draw_ground(ground: Ground, stream: Dice) -> Pixels:
    """Return a tile of the ground, RGB, TILE_PX square, PX_PER_MM to the millimetre; it may be continued by mirrors."""
    return _DRAWN[ground](stream)


def _plain(colour: tuple[float, float, float], stream: Dice, rough: float) -> Pixels:
    uneven = 2 * rough * (clouds(stream, TILE_PX, TILE_PX, 160) - 0.5) + rough * grain(stream, TILE_PX, TILE_PX) / 2
    return _levels(np.array(colour) + uneven[..., None])


def _dark(stream: Dice) -> Pixels:
    level = stream.uniform(12, 70)
    return _plain(_tinted(level, stream, 12), stream, stream.uniform(1, 6))


def _light(stream: Dice) -> Pixels:
    level = stream.uniform(140, 200)
    return _plain(_tinted(level, stream, 16), stream, stream.uniform(1, 8))


def _white(stream: Dice) -> Pixels:
    level = stream.uniform(222, 240)
    return _plain(_tinted(level, stream, 5), stream, stream.uniform(0.5, 3))


def _tinted(level: float, stream: Dice, by: float) -> tuple[float, float, float]:
    return level + stream.uniform(-by, by), level, level + stream.uniform(-by, by)


def _wood(stream: Dice) -> Pixels:
    """Return boards: streaks of grain along one way, darker seams between the boards."""
    fine = cv2.GaussianBlur(grain(stream, TILE_PX, TILE_PX, TILE_PX), (0, 0), sigmaX=40, sigmaY=0.8)
    broad = clouds(stream, TILE_PX, TILE_PX, 90)
    rings = np.sin(40 * cv2.resize(broad[:, ::8], (TILE_PX, TILE_PX)) + np.arange(TILE_PX)[:, None] / 9)
    body = np.array(stream.choice(((176, 132, 88), (120, 80, 48), (205, 170, 126), (92, 60, 40))))
    streaks = stream.uniform(4, 14) * rings + stream.uniform(20, 60) * fine / max(float(fine.std()), 1e-3) / 4
    tile = np.clip(body + streaks[..., None] * np.array((1.0, 0.85, 0.7)), 0, 255).astype(np.uint8)
    board = stream.randint(150, 300)
    tile[stream.randrange(board) :: board] //= 2
    return _turned_at_random(tile, stream)


def _cloth(stream: Dice) -> Pixels:
    return stream.choice((_checked, _striped, _flowered))(stream)


def _checked(stream: Dice) -> Pixels:
    ground, check = _two_colours(stream)
    cell = stream.randint(18, 60)
    bands = (np.arange(TILE_PX) // cell % 2).astype(np.float32) / 2
    return _woven(ground + (check - ground) * (bands[:, None] + bands[None, :])[..., None], stream)


def _striped(stream: Dice) -> Pixels:
    ground, stripe = _two_colours(stream)
    cell, thin = stream.randint(20, 90), stream.uniform(0.15, 0.5)
    bands = (np.arange(TILE_PX) % cell < thin * cell).astype(np.float32)
    tile = ground + (stripe - ground) * np.broadcast_to(bands[:, None], (TILE_PX, TILE_PX))[..., None]
    return _turned_at_random(_woven(tile, stream), stream)


def _flowered(stream: Dice) -> Pixels:
    ground, petal = _two_colours(stream)
    tile = np.broadcast_to(ground, (TILE_PX, TILE_PX, 3)).astype(np.uint8).copy()
    for _ in range(stream.randint(10, 30)):
        x, y, size = stream.randrange(TILE_PX), stream.randrange(TILE_PX), stream.randint(8, 30)
        for turn in range(0, 360, 72):
            cv2.ellipse(tile, (x, y), (size, size // 3), turn + x, 0, 360, petal.tolist(), -1, cv2.LINE_AA)
    return _woven(tile.astype(np.float32), stream)


def _two_colours(stream: Dice) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    one = [stream.uniform(30, 235) for _ in range(3)]
    other = [stream.uniform(30, 235) for _ in range(3)]
    return np.array(one, np.float32), np.array(other, np.float32)


def _woven(tile: NDArray[np.float32], stream: Dice) -> Pixels:
    threads = np.sin(np.arange(TILE_PX) * 1.6)[:, None] * np.sin(np.arange(TILE_PX) * 1.6)[None, :]
    return _levels(tile + (5 * threads + 4 * grain(stream, TILE_PX, TILE_PX))[..., None])


def _levels(values: NDArray[np.floating[Any]]) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _turned_at_random(tile: Pixels, stream: Dice) -> Pixels:
    return np.ascontiguousarray(np.rot90(tile, stream.randrange(2)))


_DRAWN: dict[Ground, Callable[[Dice], Pixels]] = {
    Ground.DARK: _dark,
    Ground.LIGHT: _light,
    Ground.WOOD: _wood,
    Ground.CLOTH: _cloth,
    Ground.WHITE: _white,
    Ground.SLOPE: more.slope,
    Ground.GRANITE: more.granite,
    Ground.GLASS: more.glass,
    Ground.NEWSPAPER: more.newspaper,
    Ground.CLUTTER: more.clutter,
    Ground.LID: more.lid,
    Ground.MARBLE: more.marble,
    Ground.CUTTING_MAT: more.cutting_mat,
}
