"""What a camera's picture of the target says: focus, place and perspective, light; each beside its limit.

| figure | limit |
|---|---|
| blur | 10 to 90 % of a mark's black edge within 0.8 mm on the paper, at the worst mark |
| resolution | at least 3 pixels a mm: a card held half as far away has 6, its code's modules of 0.35 mm have 2 |
| fill | the marks' frame takes 40 to 95 % of the picture's width or height, whichever it fills more |
| off middle | the frame's middle within 15 % of the picture's, across and down |
| roll | at most 5° |
| keystone | opposite sides of the frame differ by at most 10 % |
| bend | the marks' corners lie within 1 mm (root mean square) of one plane's picture |
| white, black | bare paper 140 to 250 (of 255) at five places, ink ≤ 90 |
| unevenness | bare paper differs by at most 50 over the page |
| cast | the three colours of bare paper differ by at most 30 |
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from provisioning.calibration import target
from provisioning.calibration.figure import Figure
from provisioning.calibration.judge import Pixels, Points, TargetNotSeen, markers
from provisioning.calibration.picture import PICTURE_WIDTH, with_figures
from provisioning.calibration.target import CENTRES_MM, MARKER_MM, Field

_CORNERS = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * MARKER_MM / 2
_ALONG = np.linspace(0.2, 0.8, 60)
_CELL = 1 / 6
"""A mark's black border is one of its six cells wide."""
_FOCUS = "Focus: turn the lens until the target's edges are sharp, wipe its glass, and hold the target still"
_NEARER = "Distance: hold the target so that its frame of marks fills most of the picture"
_AIM = "Aim: turn the camera in its mount until the target stands upright in the picture's middle"
_SQUARE = "Perspective: hold the target square to the camera; if it was, the camera is tilted in its mount"
_FLAT = "Bend: lay the target flat on a board; if it was flat, this lens bends too much: replace it"
_LIGHT = "Light: see that no window or lamp shines into the lens or on half of the target, and that the room is lit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The target in a picture: each mark's corners in pixels, and the map (3×3) from the page's mm to pixels."""

    marks: dict[int, Points]
    placed: Points

    def at(self, mm: Points) -> Points:
        """Return where points of the page, (n, 2) in mm, lie in the picture, in pixels."""
        return np.asarray(cv2.perspectiveTransform(mm[None].astype(np.float64), self.placed)[0], dtype=np.float64)

    @property
    def frame(self) -> Points:
        """The four marks' centres in pixels, clockwise from the upper left."""
        return self.at(np.array([CENTRES_MM[number] for number in sorted(CENTRES_MM)]))


def find(pixels: Pixels) -> Seen:
    """Return where the target lies in an RGB picture; raise TargetNotSeen."""
    marks = markers(pixels)
    if missing := len(CENTRES_MM) - len(marks):
        raise TargetNotSeen(
            f"{missing} of the target's 4 corner marks are not to be seen. Hold the whole page before the camera, "
            "flat, upright and lit, wipe the camera's glass, and see that nothing covers a corner."
        )
    true = np.vstack([CENTRES_MM[number] + _CORNERS for number in marks])
    placed, _ = cv2.findHomography(true, np.vstack(list(marks.values())))
    return Seen(marks=marks, placed=np.asarray(placed, dtype=np.float64))


def camera(pixels: Pixels, seen: Seen) -> list[Figure]:
    """Return what the picture says of the camera, the target being true."""
    return [*_focus(pixels, seen), *_place(pixels, seen), *_shape(seen), *_light(pixels, seen)]


def drawn(pixels: Pixels, seen: Seen, figures: Iterable[Figure]) -> Pixels:
    """Return the picture, PICTURE_WIDTH wide and blue first, with what was found; its figures stand below."""
    ratio = PICTURE_WIDTH / pixels.shape[1]
    small = cv2.resize(pixels, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    shown = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    for corners in (*seen.marks.values(), seen.frame):
        cv2.polylines(shown, [np.round(corners * ratio).astype(np.int32)], True, (0, 0, 255), 2, cv2.LINE_AA)
    for field in (*target.WHITES, target.STEPS[0]):
        cv2.polylines(shown, [np.round(_rim(seen, field) * ratio).astype(np.int32)], True, (200, 120, 0), 2)
    return with_figures(shown.astype(np.uint8), figures)


def _focus(pixels: Pixels, seen: Seen) -> list[Figure]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    sizes_px = {number: _sides(corners).mean() for number, corners in seen.marks.items()}
    blur_mm = max(_blur(grey, seen.marks[number]) * MARKER_MM / size_px for number, size_px in sizes_px.items())
    finest = min(sizes_px.values()) / MARKER_MM
    return [
        Figure(name="blur", value=blur_mm, unit="mm", least=0.0, most=0.8, remedy=_FOCUS),
        Figure(name="resolution", value=float(finest), unit="px/mm", least=3.0, most=60.0, remedy=_NEARER),
    ]


def _place(pixels: Pixels, seen: Seen) -> list[Figure]:
    size = np.array([pixels.shape[1], pixels.shape[0]])
    fill = float((np.ptp(seen.frame, axis=0) / size).max() * 100)
    right, below = ((seen.frame.mean(axis=0) / size - 0.5) * 100).tolist()
    return [
        Figure(name="fill", value=fill, unit="%", least=40.0, most=95.0, remedy=_NEARER),
        Figure(name="off middle across", value=right, unit="%", least=-15.0, most=15.0, remedy=_AIM),
        Figure(name="off middle down", value=below, unit="%", least=-15.0, most=15.0, remedy=_AIM),
    ]


def _shape(seen: Seen) -> list[Figure]:
    above, right, below, left = _sides(seen.frame).tolist()
    x, y = (seen.frame[1] - seen.frame[0] + seen.frame[2] - seen.frame[3]).tolist()
    true = np.vstack([CENTRES_MM[number] + _CORNERS for number in seen.marks])
    back = cv2.perspectiveTransform(np.vstack(list(seen.marks.values()))[None], np.linalg.inv(seen.placed))[0]
    bend_mm = float(np.sqrt(np.mean(np.sum((back - true) ** 2, axis=1))))
    return [
        Figure(name="roll", value=float(np.degrees(np.arctan2(y, x))), unit="°", least=-5.0, most=5.0, remedy=_AIM),
        _keystone("keystone across", left / right),
        _keystone("keystone down", above / below),
        Figure(name="bend", value=bend_mm, unit="mm", least=0.0, most=1.0, remedy=_FLAT),
    ]


def _light(pixels: Pixels, seen: Seen) -> list[Figure]:
    whites = [_mean(pixels, seen, field) for field in target.WHITES]
    levels = [float(white.mean()) for white in whites]
    cast = max(float(np.ptp(white)) for white in whites)
    ink = float(_mean(pixels, seen, target.STEPS[0]).mean())
    return [
        Figure(name="darkest white", value=min(levels), unit="", least=140.0, most=250.0, remedy=_LIGHT),
        Figure(name="brightest white", value=max(levels), unit="", least=140.0, most=250.0, remedy=_LIGHT),
        Figure(name="black", value=ink, unit="", least=0.0, most=90.0, remedy=_LIGHT),
        Figure(name="unevenness", value=max(levels) - min(levels), unit="", least=0.0, most=50.0, remedy=_LIGHT),
        Figure(name="colour cast", value=cast, unit="", least=0.0, most=30.0, remedy=_LIGHT),
    ]


def _keystone(name: str, ratio: float) -> Figure:
    return Figure(name=name, value=(ratio - 1) * 100, unit="%", least=-10.0, most=10.0, remedy=_SQUARE)


def _sides(corners: Points) -> Points:
    """Return the lengths of a polygon's sides, the first from its first corner to its second."""
    return np.asarray(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1))


def _blur(grey: Pixels, corners: Points) -> float:
    """Return the median over a mark's sides of the way in pixels from 10 to 90 % of its edge's rise."""
    return float(np.median([_rise(grey, corners[side], corners[(side + 1) % 4]) for side in range(4)]))


def _rise(grey: Pixels, start: Points, end: Points) -> float:
    """Return the way across the edge from `start` to `end`, black on the right hand, from 10 to 90 % of its rise.

    The profile is the mean over many places along the edge: as it does not run along the pixels' rows, it is finer than
    one pixel (the slanted edge of ISO 12233).
    """
    length = float(np.linalg.norm(end - start))
    outwards = np.array([(end - start)[1], -(end - start)[0]]) / length
    reach = np.linspace(-0.8, 0.8, 161) * _CELL * length
    places = (start + _ALONG[:, None] * (end - start))[:, None] + reach[:, None] * outwards
    profile = _sampled(grey, places).mean(axis=0)
    black, white = profile[:15].mean(), profile[-15:].mean()
    if white <= black:
        return float(np.ptp(reach))
    risen = (profile - black) / (white - black)
    last_low, first_high = np.flatnonzero(risen < 0.1)[-1], np.flatnonzero(risen > 0.9)[0]
    return float(max(0.0, reach[first_high] - reach[last_low]))


def _mean(pixels: Pixels, seen: Seen, field: Field) -> Points:
    across, down = np.meshgrid(np.linspace(0.2, 0.8, 15), np.linspace(0.2, 0.8, 15))
    page = np.stack([field.x_mm + across * field.wide_mm, field.y_mm + down * field.high_mm], axis=-1)
    return np.asarray(_sampled(pixels, seen.at(page.reshape(-1, 2))[None]).reshape(-1, 3).mean(axis=0))


def _sampled(pixels: Pixels, places: Points) -> Points:
    """Return the picture at places (rows, columns, x and y in pixels), between the pixels too."""
    x, y = places[..., 0].astype(np.float32), places[..., 1].astype(np.float32)
    return np.asarray(cv2.remap(pixels.astype(np.float32), x, y, cv2.INTER_LINEAR), dtype=np.float64)


def _rim(seen: Seen, field: Field) -> Points:
    x0, y0, x1, y1 = field.x_mm, field.y_mm, field.x_mm + field.wide_mm, field.y_mm + field.high_mm
    return seen.at(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
