"""A paper photographed from above: found, flattened to true size, and what spoils the picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.flatten import flattened
from agent.reading.outline import Quad, quads_of
from agent.reading.paper import has_a4_shape
from agent.reading.paper_net import Sight, paper_net
from agent.reading.shot import flaws_of
from agent.reading.sides import Sides, drawn_to_edges
from agent.reading.true_size import size_mm
from agent.reading.values import Pixels, Shot

_RIM_SHARE = 0.01
_ONE_COLOUR = 14
_WHITE = 215
_WHOLE = 0.025
_LEAST_DPI = 40
_MOST_PX = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """A paper flattened at 300 dpi as it lay (its lines may run any way), its own resolution, the picture's flaws."""

    pixels: Pixels
    dpi: int
    flaws: Shot


def photographed(pixels: Pixels) -> Flat | None:
    """Return the paper of a photograph (RGB), the whole picture where none is seen; None for a flat scan.

    A scan has A4's shape, which no camera's picture has, or its rim is of one colour (a lid, or an empty margin) and
    white, or no paper's edges are in it.
    """
    rim = _rim(pixels)
    plain = bool(np.ptp(np.percentile(rim, (4, 96), axis=0), axis=0).max() <= _ONE_COLOUR)
    if has_a4_shape(pixels) or (plain and np.median(rim) >= _WHITE):
        return None
    sight = paper_net().look(pixels)
    guesses = _guesses(sight)
    sides = drawn_to_edges(pixels, sight, guesses) if guesses and not _is_whole(guesses[0], pixels) else None
    if sides is None or not sides.are_seen:
        return None if plain else _without_paper(pixels)
    return _flat(pixels, sight, sides)


def find_sides(pixels: Pixels) -> Sides | None:
    """Return the sides of the largest paper in a photograph (RGB), in its pixels."""
    sight = paper_net().look(pixels)
    guesses = _guesses(sight)
    return drawn_to_edges(pixels, sight, guesses) if guesses else None


def _guesses(sight: Sight) -> list[Quad]:
    return [sight.to_picture(quad) for quad in quads_of(sight.paper)]


def _flat(pixels: Pixels, sight: Sight, sides: Sides) -> Flat:
    height, width = pixels.shape[:2]
    size = size_mm(sides.corners, width, height)
    page = flattened(pixels, sides, size)
    around = float(np.linalg.norm(np.roll(sides.corners, -1, axis=0) - sides.corners, axis=1).sum())
    dpi = max(_LEAST_DPI, round(around / 2 / sum(size) * 25.4))
    return Flat(pixels=page, dpi=dpi, flaws=flaws_of(page, sight, sides.corners, (width, height)))


def _without_paper(pixels: Pixels) -> Flat:
    scale = min(1.0, _MOST_PX / max(pixels.shape[:2]))
    whole = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return Flat(pixels=whole, dpi=round(max(whole.shape) / 297 * 25.4), flaws=Shot(found=False))


def _is_whole(corners: Quad, pixels: Pixels) -> bool:
    """Return whether the paper fills the picture."""
    height, width = pixels.shape[:2]
    own = np.array([(0, 0), (width, 0), (width, height), (0, height)])
    return bool((np.abs(corners - own) < _WHOLE * max(height, width)).all())


def _rim(pixels: Pixels) -> NDArray[np.uint8]:
    """Return the colours along the four sides, each the mean of a small patch, shape (n, 3)."""
    thick = max(1, round(_RIM_SHARE * min(pixels.shape[:2])))
    strips = (pixels[:thick], pixels[-thick:], pixels[:, :thick].swapaxes(0, 1), pixels[:, -thick:].swapaxes(0, 1))
    means = [cv2.resize(strip, (64, 1), interpolation=cv2.INTER_AREA)[0] for strip in strips]
    return np.asarray(np.concatenate(means), np.uint8)
