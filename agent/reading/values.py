"""The values that pass between the steps of reading."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from contract.messages import Box, ReadFact, ReadFinding

Pixels = NDArray[np.uint8]
"""An RGB image, shape (height, width, 3)."""

DPI = 300
MM_PER_PX = 25.4 / DPI


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What only a photograph can suffer from, as shares 0…1 of the paper but for the two flags.

    `found` is False where no paper was seen, `outside` lies beyond the picture, `covered` under a hand, `glare` is
    burnt out; `shade` is how much light the darkest part of the paper lacks against the brightest.
    """

    found: bool
    several: bool = False
    outside: float = 0.0
    covered: float = 0.0
    glare: float = 0.0
    shade: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a page is like to read: sharpness and contrast in 0..1, native resolution, share of ink, cut edges.

    `shot` is None for a flat scan.
    """

    sharpness: float
    contrast: float
    source_dpi: int
    ink_share: float
    cut_edges: tuple[str, ...]
    shot: Shot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A paper found, flattened and upright at 300 dpi."""

    pixels: Pixels
    quality: Quality

    @property
    def width_mm(self) -> float:
        """True width."""
        return float(self.pixels.shape[1]) * MM_PER_PX

    @property
    def height_mm(self) -> float:
        """True height."""
        return float(self.pixels.shape[0]) * MM_PER_PX


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A line before it is read: its tight box in pixels (x0, y0, x1, y1) on the page, and its grey crop (h, w)."""

    box: tuple[int, int, int, int]
    crop: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of print: NFC text, box in mm on the page, confidence 0..1; `sure` needs no further look."""

    text: str
    box: Box
    confidence: float
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A QR code: what it says, and its box in mm on the page."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A round red seal: its box in mm on the page, its diameter in mm."""

    box: Box
    diameter_mm: float


class Cue(StrEnum):
    """What was measured on a page: signs of a copy first, then of a place changed, then of one lost."""

    GREY_RING = "grey-ring"
    SCREENED_SEAL = "screened-seal"
    TONER = "toner"
    NO_COLOUR = "no-colour"
    CHANGED = "changed"
    TORN = "torn"
    SPOT = "spot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing measured on a page: its box in mm, a score 0..1, and what is seen there in a few Vietnamese words."""

    what: Cue
    box: Box
    score: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What later steps keep of a page when its pixels are gone.

    `stamps` are readings of framed or red large words, several of each word; `lines` may hold the same words. `codes`
    are the QR codes on it.
    """

    number: int
    lines: tuple[Line, ...]
    quality: Quality
    width_mm: float
    height_mm: float
    stamps: tuple[Line, ...] = ()
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """The kiosk's proposal about a paper: its kind (a code of DOMAIN §3 or UNKNOWN), title, fields and findings."""

    kind: str
    title: str
    facts: tuple[ReadFact, ...]
    findings: tuple[ReadFinding, ...]
