"""What a hand writes: signatures as pen strokes, and digits filled in by pen."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from .dice import Dice
from .faces import Colour
from .sheet import Sheet, px
from .values import PX_PER_MM, Box, Role

BLUE_INK: Colour = (24, 42, 148)
_SHIFT = 4
Point = tuple[float, float]
Stroke = NDArray[np.float64]
"""Points of one stroke, shape (n, 2), in a unit of the stroke's own height, y down."""

_DIGITS: dict[str, tuple[Sequence[Point], ...]] = {
    "0": (((0.5, 0), (0.1, 0.3), (0.12, 0.8), (0.4, 1), (0.68, 0.7), (0.62, 0.2), (0.42, 0)),),
    "1": (((0.2, 0.22), (0.45, 0), (0.42, 0.5), (0.4, 1)),),
    "2": (((0.12, 0.22), (0.35, 0), (0.62, 0.2), (0.4, 0.6), (0.08, 0.98), (0.35, 0.95), (0.7, 0.97)),),
    "3": (((0.15, 0.1), (0.45, 0), (0.6, 0.2), (0.32, 0.46), (0.62, 0.7), (0.42, 1), (0.08, 0.9)),),
    "4": (((0.42, 0), (0.1, 0.62), (0.7, 0.6)), ((0.52, 0.35), (0.48, 0.7), (0.46, 1))),
    "5": (
        ((0.22, 0.05), (0.16, 0.45), (0.45, 0.4), (0.64, 0.68), (0.4, 1), (0.08, 0.92)),
        ((0.22, 0.05), (0.64, 0.02)),
    ),
    "6": (((0.55, 0), (0.2, 0.4), (0.12, 0.8), (0.38, 1), (0.6, 0.75), (0.38, 0.55), (0.15, 0.75)),),
    "7": (((0.1, 0.06), (0.38, 0.05), (0.66, 0.03), (0.45, 0.5), (0.3, 1)),),
    "8": (((0.55, 0.12), (0.3, 0), (0.15, 0.22), (0.55, 0.65), (0.4, 1), (0.12, 0.8), (0.5, 0.35), (0.58, 0.1)),),
    "9": (((0.58, 0.2), (0.3, 0), (0.12, 0.28), (0.35, 0.48), (0.6, 0.2), (0.56, 0.6), (0.4, 1)),),
}


def sign(
    sheet: Sheet, stream: Dice, x: float, y: float, width: float, ink: Colour = BLUE_INK, *, nib: float = 0.52
) -> None:
    """Sign by pen from x, y (mm, left end of the middle line) over a width; recorded as mark `signature`."""
    scale = px(width)
    margin = round(scale * 0.5)
    alpha = np.zeros((2 * margin, scale + margin), dtype=np.uint8)
    for stroke in _signature(stream):
        _draw(alpha, stroke * scale + np.array([margin / 2, margin]), nib * stream.uniform(0.8, 1.2))
    used = cv2.boundingRect(alpha)
    left, top, wide, high = used
    part = alpha[top : top + high, left : left + wide].astype(np.float32) / 255 * 0.93
    box = sheet.press(part, px(x) - margin // 2 + left, px(y) - margin + top, ink)
    sheet.mark("signature", box)


def write_digits(sheet: Sheet, stream: Dice, x: float, y: float, digits: str, height: float = 4.2) -> float:
    """Write digits by pen on a baseline; record one pen line; return the width in mm."""
    size = px(height)
    pitch = round(size * 0.74)
    alpha = np.zeros((size * 2, pitch * len(digits) + size), dtype=np.uint8)
    for number, digit in enumerate(digits):
        for shape in _DIGITS[digit]:
            wobble = np.array([[stream.gauss(0, 0.025), stream.gauss(0, 0.025)] for _ in shape])
            stroke = _smooth(np.array(shape) + wobble)
            stroke[:, 0] += (1 - stroke[:, 1]) * 0.12
            _draw(alpha, stroke * size + np.array([number * pitch + size * 0.2, size * 0.5]), 0.5)
    box = sheet.press(alpha.astype(np.float32) / 255 * 0.92, px(x), px(y) - round(size * 1.5), BLUE_INK)
    tight = cv2.boundingRect(alpha)
    ink_box = (box[0] + tight[0], box[1] + tight[1], box[0] + tight[0] + tight[2], box[1] + tight[1] + tight[3])
    sheet.note_line(digits, ink_box, Role.PEN)
    return pitch * len(digits) / PX_PER_MM


def strike_digit(
    sheet: Sheet, stream: Dice, digit: str, foot: tuple[int, int], height_px: int, ink: Colour = BLUE_INK
) -> Box:
    """Write one digit over what stands there, its lower left at `foot` (pixels); return the box it took."""
    alpha = np.zeros((height_px * 2, height_px * 2), dtype=np.uint8)
    for shape in _DIGITS[digit]:
        wobble = np.array([[stream.gauss(0, 0.03), stream.gauss(0, 0.03)] for _ in shape])
        size = height_px * stream.uniform(0.97, 1.1)
        _draw(alpha, _smooth(np.array(shape) + wobble) * size + height_px * 0.4, stream.uniform(0.3, 0.42))
    left, top, wide, high = cv2.boundingRect(alpha)
    part = alpha[top : top + high, left : left + wide].astype(np.float32) / 255 * stream.uniform(0.82, 0.94)
    return sheet.press(part, foot[0] + stream.randint(-2, 2), foot[1] - high + stream.randint(-1, 2), ink)


def _signature(stream: Dice) -> list[Stroke]:
    """Return a signature's strokes in units of its width: an initial, waves or loops, and a flourish back and forth."""
    body = stream.choice((_waves, _loops))(stream)
    strokes = [_initial(stream), body, _flourish(stream, body[-1])]
    if stream.random() < 0.4:
        strokes.append([(0.3, 0.09), (0.6, -0.02), (0.95, -stream.uniform(0.05, 0.16))])
    slant, tilt = stream.uniform(0.05, 0.35), stream.uniform(-0.14, 0.06)
    skew = np.array([[1.0, tilt], [-slant, 1.0]])
    return [_smooth(np.array(points)) @ skew for points in strokes]


def _initial(stream: Dice) -> list[Point]:
    top, foot = -stream.uniform(0.18, 0.3), stream.uniform(0.06, 0.2)
    shape = [(0.16, 0.12), (0.05, -0.02), (0.13, top), (0.2, -0.1), (0.14, foot), (0.04, 0.08)]
    return [*shape[stream.randrange(3) :], (0.12, -0.02), (0.24, -stream.uniform(0.02, 0.08))]


def _waves(stream: Dice) -> list[Point]:
    points, x, height = [(0.24, -0.05)], 0.26, stream.uniform(0.05, 0.13)
    while x < 0.72:
        points += [(x, stream.uniform(0.0, 0.05)), (x + 0.03, -height * stream.uniform(0.5, 1.6))]
        x += stream.uniform(0.045, 0.1)
        height *= stream.uniform(0.75, 1.0)
    return points


def _loops(stream: Dice) -> list[Point]:
    turns, reach = stream.randint(3, 5), stream.uniform(0.06, 0.1)
    angles = np.linspace(0, 2 * math.pi * turns, 7 * turns)
    return [
        (
            0.26 + 0.42 * i / len(angles) + reach * math.sin(a),
            -0.04 - 0.8 * reach * math.cos(a) * (1 - 0.6 * i / len(angles)),
        )
        for i, a in enumerate(angles)
    ]


def _flourish(stream: Dice, start: Point) -> list[Point]:
    back, low = stream.uniform(0.05, 0.4), stream.uniform(0.1, 0.18)
    return [start, (0.8, 0.08), (0.45, low), (back, low - 0.01), (0.6, 0.1), (1.0, stream.uniform(-0.08, 0.08))]


def _smooth(points: NDArray[np.float64], steps: int = 14) -> Stroke:
    """Return a Catmull-Rom curve through the points."""
    padded = np.vstack([points[0], points, points[-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, points[-1:]])


def _draw(alpha: NDArray[np.uint8], stroke: Stroke, width_mm: float) -> None:
    """Draw a stroke whose width falls with the pen's speed."""
    speed = np.convolve(np.hypot(*np.diff(stroke, axis=0).T), np.ones(15) / 15, mode="same")
    typical = float(np.median(speed)) or 1.0
    fixed = np.round(stroke * (1 << _SHIFT)).astype(np.int32)
    for start, end, pace in zip(fixed, fixed[1:], speed, strict=False):
        slow = math.exp(-0.35 * (float(pace) / typical - 1))
        thickness = max(2, round(width_mm * PX_PER_MM * min(1.35, max(0.6, slow))))
        cv2.line(alpha, start.tolist(), end.tolist(), (255,), thickness, cv2.LINE_AA, _SHIFT)
