"""The round red seal of an agency: two rings, a legend along them, an emblem or a star in the middle."""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .dice import Dice, clouds, grain
from .emblem import emblem, star
from .faces import Colour, Family, Style, font
from .flow import wrap
from .sheet import Sheet, natural_width, px, tokens
from .values import PX_PER_MM

RED: Colour = (206, 28, 46)
_OVERSAMPLE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SealDesign:
    """What a seal shows: `upper` and `lower` legend, `centre` text (empty = emblem), true diameter (30..42 mm)."""

    upper: str
    lower: str
    centre: str = ""
    diameter_mm: float = 36.0


def press_seal(sheet: Sheet, stream: Dice, design: SealDesign, x: float, y: float, ink: Colour = RED) -> None:
    """Press the seal with its centre at x, y mm: turned a little, unevenly inked; recorded as mark `seal`."""
    alpha = _inked(_turned(_die(design), stream.uniform(-9, 9)), stream)
    half = alpha.shape[0] // 2
    tone = tuple(min(255, max(0, part + stream.randint(-14, 14))) for part in ink)
    box = sheet.press(alpha, px(x) - half, px(y) - half, (tone[0], tone[1], tone[2]))
    sheet.mark("seal", box, f"{design.upper} {design.lower}".strip())


def _turned(die: NDArray[np.float32], degrees: float) -> NDArray[np.float32]:
    size = die.shape[0]
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(die, turn, (size, size), flags=cv2.INTER_LINEAR), dtype=np.float32)


def _inked(die: NDArray[np.float32], stream: Dice) -> NDArray[np.float32]:
    height, width = die.shape
    pressure = 0.62 + 0.38 * np.clip(clouds(stream, height, width, 90) * 1.5, 0, 1)
    speckle = np.clip(1.05 - 0.16 * np.abs(grain(stream, height, width)), 0, 1)
    soft = cv2.GaussianBlur(die, (0, 0), 0.9)
    return np.asarray(np.clip(soft * pressure * speckle * stream.uniform(0.86, 0.98), 0, 1), dtype=np.float32)


@lru_cache(maxsize=64)
def _die(design: SealDesign) -> NDArray[np.float32]:
    size = round((design.diameter_mm + 1) * PX_PER_MM)
    side = size * _OVERSAMPLE
    image = Image.new("L", (side, side))
    radius = design.diameter_mm / 2 * PX_PER_MM * _OVERSAMPLE
    _rings(ImageDraw.Draw(image), side / 2, radius)
    _legend(image, design, radius)
    die: NDArray[np.float32] = np.array(image.resize((size, size), Image.Resampling.LANCZOS), dtype=np.float32) / 255
    _middle(die, design)
    return die


def _rings(pen: ImageDraw.ImageDraw, middle: float, radius: float) -> None:
    for share, width in ((1.0, 0.034), (0.945, 0.012), (0.66, 0.014)):
        reach = radius * share
        box = (middle - reach, middle - reach, middle + reach, middle + reach)
        pen.ellipse(box, outline=255, width=round(radius * width))


def _legend(image: Image.Image, design: SealDesign, radius: float) -> None:
    base, gap = radius * 0.735, 0.24
    room = 2 * math.pi - 4 * gap
    shrink = min(1.0, room / (_span(design.upper, radius * 0.17, base) + _span(design.lower, radius * 0.15, base)))
    upper_size, lower_size = radius * 0.17 * shrink, radius * 0.15 * shrink
    _along(image, design.upper, upper_size, base, upright=True)
    _along(image, design.lower, lower_size, base + lower_size * 0.72, upright=False)
    angle = _span(design.upper, upper_size, base) / 2 + gap if design.lower else math.pi
    middle, pen = image.width / 2, ImageDraw.Draw(image)
    for side in (1, -1):
        x, y = middle + side * base * 1.1 * math.sin(angle), middle - base * 1.1 * math.cos(angle)
        pen.polygon(star(x, y, radius * 0.06), fill=255)


def _angles(text: str, size: float, base: float) -> list[float]:
    """Return the angle that each letter takes on a circle of radius `base`."""
    face = font(Family.SANS, True, False, round(size))
    return [(face.getlength(sign) + size * 0.09) / base for sign in text]


def _span(text: str, size: float, base: float) -> float:
    return sum(_angles(text, size, base))


def _along(image: Image.Image, text: str, size: float, base: float, *, upright: bool) -> None:
    """Set text along the ring, reading outwards at the top or inwards at the bottom."""
    angles = _angles(text, size, base)
    at = -sum(angles) / 2
    for sign, angle in zip(text, angles, strict=True):
        _glyph(image, sign, font(Family.SANS, True, False, round(size)), at + angle / 2, base, upright)
        at += angle


def _glyph(
    image: Image.Image, sign: str, face: ImageFont.FreeTypeFont, angle: float, base: float, upright: bool
) -> None:
    cell = round(base * 0.6)
    tile = Image.new("L", (cell, cell))
    ImageDraw.Draw(tile).text((cell / 2, cell / 2), sign, font=face, fill=255, anchor="ms")
    turn = -math.degrees(angle) if upright else math.degrees(angle)
    turned = tile.rotate(turn, Image.Resampling.BICUBIC)
    middle, up = image.width / 2, -1 if upright else 1
    spot = (round(middle + base * math.sin(angle) - cell / 2), round(middle + up * base * math.cos(angle) - cell / 2))
    image.paste(255, (*spot, spot[0] + cell, spot[1] + cell), turned)


def _middle(die: NDArray[np.float32], design: SealDesign) -> None:
    size = round(design.diameter_mm * 0.58 * PX_PER_MM)
    inset = (die.shape[0] - size) // 2
    picture = _centre_text(design.centre, size) if design.centre else emblem(size)
    room = die[inset : inset + size, inset : inset + size]
    np.maximum(room, picture, out=room)


def _centre_text(text: str, size: int) -> NDArray[np.float32]:
    style = Style(size_pt=8.5, family=Family.SANS, bold=True)
    lines = wrap(tokens(text, style), size / PX_PER_MM * 0.9, 0)
    image = Image.new("L", (size, size))
    pen = ImageDraw.Draw(image)
    top = size / 2 - style.size_px * 1.2 * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        words = " ".join(word for word, _ in line)
        start = size / 2 - natural_width(line) / 2
        pen.text((start, top + number * style.size_px * 1.2), words, font=style.font, fill=255, anchor="lm")
    return np.asarray(image, dtype=np.float32) / 255
