"""A simplified state emblem: star, ears of rice, cogwheel, and a ribbon that says MẪU (never the true emblem)."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .faces import Family, font

_OVERSAMPLE = 3


@cache
def emblem(size_px: int) -> NDArray[np.float32]:
    """Return the emblem as ink strength 0..1, shape (size, size)."""
    side = size_px * _OVERSAMPLE
    image = Image.new("L", (side, side))
    pen = ImageDraw.Draw(image)
    pen.ellipse(_disc(side, 0.5, 0.46, 0.30), outline=255, width=max(1, side // 90))
    pen.polygon(star(side * 0.5, side * 0.34, side * 0.15), fill=255)
    _rays(pen, side)
    for sign in (-1, 1):
        _ear_of_rice(pen, side, sign)
    _cogwheel(pen, side)
    _ribbon(pen, side)
    return np.asarray(image.resize((size_px, size_px), Image.Resampling.LANCZOS), dtype=np.float32) / 255


def star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Return the corners of an upright five-pointed star."""
    radii = (radius, radius * 0.382)
    angles = (math.pi * (i / 5 - 0.5) for i in range(10))
    return [(x + radii[i % 2] * math.cos(a), y + radii[i % 2] * math.sin(a)) for i, a in enumerate(angles)]


def _disc(side: int, x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return side * (x - radius), side * (y - radius), side * (x + radius), side * (y + radius)


def _rays(pen: ImageDraw.ImageDraw, side: int) -> None:
    for i in range(26):
        angle = 2 * math.pi * i / 26
        inner, outer = side * 0.17, side * (0.25 if i % 2 else 0.22)
        x, y, dx, dy = side * 0.5, side * 0.35, math.cos(angle), math.sin(angle)
        pen.line((x + inner * dx, y + inner * dy, x + outer * dx, y + outer * dy), fill=150, width=max(1, side // 160))


def _ear_of_rice(pen: ImageDraw.ImageDraw, side: int, sign: int) -> None:
    for number, ring in enumerate((0.345, 0.385, 0.425)):
        for i in range(18):
            angle = math.radians(34 + i * 6.6 + number * 2.5)
            x, y = 0.5 + sign * ring * math.sin(angle), 0.47 + ring * math.cos(angle)
            pen.ellipse(_disc(side, x, y, 0.0155), fill=240)


def _cogwheel(pen: ImageDraw.ImageDraw, side: int) -> None:
    for i in range(11):
        angle = math.radians(180 + i * 18)
        x, y = 0.5 + 0.125 * math.cos(angle), 0.72 + 0.125 * math.sin(angle)
        pen.ellipse(_disc(side, x, y, 0.022), fill=255)
    pen.pieslice(_disc(side, 0.5, 0.72, 0.115), 180, 360, fill=255)
    pen.pieslice(_disc(side, 0.5, 0.72, 0.055), 180, 360, fill=0)


def _ribbon(pen: ImageDraw.ImageDraw, side: int) -> None:
    pen.polygon([(side * x, side * y) for x, y in ((0.2, 0.80), (0.8, 0.80), (0.72, 0.95), (0.28, 0.95))], fill=255)
    face = font(Family.SANS, True, False, max(6, round(side * 0.13)))
    pen.text((side * 0.5, side * 0.925), "MẪU", font=face, fill=0, anchor="ms")
