"""Red seals on a page: found by ink and size, and taken out of what the line reader sees.

An agency's round seal is 36 mm across (30–42 with worn rubber and borders), its ink red (NĐ 30/2020; DOMAIN §3).
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.page import grey_of
from agent.reading.shrink import shrunk
from agent.reading.values import MM_PER_PX, Pixels, Seal

DIAMETER_MM = (28.0, 44.0)

_SHRINK = 4
_LEAST_SATURATION = 70
_LEAST_VALUE = 60
_RED_HUES = (12, 168)  # OpenCV hues run 0…179, red lies at both ends
_RING_MM = 3.0
_LEAST_RING_SHARE = 0.35
_LEAST_ASPECT = 0.75
_SHORTEST_OUTLINE_PX = 100


def red_mask(pixels: Pixels) -> NDArray[np.uint8]:
    """Return 1 where a picture is red ink."""
    hue, saturation, value = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV))
    red = ((hue <= _RED_HUES[0]) | (hue >= _RED_HUES[1])) & (saturation > _LEAST_SATURATION) & (value > _LEAST_VALUE)
    return red.astype(np.uint8)


def find_seals(pixels: Pixels) -> tuple[Seal, ...]:
    """Return the round red seals on a page at 300 dpi, largest first."""
    mask = cv2.morphologyEx(red_mask(shrunk(pixels, _SHRINK)), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    # every outline, not only outer ones: a certificate's red border surrounds its seal
    outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    found = [_as_seal(outline.astype(np.int32)) for outline in outlines if len(outline) >= _SHORTEST_OUTLINE_PX]
    return _apart(sorted((seal for seal in found if seal), key=lambda seal: -seal.diameter_mm))


def grey_without_seals(pixels: Pixels, seals: tuple[Seal, ...]) -> NDArray[np.uint8]:
    """Return the luminance of a page, and where its seals are, its red channel: print under a seal stays."""
    grey = grey_of(pixels)
    for seal in seals:
        x0, y0, x1, y1 = (round(side / MM_PER_PX) for side in seal.box)
        inside = slice(max(0, y0), max(0, y1)), slice(max(0, x0), max(0, x1))
        grey[inside] = pixels[inside][:, :, 0]
    return grey


def _apart(seals: Sequence[Seal]) -> tuple[Seal, ...]:
    """Return the seals without the inner rings of larger ones."""
    kept: list[Seal] = []
    for seal in seals:
        x, y = (seal.box[0] + seal.box[2]) / 2, (seal.box[1] + seal.box[3]) / 2
        if not any(box[0] < x < box[2] and box[1] < y < box[3] for box in (other.box for other in kept)):
            kept.append(seal)
    return tuple(kept)


def _as_seal(outline: NDArray[np.int32]) -> Seal | None:
    (x, y), radius = cv2.minEnclosingCircle(outline)
    mm = MM_PER_PX * _SHRINK
    diameter = 2 * radius * mm
    _, _, width, height = cv2.boundingRect(outline)
    round_enough = min(width, height) > _LEAST_ASPECT * max(width, height)  # stamps in a box are not
    if not (DIAMETER_MM[0] <= diameter <= DIAMETER_MM[1] and round_enough):
        return None
    if _ring_share(outline, x, y, radius) < _LEAST_RING_SHARE:
        return None
    left, top, right, bottom = ((x - radius) * mm, (y - radius) * mm, (x + radius) * mm, (y + radius) * mm)
    return Seal(box=(left, top, right, bottom), diameter_mm=diameter)


def _ring_share(outline: NDArray[np.int32], x: float, y: float, radius: float) -> float:
    """Return the share of the circle's 36 sectors in which the outline comes close to the circle."""
    dx, dy = (outline[:, 0] - (x, y)).T
    near = np.hypot(dx, dy) > radius - _RING_MM / (MM_PER_PX * _SHRINK)
    sectors = np.floor(np.degrees(np.arctan2(dy, dx))[near] / 10)
    return len(np.unique(sectors)) / 36
