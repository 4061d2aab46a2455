"""What scanners, copiers and time do to a page, at the resolution the net sees; levels stay on the paper's grid."""

import random
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from models.linefinder.canvas import Grey

__all__ = ["wear"]

Levels = npt.NDArray[np.float32]


def wear(rng: random.Random, grey: Grey) -> Grey:
    """Return a page worn by a random few of the faults; one in eight stays clean."""
    levels = _toned(rng, grey.astype(np.float32))
    if rng.random() < 0.125:
        return _clipped(levels)
    for chance, fault in _FAULTS:
        if rng.random() < chance:
            levels = fault(rng, levels)
    return _captured(rng, _clipped(levels))


def _clipped(levels: Levels) -> Grey:
    return np.clip(levels, 0, 255).astype(np.uint8)


def _noise(rng: random.Random, shape: tuple[int, ...]) -> Levels:
    return np.random.default_rng(rng.getrandbits(63)).standard_normal(shape, dtype=np.float32)


def _toned(rng: random.Random, levels: Levels) -> Levels:
    """Paper between white and grey, ink between black and pale."""
    paper = rng.uniform(215, 255) if rng.random() < 0.7 else rng.uniform(130, 255)
    ink = rng.uniform(0, 0.35) * paper if rng.random() < 0.85 else rng.uniform(0.3, 0.6) * paper
    return ink + (paper - ink) * levels / 255


def _blurred(rng: random.Random, levels: Levels) -> Levels:
    return cv2.GaussianBlur(levels, (0, 0), rng.uniform(0.3, 1.1)).astype(np.float32)


def _grainy(rng: random.Random, levels: Levels) -> Levels:
    noise = _noise(rng, levels.shape)
    if rng.random() < 0.3:
        noise = 2 * cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.6, 1.5))
    return levels + noise * np.float32(rng.uniform(1, 14))


def _shaded(rng: random.Random, levels: Levels) -> Levels:
    height, width = levels.shape
    across = np.linspace(rng.uniform(-30, 30), rng.uniform(-30, 30), width, dtype=np.float32)
    down = np.linspace(rng.uniform(-30, 30), rng.uniform(-30, 30), height, dtype=np.float32)
    return np.asarray(levels + across[None, :] + down[:, None], np.float32)


def _specked(rng: random.Random, levels: Levels) -> Levels:
    height, width = levels.shape
    for _ in range(rng.randint(5, 400)):
        centre = (rng.randrange(width), rng.randrange(height))
        cv2.circle(levels, centre, rng.choice((0, 0, 0, 1, 1, 2)), (rng.uniform(0, 170),), -1)
    return levels


def _edged(rng: random.Random, levels: Levels) -> Levels:
    """The dark rim of an open lid, on one or two sides."""
    height, width = levels.shape
    for _ in range(rng.choice((1, 1, 2))):
        reach, dark = rng.randint(2, 45), rng.uniform(0, 140)
        side = rng.choice(
            (
                (0, 0, width, reach),
                (0, height - reach, width, height),
                (0, 0, reach, height),
                (width - reach, 0, width, height),
            )
        )
        rough = [
            (side[0], side[1]),
            (side[2], side[1] + rng.randint(-9, 9)),
            (side[2], side[3]),
            (side[0] + rng.randint(-9, 9), side[3]),
        ]
        cv2.fillPoly(levels, [np.array(rough, np.int32)], (dark,))
    return levels


def _folded(rng: random.Random, levels: Levels) -> Levels:
    height, width = levels.shape
    for _ in range(rng.randint(1, 3)):
        y, drift = rng.randrange(height), rng.randint(-8, 8)
        ends = (
            ((0, y), (width, y + drift))
            if rng.random() < 0.7
            else ((rng.randrange(width), 0), (rng.randrange(width), height))
        )
        line = np.zeros_like(levels)
        cv2.line(line, *ends, (rng.uniform(-60, 70),), rng.randint(1, 2), cv2.LINE_AA)
        levels = levels + line
    return levels


def _holed(rng: random.Random, levels: Levels) -> Levels:
    for share in (0.36, 0.64):
        centre = (rng.randint(18, 40), round(share * levels.shape[0]))
        cv2.circle(levels, centre, rng.randint(9, 13), (rng.uniform(0, 255),), -1, cv2.LINE_AA)
    return levels


def _shown_through(rng: random.Random, levels: Levels) -> Levels:
    """The other side of thin paper."""
    paper = float(np.median(levels))
    other = cv2.GaussianBlur(np.roll(levels[:, ::-1], rng.randint(-60, 60), 0), (0, 0), 1.5)
    return np.asarray(np.minimum(levels, paper - (paper - other) * rng.uniform(0.05, 0.2)), np.float32)


def _streaked(rng: random.Random, levels: Levels) -> Levels:
    for _ in range(rng.randint(1, 6)):
        levels[:, rng.randrange(levels.shape[1])] += rng.uniform(-90, 50)
    return levels


_FAULTS: tuple[tuple[float, Callable[[random.Random, Levels], Levels]], ...] = (
    (0.1, _shown_through),
    (0.55, _blurred),
    (0.35, _shaded),
    (0.35, _specked),
    (0.2, _edged),
    (0.15, _folded),
    (0.1, _holed),
    (0.15, _streaked),
    (0.6, _grainy),
)


def _captured(rng: random.Random, grey: Grey) -> Grey:
    chance = rng.random()
    if chance < 0.3:
        encoded = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(25, 90)])[1]
        return cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE).astype(np.uint8)
    if chance < 0.37:
        middle = float(np.median(grey)) * rng.uniform(0.6, 0.8)
        return np.where(grey > middle, 255, 0).astype(np.uint8)
    return grey
