"""Further grounds, to learn from and to be judged by apart: stone, glass, print, clutter, a grey lid, marble, a mat."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .dice import Dice, clouds, grain

Pixels = NDArray[np.uint8]
TILE_PX = 512


def slope(stream: Dice) -> Pixels:
    """Return a plain desk under a strong gradient of light."""
    level, colour = stream.uniform(70, 250), np.array([stream.uniform(0.8, 1.0) for _ in range(3)])
    light = cv2.GaussianBlur(clouds(stream, TILE_PX, TILE_PX, 200), (0, 0), 30)
    shaded = level * (1 - stream.uniform(0.2, 0.6) * light)
    return _levels(shaded[..., None] * colour + 2 * grain(stream, TILE_PX, TILE_PX)[..., None])


def granite(stream: Dice) -> Pixels:
    """Return stone with dark and pale specks of many sizes."""
    tile = np.full((TILE_PX, TILE_PX), stream.uniform(50, 215), np.float32)
    for size in (1.2, 3.0, 7.0):
        specks = cv2.GaussianBlur(grain(stream, TILE_PX, TILE_PX, TILE_PX), (0, 0), size)
        specks = specks / max(float(specks.std()), 1e-6)
        tile += stream.uniform(10, 45) * (specks > stream.uniform(0.8, 1.6))
        tile -= stream.uniform(10, 55) * (specks < -stream.uniform(0.8, 1.6))
    return _levels(tile[..., None] * np.array([stream.uniform(0.88, 1.0) for _ in range(3)]))


def glass(stream: Dice) -> Pixels:
    """Return a dark or greenish pane that mirrors windows and lamps with sharp and with soft edges."""
    pane = np.empty((TILE_PX, TILE_PX, 3), np.float32)
    pane[:] = np.array((0.9, 1.0, 0.95)) * stream.uniform(15, 150)
    for _ in range(stream.randint(2, 6)):
        mirrored = np.zeros((TILE_PX, TILE_PX), np.float32)
        spot, size = _spot(stream), (stream.randint(20, 200), stream.randint(10, 120))
        box = cv2.boxPoints((spot, size, stream.uniform(0, 180)))
        cv2.fillPoly(mirrored, [np.rint(box).astype(np.int32)], (1.0,))
        soft = cv2.GaussianBlur(mirrored, (0, 0), stream.choice((0.8, 3, 20)))
        pane += stream.uniform(20, 150) * soft[..., None]
    return _levels(pane + grain(stream, TILE_PX, TILE_PX)[..., None])


def newspaper(stream: Dice) -> Pixels:
    """Return printed matter: columns of rows of words, headings and grey pictures on paper."""
    tint = stream.uniform(190, 248)
    tile = np.full((TILE_PX, TILE_PX, 3), (tint, tint, tint - stream.uniform(0, 20)), np.uint8)
    column, row, ink = stream.randint(70, 200), stream.randint(6, 14), stream.randint(20, 110)
    for left in range(5, TILE_PX, column + 10):
        top = stream.randrange(20)
        while top < TILE_PX:
            if stream.random() < 0.06:
                size = (column, stream.randint(30, 120))
                cv2.rectangle(tile, (left, top, *size), (stream.randint(30, 200),) * 3, -1)
                top += size[1] + row
            _words(tile, (left, top), column, row, ink, stream)
            top += row
    return np.ascontiguousarray(np.rot90(tile, stream.randrange(4)))


def clutter(stream: Dice) -> Pixels:
    """Return keys in rows, or boxes, rulers and pens at all angles."""
    base = np.array([stream.uniform(20, 230) for _ in range(3)])
    tile = np.empty((TILE_PX, TILE_PX, 3), np.float32)
    tile[:] = base
    if stream.random() < 0.5:
        key, gap, level = stream.randint(40, 60), stream.randint(4, 10), stream.uniform(20, 250)
        for top in range(0, TILE_PX, key + gap):
            for left in range(-(top // 3) % key, TILE_PX, key + gap):
                cv2.rectangle(tile, (left, top, key, key), (level, level, level), -1, cv2.LINE_AA)
                cv2.line(tile, (left, top + key), (left + key, top + key), (level / 2,) * 3, 2)
                cv2.putText(
                    tile, chr(stream.randint(65, 90)), (left + 8, top + 24), 0, 0.6, (255 - level,) * 3, 2, cv2.LINE_AA
                )
    else:
        for _ in range(stream.randint(6, 20)):
            size = (stream.uniform(8, 60), stream.uniform(60, 300))
            box = cv2.boxPoints((_spot(stream), size, stream.uniform(0, 180)))
            cv2.fillPoly(tile, [np.rint(box).astype(np.int32)], [stream.uniform(20, 240) for _ in range(3)])
    return _levels(cv2.GaussianBlur(tile, (0, 0), 0.8) + 2 * grain(stream, TILE_PX, TILE_PX)[..., None])


def lid(stream: Dice) -> Pixels:
    """Return a scanner's grey lid: even, with a few faint scratches and a seam."""
    level = stream.uniform(170, 245)
    tile = np.full((TILE_PX, TILE_PX), level, np.float32)
    for _ in range(stream.randint(0, 8)):
        start, end = ([round(value) for value in _spot(stream)] for _ in range(2))
        cv2.line(tile, start, end, (level + stream.uniform(-18, 10),), stream.randint(1, 3), cv2.LINE_AA)
    return _levels((tile + stream.uniform(0.3, 2) * grain(stream, TILE_PX, TILE_PX))[..., None] * np.ones(3))


def marble(stream: Dice) -> Pixels:
    """Return pale stone with veins."""
    level = stream.uniform(205, 245)
    bends = sum(clouds(stream, TILE_PX, TILE_PX, cell) * weight for cell, weight in ((160, 5), (60, 1.5), (20, 0.4)))
    veins = np.exp(-30 * np.abs(np.sin(bends * 3)))
    shade = 10 * (clouds(stream, TILE_PX, TILE_PX, 90) - 0.5)
    tile = level + shade - stream.uniform(15, 80) * veins
    return _levels(tile[..., None] * np.array((1.0, 1.0, stream.uniform(0.95, 1.0))))


def cutting_mat(stream: Dice) -> Pixels:
    """Return a green, blue or grey mat with a pale grid of 10 mm and coarser lines each 50."""
    tile = np.empty((TILE_PX, TILE_PX, 3), np.float32)
    tile[:] = np.array(stream.choice(((30, 100, 70), (40, 70, 120), (90, 95, 98)))) * stream.uniform(0.7, 1.3)
    line, shift = stream.uniform(20, 90), stream.randrange(30)
    for number, at in enumerate(range(shift, TILE_PX, 30)):
        thick = 2 if number % 5 == 0 else 1
        tile[at : at + thick] += line
        tile[:, at : at + thick] += line
    return _levels(tile + 3 * grain(stream, TILE_PX, TILE_PX)[..., None])


def _words(tile: Pixels, start: tuple[int, int], column: int, row: int, ink: int, stream: Dice) -> None:
    left, top = start
    high = max(2, round(row * 0.5))
    while left < start[0] + column - 6:
        wide = min(stream.randint(5, 30), start[0] + column - left)
        tile[top : top + high, left : left + wide : 2] = ink
        left += wide + max(2, row // 3)


def _spot(stream: Dice) -> tuple[float, float]:
    return stream.uniform(0, TILE_PX), stream.uniform(0, TILE_PX)


def _levels(values: NDArray[np.floating[Any]]) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
