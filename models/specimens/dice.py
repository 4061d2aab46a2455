"""Seeded chance: one independent stream per subject, so that a flaw never changes what a paper says."""

import random

import cv2
import numpy as np
from numpy.typing import NDArray

Dice = random.Random


def dice(*subject: object) -> Dice:
    """Return the stream of a subject; the same subject always gives the same stream, on every machine."""
    return random.Random("/".join(map(str, subject)))  # noqa: S311 - reproducible, not secret


def grain(stream: Dice, height: int, width: int, tile: int = 256) -> NDArray[np.float32]:
    """Return standard normal noise, tiled and shifted (cheap), shape (height, width)."""
    noise = np.random.default_rng(stream.getrandbits(63)).standard_normal((tile, tile), dtype=np.float32)
    rows, columns = -(-height // tile) + 1, -(-width // tile) + 1
    top, left = stream.randrange(tile), stream.randrange(tile)
    return np.tile(noise, (rows, columns))[top : top + height, left : left + width]


def clouds(stream: Dice, height: int, width: int, cell_px: int) -> NDArray[np.float32]:
    """Return smooth noise in 0..1 whose blotches are about `cell_px` wide, shape (height, width)."""
    rows, columns = height // cell_px + 3, width // cell_px + 3
    coarse = np.random.default_rng(stream.getrandbits(63)).random((rows, columns), dtype=np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(smooth, 0, 1).astype(np.float32)
