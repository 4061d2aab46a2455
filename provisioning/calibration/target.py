"""The target: an A4 page with four ArUco markers at known places, a white field and grey steps; drawn at 300 dpi."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

DPI = 300
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
MARKER_MM = 22.0
RULER_MM = 100.0
DICTIONARY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
"""Marker 0 stands at the left on top; the others follow clockwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A rectangle of one shade (0 black, 255 white) on the page, in mm."""

    x_mm: float
    y_mm: float
    wide_mm: float
    high_mm: float
    shade: int


CENTRES_MM: dict[int, tuple[float, float]] = {
    0: (30.0, 35.0),
    1: (180.0, 35.0),
    2: (180.0, 262.0),
    3: (30.0, 262.0),
}
STEPS = tuple(
    Field(x_mm=30.0 + 25.0 * step, y_mm=120.0, wide_mm=25.0, high_mm=25.0, shade=shade)
    for step, shade in enumerate((0, 51, 102, 153, 204, 255))
)
WHITES = tuple(
    Field(x_mm=x, y_mm=y, wide_mm=12.0, high_mm=12.0, shade=255)
    for x, y in ((20.0, 70.0), (178.0, 70.0), (20.0, 215.0), (178.0, 215.0), (99.0, 75.0))
)
"""Bare paper at five places, for how even the light is."""


def pixels() -> NDArray[np.uint8]:
    """Return the page as grey pixels, shape (3508, 2480)."""
    page = Image.new("L", (px(WIDTH_MM), px(HEIGHT_MM)), 255)
    draw = ImageDraw.Draw(page)
    for field in STEPS:
        corners = (px(field.x_mm), px(field.y_mm), px(field.x_mm + field.wide_mm), px(field.y_mm + field.high_mm))
        draw.rectangle(corners, fill=field.shade, outline=0)
    left, top = px(55.0), px(165.0)
    draw.line((left, top, left + px(RULER_MM), top), fill=0, width=3)
    for tick in (0.0, RULER_MM):
        draw.line((left + px(tick), top - 30, left + px(tick), top + 30), fill=0, width=3)
    said = "Trạm: this line must be 100.0 mm long. If it is not, print again at 100 %, unscaled."
    draw.text((left, top + 40), said, fill=0, font=ImageFont.truetype("DejaVuSans.ttf", 34))
    drawn = np.asarray(page, dtype=np.uint8).copy()
    side = px(MARKER_MM)
    for number, (x_mm, y_mm) in CENTRES_MM.items():
        x, y = px(x_mm - MARKER_MM / 2), px(y_mm - MARKER_MM / 2)
        drawn[y : y + side, x : x + side] = cv2.aruco.generateImageMarker(DICTIONARY, number, side)
    return drawn


def pdf() -> bytes:
    """Return the page as PDF of exactly A4's size."""
    out = BytesIO()
    Image.fromarray(pixels()).save(out, "PDF", resolution=float(DPI))
    return out.getvalue()


def px(length_mm: float, dpi: float = DPI) -> int:
    """Return a length in whole pixels."""
    return round(length_mm / 25.4 * dpi)
