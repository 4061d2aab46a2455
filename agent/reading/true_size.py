"""How large a paper in a photograph is: its shape from perspective, its size from the formats that papers have.

A camera of unknown height can't tell A4 from A5 or a passport's page (ISO 216 and B7 share one shape): what has that
shape is taken to be A4, so that print comes out too large and never too small.
"""

import math

import numpy as np
from numpy.typing import NDArray

from agent.reading.outline import Quad

FORMATS_MM = ((297.0, 210.0), (85.6, 53.98))
"""Long and short side: A4 (ISO 216) and ID-1 cards (ISO/IEC 7810)."""

_LOG_ASPECTS = np.log([long / short for long, short in FORMATS_MM])
_FOCAL_SHARES = np.geomspace(0.55, 2.2, 19)
_USUAL_FOCAL = math.log(0.95)  # of the picture's long side: the main camera of phones and kiosks
_FOCAL_SPREAD, _ASPECT_SPREAD, _ANGLE_SPREAD = 0.35, 0.03, 0.02
_FARTHEST = 0.085

Quads = NDArray[np.float64]
"""Several outlines, shape (n, 4, 2)."""


def size_mm(corners: Quad, width_px: int, height_px: int) -> tuple[float, float]:
    """Return the true width and height of the paper with these corners; of another shape, as long as A4."""
    unlikely, aspects = _fits(corners[None], width_px, height_px)
    focal, form = np.unravel_index(int(unlikely[0].argmin()), unlikely.shape[1:])
    aspect = float(aspects[0, focal])
    long, short = FORMATS_MM[form]
    if abs(abs(math.log(aspect)) - _LOG_ASPECTS[form]) > _FARTHEST:
        long = FORMATS_MM[0][0]
        short = long / max(aspect, 1 / aspect)
    return (long, short) if aspect > 1 else (short, long)


def misfits(quads: Quads, width_px: int, height_px: int) -> NDArray[np.float64]:
    """Return for each outline how unlike a paper of a known format it is: 0 alike, 1 as much as one spread off."""
    return np.asarray(_fits(quads, width_px, height_px)[0].min(axis=(1, 2)))


def _fits(quads: Quads, width_px: int, height_px: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how unlikely each focal length and format is (n, focals, formats), and the aspects (n, focals)."""
    aspects, cosines = _shapes(quads - np.array([width_px, height_px]) / 2, _FOCAL_SHARES * max(width_px, height_px))
    odd = (np.log(_FOCAL_SHARES) - _USUAL_FOCAL) ** 2 / _FOCAL_SPREAD**2 + (cosines / _ANGLE_SPREAD) ** 2
    off = (np.abs(np.log(aspects))[..., None] - _LOG_ASPECTS) / _ASPECT_SPREAD
    return odd[..., None] + off**2, aspects


def _shapes(quads: Quads, focals_px: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return width over height, and the cosine between the sides, of the rectangles seen at these corners.

    The corners count from the picture's middle; both results have the shape (n, focals). Source: Zhang & He,
    MSR-TR-2003-39.
    """
    one, two, three, four = (_rays(quads[:, at], focals_px) for at in range(4))
    diagonal = np.cross(one, three)
    across = _ratio(diagonal, four, np.cross(two, three))[..., None] * two - one
    down = _ratio(diagonal, two, np.cross(four, three))[..., None] * four - one
    width, height = (np.maximum(np.linalg.norm(side, axis=-1), 1e-9) for side in (across, down))
    return width / height, (across * down).sum(axis=-1) / (width * height)


def _rays(points: NDArray[np.float64], focals_px: NDArray[np.float64]) -> NDArray[np.float64]:
    flat = points[:, None] / focals_px[None, :, None]
    return np.concatenate([flat, np.ones((*flat.shape[:2], 1))], axis=2)


def _ratio(
    diagonal: NDArray[np.float64], corner: NDArray[np.float64], side: NDArray[np.float64]
) -> NDArray[np.float64]:
    below = (side * corner).sum(axis=-1)
    return np.asarray((diagonal * corner).sum(axis=-1) / np.where(np.abs(below) < 1e-12, 1e-12, below))
