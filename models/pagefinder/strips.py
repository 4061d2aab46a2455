"""What the side finder's net takes: the picture in a strip across one side of a rough outline, from inside out."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.pagefinder.levels import Levels, to_mask

ALONG, ACROSS = 128, 64
"""Columns run along the side, rows across it from inside to outside."""
STATIONS = ALONG // 2
"""The net says for every second column where the paper ends."""
CHANNELS = 8
OVER = 0.06
"""How far the strip goes beyond either corner, of the side."""


def _columns(count: int) -> NDArray[np.float64]:
    return np.asarray(-OVER + (1 + 2 * OVER) * (np.arange(count) + 0.5) / count)


ALONG_AT = _columns(ALONG)
STATIONS_AT = ALONG_AT.reshape(STATIONS, 2).mean(axis=1)
"""Where along the side (0 start, 1 end) columns and stations lie."""
UNKNOWN = 0.5
"""The chance where nothing is known."""

_ROWS = np.arange(ACROSS)
_SUBCOLUMNS = 3
_WINDOWS = ((5, 5), (15, 15))
_FAINT = 2.0

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
Rows = NDArray[np.float64] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The place of a strip: a side from start to end (pixels), how far it reaches to either way (pixels).

    The strip follows a side that bows outwards by `bow` pixels in its middle.
    """

    start: Points
    end: Points
    reach: float
    bow: float = 0.0

    @property
    def outward(self) -> Points:
        """Return the unit vector out of a clockwise outline."""
        way = (self.end - self.start) / max(float(np.linalg.norm(self.end - self.start)), 1e-9)
        return np.array([way[1], -way[0]])

    def point(self, along: NDArray[np.float64], out_px: NDArray[np.float64]) -> Points:
        """Return the points so far along (0…1) and so many pixels outwards of the side, shape (…, 2)."""
        along = np.asarray(along)
        straight = self.start + (self.end - self.start) * along[..., None]
        return np.asarray(straight + self.outward * (out_px + 4 * self.bow * along * (1 - along))[..., None])

    @property
    def row_px(self) -> float:
        """Return how many pixels a row is wide."""
        return 2 * self.reach / ACROSS

    def out_px(self, rows: Rows) -> NDArray[np.float64]:
        """Return how many pixels outwards of the side the middles of rows lie."""
        return np.asarray((rows + 0.5 - ACROSS / 2) * self.row_px, np.float64)

    def row(self, out_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rows, with fraction, whose middles lie so many pixels outwards of the side."""
        return out_px / self.row_px + ACROSS / 2 - 0.5

    def place(self, points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return how far along and how many pixels outwards points lie."""
        way, away = self.end - self.start, points - self.start
        along = away @ way / max(float(way @ way), 1e-9)
        return along, away @ self.outward - 4 * self.bow * along * (1 - along)


def reach_px(quad: Points, share: float) -> float:
    """Return so large a share of the mean side."""
    return share * float(np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).mean())


def strips_of(quad: Points, share: float, bows: Sequence[float] = (0.0,) * 4) -> list[Strip]:
    """Return the four strips of an outline (clockwise, pixels) that reach so far, as a share of its mean side.

    `bows` says how many pixels each side bows outwards in its middle.
    """
    reach = reach_px(quad, share)
    return [Strip(start=quad[at], end=quad[(at + 1) % 4], reach=reach, bow=bows[at]) for at in range(4)]


def shrink_of(reach: float) -> int:
    """Return by what whole factor a picture is to be shrunk before strips of this reach are cut from it."""
    return max(1, int(2 * reach / ACROSS))


def looked_at(shrunk: Pixels, factor: int, strip: Strip) -> tuple[Pixels, NDArray[np.bool_]]:
    """Return the picture in the strip, (ACROSS, ALONG, 3), grey beyond the picture; and what is in the picture.

    `shrunk` is the picture (RGB), each pixel the mean of a square of `factor` pixels.
    """
    whole = strip.point(_columns(ALONG * _SUBCOLUMNS)[None, :], strip.out_px(_ROWS)[:, None])
    spots = ((whole + 0.5) / factor - 0.5).astype(np.float32)
    fine = cv2.remap(
        shrunk, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(128,) * 3
    )
    view = cv2.resize(fine, (ALONG, ACROSS), interpolation=cv2.INTER_AREA).astype(np.uint8)
    middle = spots[:, _SUBCOLUMNS // 2 :: _SUBCOLUMNS]
    inside = ((middle > 0) & (middle < np.array(shrunk.shape[1::-1]) - 1)).all(axis=2)
    return view, inside


def chances_in(paper: Levels, strip: Strip, scale: float) -> Levels:
    """Return the page finder's chances (MASK_PX square) in the strip; `scale` is from picture to square (levels.py)."""
    spots = strip.point(ALONG_AT[None, :], strip.out_px(_ROWS)[:, None])
    cells = to_mask(spots, scale).astype(np.float32)
    at = cells[..., 0], cells[..., 1]
    return np.asarray(cv2.remap(paper, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def planes_of(view: Pixels, inside: NDArray[np.bool_], chances: Levels) -> Levels:
    """Return the strip as the net takes it, (CHANNELS, ACROSS, ALONG): colours, lightness against its surroundings in
    two sizes and warmth in one, in units of how much these vary; what is in the picture; the page finder's chances.
    """  # fmt: skip
    seen = inside.astype(np.float32)
    colours = view.astype(np.float32)
    grey, warmth = colours.mean(axis=2), colours[..., 0] - colours[..., 2]
    contrasts = [_contrast(grey, seen, window) for window in _WINDOWS]
    planes = [*(colours.transpose(2, 0, 1) / 127.5 - 1), *contrasts, _contrast(warmth, seen, _WINDOWS[1])]
    return np.stack([*planes, seen, chances * 2 - 1]).astype(np.float32)


def _contrast(level: Levels, seen: Levels, window: tuple[int, int]) -> Levels:
    share = np.maximum(cv2.blur(seen, window), 1e-3)
    mean = cv2.blur(level * seen, window) / share
    spread = np.sqrt(np.maximum(cv2.blur(level * level * seen, window) / share - mean * mean, 0))
    return np.asarray((level - mean) / (spread + _FAINT) * seen, np.float32)
