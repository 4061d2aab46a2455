"""What a photocopier leaves on the paper between the lines: specks of toner; and whether a scan has any colour."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from agent.reading.values import MM_PER_PX, Cue, Evidence, Line, Pixels

_MARGIN_MM = 4.0
_LARGEST_PX = 12
_DARKER_BY = 55
_MOSTLY = 0.7
_MOST_INK = 0.004  # an ornament breaks into specks as well, but covers more
_SPECKS_A_CM2 = 0.55
_LEAST_CM2 = 40.0
_SAMPLE = 12
_COLOURED = 26
_LEAST_COLOURED = 0.00025


def specks(pixels: Pixels, lines: Sequence[Line]) -> Iterator[Evidence]:
    """Yield the densest empty side of a page where its paper is strewn with toner."""
    sides = [side for side in _empty_sides(pixels, lines) if _cm2(side) > _LEAST_CM2 / 4]
    area_cm2 = sum(map(_cm2, sides))
    counts = [_specks(pixels[y0:y1, x0:x1]) for x0, y0, x1, y1 in sides]
    if area_cm2 < _LEAST_CM2 or sum(counts) < _SPECKS_A_CM2 * area_cm2:
        return
    x0, y0, x1, y1 = sides[int(np.argmax(counts))]
    box = (x0 * MM_PER_PX, y0 * MM_PER_PX, x1 * MM_PER_PX, y1 * MM_PER_PX)
    score = min(1.0, sum(counts) / area_cm2 / _SPECKS_A_CM2 / 3)
    yield Evidence(what=Cue.TONER, box=box, score=score, words="nhiều chấm mực li ti trên nền giấy")


def no_colour(pixels: Pixels) -> Iterator[Evidence]:
    """Yield the whole page where it has no colour at all: then no red seal and no blue ink can be seen."""
    few = pixels[::_SAMPLE, ::_SAMPLE]
    spread = few.max(axis=2) - few.min(axis=2)
    if (spread > _COLOURED).mean() < _LEAST_COLOURED:
        box = (0.0, 0.0, pixels.shape[1] * MM_PER_PX, pixels.shape[0] * MM_PER_PX)
        yield Evidence(what=Cue.NO_COLOUR, box=box, score=1.0, words="ảnh không có màu")


def _empty_sides(pixels: Pixels, lines: Sequence[Line]) -> list[tuple[int, int, int, int]]:
    """Return the margins that no line reaches: left, right and bottom (px)."""
    height, width = pixels.shape[:2]
    edge = round(_MARGIN_MM / MM_PER_PX)
    boxes = np.array([line.box for line in lines] or [(width, height, 0, 0)]) / MM_PER_PX
    left, right, low = (int(side) for side in (boxes[:, 0].min(), boxes[:, 2].max(), boxes[:, 3].max()))
    tall = (edge, height - edge)
    sides = [
        (edge, tall[0], left - edge, tall[1]),
        (right + edge, tall[0], width - edge, tall[1]),
        (max(edge, left - edge), low + edge, right + edge, tall[1]),
    ]
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in sides if x1 > x0 and y1 > y0]


def _cm2(side: tuple[int, int, int, int]) -> float:
    return (side[2] - side[0]) * (side[3] - side[1]) * MM_PER_PX**2 / 100


def _specks(part: Pixels) -> int:
    red, green, blue = cv2.split(part)
    brightest = cv2.max(cv2.max(red, green), blue)  # coloured ink is bright in one channel, toner in none
    if (brightest[::3, ::3] < np.median(brightest[::3, ::3]) - _DARKER_BY / 2).mean() > _MOST_INK:
        return 0
    dark = (cv2.morphologyEx(brightest, cv2.MORPH_BLACKHAT, np.ones((7, 7), np.uint8)) > _DARKER_BY).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    small = stats[1:, cv2.CC_STAT_AREA] <= _LARGEST_PX
    return int(small.sum()) if small.sum() > _MOSTLY * len(small) else 0
