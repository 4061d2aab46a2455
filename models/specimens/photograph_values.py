"""What a photograph of a paper is: the picture, where the paper lies in it, and what makes it hard."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .photograph_ground import Ground

Pixels = NDArray[np.uint8]
Spot = tuple[float, float]
Outline = tuple[Spot, Spot, Spot, Spot]
"""Corners in pixels: the paper's own top left, top right, bottom right, bottom left."""


class PhotoFlaw(StrEnum):
    """What makes a photograph hard; the comment gives the unit of its strength."""

    BLUR = "blur"  # standard deviation, mm on the paper
    MOTION = "motion"  # length of the streak, mm on the paper
    GLARE = "glare"  # share of the paper burnt out
    SHADOW = "shadow"  # greatest share of light taken from the paper
    HAND = "hand"  # share of the paper covered
    TWO_PAPERS = "two-papers"  # share of the second paper that is in the picture
    CURL = "curl"  # height of the bulge, mm
    CURLED_CORNER = "curled-corner"  # height of the corner, mm
    CUT_OFF = "cut-off"  # share of the paper outside the picture
    LENS = "lens"  # how far the lens moves a corner of the picture, share of its distance from the middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """A picture and its truth: the paper's flat outline, other papers, true size in mm, turn, tilt, dpi and flaws.

    `outline` follows the paper as printed, so that `turned_deg` (clockwise) is how far it is turned in the picture;
    `sides` are points along each of its sides (4, n, 2), bent as curl and lens bend them, a lifted corner pressed down;
    `dpi` is how many pixels an inch of the paper has on average; `covers` shows (255) where hand and glare are.
    """

    picture: Image.Image
    ground: Ground
    outline: Outline
    sides: NDArray[np.float64]
    others: tuple[Outline, ...]
    size_mm: tuple[float, float]
    turned_deg: float
    tilt_deg: float
    dpi: float
    flaws: Mapping[PhotoFlaw, float]
    covers: Mapping[PhotoFlaw, Pixels]
