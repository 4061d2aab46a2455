"""Printed grounds: guilloche tints, decorated borders, the neutral silhouette, and the mark MẪU."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .dice import Dice
from .faces import Colour, Style
from .sheet import Sheet, px
from .values import Role

MARK_GREY: Colour = (234, 234, 237)


def guilloche(sheet: Sheet, stream: Dice, ink: Colour, *, strength: float = 0.5, pitch_mm: float = 1.5) -> None:
    """Cover the sheet with fine waves of one ink."""
    width, height = sheet.image.size
    alpha = np.zeros((height, width), dtype=np.uint8)
    x = np.arange(-20, width + 20, 10, dtype=np.float64)
    phase, turns = stream.uniform(0, 6.28), stream.uniform(2.2, 3.4)
    pitch = pitch_mm * 300 / 25.4
    for row in np.arange(-6 * pitch, height + 6 * pitch, pitch):
        swing = 3.0 * pitch * np.sin(x / width * turns * 6.28 + phase + row / height * 4)
        ripple = 1.1 * pitch * np.sin(x / width * turns * 31 - row / pitch * 0.7)
        points = np.stack([x, row + swing + ripple], axis=1)
        cv2.polylines(alpha, [np.round(points * 16).astype(np.int32)], False, (255,), 1, cv2.LINE_AA, 4)
    sheet.press(alpha.astype(np.float32) / 255 * strength, 0, 0, ink)


def rosette(sheet: Sheet, x: float, y: float, radius: float, ink: Colour, *, strength: float = 0.4) -> None:
    """Draw a round guilloche figure with its centre at x, y mm."""
    size = 2 * px(radius) + 4
    alpha = np.zeros((size, size), dtype=np.uint8)
    angle = np.linspace(0, 2 * math.pi, 900)
    for share in np.linspace(0.25, 0.95, 14):
        reach = px(radius) * (share + 0.05 * np.sin(angle * 12 + share * 9))
        points = np.stack([size / 2 + reach * np.cos(angle), size / 2 + reach * np.sin(angle)], axis=1)
        cv2.polylines(alpha, [np.round(points * 16).astype(np.int32)], True, (255,), 1, cv2.LINE_AA, 4)
    sheet.press(alpha.astype(np.float32) / 255 * strength, px(x) - size // 2, px(y) - size // 2, ink)


def border(sheet: Sheet, inset: float, ink: Colour, *, band: float = 7.0) -> None:
    """Draw a decorated border `inset` mm from the edge: frames with a chain of loops between them."""
    width, height = (side / 300 * 25.4 for side in sheet.image.size)
    for share, line in ((0.0, 0.7), (0.16, 0.25), (0.84, 0.25), (1.0, 0.5)):
        at = inset + band * share
        sheet.frame(at, at, width - at, height - at, width=line, ink=ink)
    middle, radius = inset + band / 2, band * 0.3
    pen = sheet.pen
    for x, y in _chain(middle, width, height, radius * 1.35):
        box = (px(x - radius), px(y - radius), px(x + radius), px(y + radius))
        pen.ellipse(box, outline=ink, width=2)
        pen.ellipse((box[0] + 7, box[1] + 7, box[2] - 7, box[3] - 7), outline=ink, width=2)


def portrait(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Draw a neutral silhouette: nobody's picture; recorded as mark `portrait`."""
    size = (px(width), px(height))
    image = Image.new("RGB", size, (214, 226, 238))
    pen = ImageDraw.Draw(image)
    grey = (138, 146, 158)
    wide, high = size
    pen.ellipse((wide * 0.29, high * 0.16, wide * 0.71, high * 0.62), fill=grey)
    pen.rectangle((wide * 0.42, high * 0.55, wide * 0.58, high * 0.75), fill=grey)
    pen.ellipse((wide * 0.06, high * 0.68, wide * 0.94, high * 1.4), fill=grey)
    sheet.image.paste(image, (px(x), px(y)))
    sheet.mark("portrait", (px(x), px(y), px(x) + wide, px(y) + high))


def specimen_mark(sheet: Sheet, x: float, y: float, height: float, ink: Colour = MARK_GREY) -> None:
    """Print a large pale slanted MẪU with its centre at x, y mm, below all text; recorded as mark `specimen`."""
    style = Style(size_pt=height * 72 / 25.4, bold=True)
    side = px(height * 3.2)
    tile = Image.new("L", (side, side))
    ImageDraw.Draw(tile).text((side / 2, side / 2), "MẪU", font=style.font, fill=255, anchor="mm")
    alpha: NDArray[np.float32] = np.asarray(tile.rotate(32, Image.Resampling.BICUBIC), dtype=np.float32) / 255
    box = sheet.press(alpha, px(x) - side // 2, px(y) - side // 2, ink)
    sheet.mark("specimen", box, "MẪU")


def specimen_note(sheet: Sheet, x: float, y: float, style: Style, *, align: str = "left") -> None:
    """Print the small line that says that the paper is a specimen; a truth line of role `specimen`."""
    sheet.write(x, y, "MẪU - KHÔNG CÓ GIÁ TRỊ", style, align=align, role=Role.SPECIMEN)


def _chain(inset: float, width: float, height: float, step: float) -> list[tuple[float, float]]:
    across = np.linspace(inset, width - inset, round((width - 2 * inset) / step)).tolist()
    down = np.linspace(inset, height - inset, round((height - 2 * inset) / step)).tolist()
    sides = [(x, y) for x in across for y in (inset, height - inset)]
    return sides + [(x, y) for y in down for x in (inset, width - inset)]
