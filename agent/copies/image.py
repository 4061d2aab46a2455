"""A page's pixels as few bytes as its faithful picture needs.

Measured on two office scans, a born-digital decision and a page with seal, tint and noise, each A4 at 300 dpi and at
one size: baseline JPEG has to go down to quality 11–17 (blocks in the paper, rings round the letters, a brown seal);
tables made for text gain 0.5 dB; JPEG 2000 is 2.5–3.9 dB better (0.16 less since it is made in strips), keeps the
seal's red and moves a reader's character errors by less than 0.2 points. Whitening the paper gained nothing and takes
away faint marks that a copy must show, so no pixel is touched. A page that fits as JPEG of quality 85 without chroma
subsampling (cards, half-empty pages) stays JPEG: sharper than the budget asks, and the quickest to open.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.copies.jpeg2000 import compressed

DPI = 300
BUDGET_BYTES = 255_000
"""One page's share of the 300 KB draft; the fonts, profile and text layer take the rest."""

_JPEG = (
    cv2.IMWRITE_JPEG_QUALITY, 85,
    cv2.IMWRITE_JPEG_OPTIMIZE, 1,
    cv2.IMWRITE_JPEG_PROGRESSIVE, 1,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
)  # fmt: skip
_COLOUR_SPREAD = 28
_COLOUR_SHARE = 2e-5
_SHRINK = 4
_MERE_NOISE_BYTES = 16 * BUDGET_BYTES
"""As JPEG: no print and no photograph needs so many, and JPEG 2000 would take seconds over them."""

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """A compressed page as a PDF image takes it: `filter` is /DCTDecode or /JPXDecode."""

    data: bytes
    filter: str
    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    grey: bool


def jpeg2000(pixels: Pixels) -> bytes:
    """Return the page (h, w) grey or (h, w, 3) RGB as JPEG 2000 of BUDGET_BYTES."""
    height, width = pixels.shape[:2]
    return compressed(pixels.tobytes(), "L" if pixels.ndim == 2 else "RGB", (width, height), BUDGET_BYTES)


def encode(pixels: Pixels, to_jpeg2000: Callable[[Pixels], bytes] = jpeg2000) -> EncodedImage:
    """Return the RGB page (height, width, 3; 300 dpi) in at most BUDGET_BYTES (+ 1 %); grey where it has no colour.

    `to_jpeg2000` is what makes JPEG 2000 of it: here, or where its memory does no harm.
    """
    grey = not has_colour(pixels)
    channels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8) if grey else pixels
    data, name = _jpeg(channels), "/DCTDecode"
    if len(data) > _MERE_NOISE_BYTES:
        channels = cv2.resize(channels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.uint8)
    if len(data) > BUDGET_BYTES:
        data, name = to_jpeg2000(channels), "/JPXDecode"
    height, width = pixels.shape[:2]
    return EncodedImage(
        data=data, filter=name, width_px=channels.shape[1], height_px=channels.shape[0],
        width_mm=width * 25.4 / DPI, height_mm=height * 25.4 / DPI, grey=grey,
    )  # fmt: skip


def has_colour(pixels: Pixels) -> bool:
    """Return whether more than specks of the page (h, w, 3) are coloured: a seal, a pen, a photo, a tinted ground."""
    size = (max(1, pixels.shape[1] // _SHRINK), max(1, pixels.shape[0] // _SHRINK))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    spread = small.max(axis=2).astype(np.int16) - small.min(axis=2)
    return bool(np.count_nonzero(spread > _COLOUR_SPREAD) > _COLOUR_SHARE * spread.size)


def _jpeg(pixels: Pixels) -> bytes:
    """Return the page (h, w) grey or (h, w, 3) RGB as JPEG; OpenCV, because Pillow's encoder fails on mere noise."""
    done, data = cv2.imencode(".jpg", pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _JPEG)
    if not done:
        raise ValueError(f"a page of {pixels.shape[1]} × {pixels.shape[0]} px is more than a JPEG can hold")
    return data.tobytes()
