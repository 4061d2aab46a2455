"""The values that pass between the steps of reading."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contract.messages import Box, ReadFact, ReadFinding

Pixels = NDArray[np.uint8]
"""An RGB image, shape (height, width, 3)."""

DPI = 300
MM_PER_PX = 25.4 / DPI


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What a page is like to read: sharpness and contrast in 0..1, native resolution, share of ink, cut edges."""

    sharpness: float
    contrast: float
    source_dpi: int
    ink_share: float
    cut_edges: tuple[str, ...]


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
    """One line of print: NFC text, box in mm on the page, confidence 0..1; `sure` needs no second look."""

    text: str
    box: Box
    confidence: float
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A round red seal: its box in mm on the page, its diameter in mm."""

    box: Box
    diameter_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """What later steps keep of a page when its pixels are gone."""

    number: int
    lines: tuple[Line, ...]
    quality: Quality
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """The kiosk's proposal about a paper: its kind (a code of DOMAIN §3 or UNKNOWN), title, fields and findings."""

    kind: str
    title: str
    facts: tuple[ReadFact, ...]
    findings: tuple[ReadFinding, ...]
