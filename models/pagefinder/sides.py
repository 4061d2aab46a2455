"""Strips to learn from: the four sides of an outline that is off by as much as a rough one is, and where they end."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.shrink import shrunk
from models.pagefinder.levels import MASK_PX, Levels, scale_of
from models.pagefinder.strips import (
    ACROSS,
    STATIONS_AT,
    UNKNOWN,
    Pixels,
    Points,
    Strip,
    chances_in,
    looked_at,
    planes_of,
    shrink_of,
    strips_of,
)

_REACHES = (0.016, 0.24)
_SHIFTED, _TURNED = 0.62, 0.45
"""How far off a side is at most, in its middle and at its ends more, in units of the reach."""
_BLIND, _COLOURLESS = 0.25, 0.15
"""How often the page finder's chances, and all colours, are kept from the net."""
_BEYOND = 0.25
"""What a station beyond the corners counts, where only the line's continuation can be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A strip as the net takes it; at each station the row (with fraction) where the paper ends, and what it counts."""

    planes: Levels
    rows: NDArray[np.float32]
    counts: NDArray[np.float32]


def examples_of(pixels: Pixels, sides: Points, chances: Levels, rng: random.Random) -> list[Example]:
    """Return the four sides of a photograph (RGB) near whose true `sides` (4, n, 2) an outline is made up."""
    share = float(np.exp(rng.uniform(*np.log(_REACHES))))
    strips = strips_of(_off(sides[:, 0], share, rng), share)
    factor = shrink_of(strips[0].reach)
    small = shrunk(pixels, factor)
    shown = chances if rng.random() > _BLIND else np.full((MASK_PX, MASK_PX), UNKNOWN, np.float32)
    tables, noise = _tables(rng), rng.uniform(1, 6) if rng.random() < 0.3 else 0.0
    scale = scale_of(pixels.shape[1], pixels.shape[0])
    examples = []
    for strip, truth in zip(strips, sides, strict=True):
        view, inside = looked_at(small, factor, strip)
        planes = planes_of(_recoloured(view, tables, noise, rng), inside, chances_in(shown, strip, scale))
        examples.append(_mirrored(_labelled(planes, strip, truth), rng))
    return examples


def rows_of(strip: Strip, truth: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the row of the truth (n, 2) at each station, its line continued; and where along the truth ends."""
    along, out = strip.place(truth)
    slopes = [np.polyfit(along[part], out[part], 1)[0] for part in (slice(0, 6), slice(-6, None))]
    stretched = np.concatenate([[along[0] - 1], along, [along[-1] + 1]])
    continued = np.concatenate([[out[0] - slopes[0]], out, [out[-1] + slopes[1]]])
    at = np.interp(STATIONS_AT, stretched, continued)
    return strip.row(at), along[[0, -1]]


def _labelled(planes: Levels, strip: Strip, truth: Points) -> Example:
    rows, (first, last) = rows_of(strip, truth)
    counts = np.where((first <= STATIONS_AT) & (last >= STATIONS_AT), 1.0, _BEYOND)
    counts[(rows < 0) | (rows > ACROSS - 1)] = 0
    return Example(planes=planes, rows=rows.astype(np.float32), counts=counts.astype(np.float32))


def _off(corners: Points, share: float, rng: random.Random) -> Points:
    """Return the outline with every side shifted and turned by up to about the reach."""
    strips = strips_of(corners, share)
    ends = np.zeros((4, 2))
    for at, strip in enumerate(strips):
        shift = rng.uniform(-_SHIFTED, _SHIFTED)
        ends[at] = [(shift + rng.uniform(-_TURNED, _TURNED)) * strip.reach for _ in range(2)]
    moved = [ends[at, 0] * strips[at].outward + ends[at - 1, 1] * strips[at - 1].outward for at in range(4)]
    return np.asarray(corners + np.array(moved))


def _mirrored(example: Example, rng: random.Random) -> Example:
    if rng.random() < 0.5:
        return example
    planes = np.ascontiguousarray(example.planes[:, :, ::-1])
    return Example(planes=planes, rows=example.rows[::-1].copy(), counts=example.counts[::-1].copy())


def _tables(rng: random.Random) -> Pixels:
    """Return other colours and light as a table of levels, (1, 256, 3)."""
    gains = [rng.uniform(0.85, 1.12) * 255 for _ in range(3)]
    curve = (np.arange(256) / 255) ** rng.uniform(0.7, 1.4) * rng.uniform(0.75, 1.15)
    tables = np.stack([np.clip(curve * gain, 0, 255) for gain in gains], axis=-1)
    if rng.random() < _COLOURLESS:
        tables[:] = tables.mean(axis=1, keepdims=True)
    return np.ascontiguousarray(tables[None].astype(np.uint8))


def _recoloured(view: Pixels, tables: Pixels, noise: float, rng: random.Random) -> Pixels:
    lit = cv2.LUT(view, tables)
    if noise:
        lit = np.clip(lit + np.random.default_rng(rng.getrandbits(40)).normal(0, noise, lit.shape), 0, 255)
    return lit.astype(np.uint8)
