"""Digits as a pen fills them into a form: strokes with a hand's slant, size and tremor."""

import random
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["PEN_CHARS", "pen_line"]

Points = list[tuple[float, float]]

# Strokes as x,y in hundredths of a digit's height, y downwards from its top; "|" lifts the pen.
_DIGITS = """
0 30,0 10,15 3,50 12,90 30,100 50,88 57,50 48,12 30,0
1 12,22 34,0 32,100
2 8,20 22,2 45,5 50,28 30,62 4,98 30,93 58,97
3 10,10 30,0 50,13 42,38 24,46 47,55 53,80 30,100 5,90
4 36,0 20,35 3,65 60,62 | 44,30 42,100
5 52,2 16,3 12,42 35,38 53,60 45,90 22,100 5,88
6 46,2 20,25 5,62 12,92 32,100 52,85 48,58 28,50 8,68
7 5,4 30,6 55,2 40,40 24,100
8 50,14 30,0 10,14 18,38 42,55 53,80 30,100 7,82 18,55 44,36 50,14
9 50,20 30,0 10,12 8,38 28,50 48,36 52,14 50,60 38,100
/ 50,-5 5,110
- 8,55 50,52
. 25,97 29,100
, 28,94 20,114
"""


def _strokes(drawing: str) -> list[Points]:
    points = [[point.split(",") for point in stroke.split()] for stroke in drawing.split("|")]
    return [[(int(x) / 100, int(y) / 100) for x, y in stroke] for stroke in points]


_STROKES = {line[0]: _strokes(line[1:]) for line in _DIGITS.strip().splitlines()}
PEN_CHARS = frozenset(_STROKES) | {" "}
"""What the pen can write."""

_ROUNDING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hand:
    """One writing: digit height and advance in pixels, shift to the right per height, pen width in pixels."""

    height: float
    advance: float
    slant: float
    thick: int


def pen_line(rng: random.Random, text: str, em_px: int) -> tuple[npt.NDArray[np.uint8], int]:
    """Coverage [height, width] of a text of PEN_CHARS and the rows of it above the baseline."""
    height = em_px * rng.uniform(0.6, 0.85)
    hand = _Hand(
        height=height,
        advance=height * rng.uniform(0.6, 0.85),
        slant=rng.uniform(-0.05, 0.35),
        thick=max(1, round(em_px * rng.uniform(0.04, 0.1))),
    )
    above = round(1.2 * height)
    cover = np.zeros((round(1.6 * height), round(hand.advance * (len(text) + 1))), np.uint8)
    for index, char in enumerate(text):
        left = hand.advance * (index + 0.3 + rng.uniform(-0.06, 0.06))
        _write(rng, cover, char, hand, (left, above - height * rng.uniform(0.94, 1.04)))
    return cover, above


def _write(
    rng: random.Random, cover: npt.NDArray[np.uint8], char: str, hand: _Hand, corner: tuple[float, float]
) -> None:
    scale = hand.height * rng.uniform(0.9, 1.06)
    for stroke in _STROKES.get(char, []):
        points = _curve([_shaken(rng, point) for point in stroke])
        x = corner[0] + scale * (points[:, 0] + hand.slant * (1 - points[:, 1]))
        y = corner[1] + scale * points[:, 1]
        eighths = np.round(8 * np.stack([x, y], 1)).astype(np.int32)
        cv2.polylines(cover, [eighths], False, (255,), hand.thick, cv2.LINE_AA, 3)


def _shaken(rng: random.Random, point: tuple[float, float]) -> tuple[float, float]:
    return point[0] + rng.gauss(0, 0.025), point[1] + rng.gauss(0, 0.03)


def _curve(points: Points) -> npt.NDArray[np.float64]:
    """Chaikin's corner cutting: a smooth stroke through the neighbourhood of its points."""
    curve = np.array(points)
    for _ in range(_ROUNDING if len(points) > 2 else 0):
        near, far = 0.75 * curve[:-1] + 0.25 * curve[1:], 0.25 * curve[:-1] + 0.75 * curve[1:]
        curve = np.concatenate([curve[:1], np.stack([near, far], 1).reshape(-1, 2), curve[-1:]])
    return curve
