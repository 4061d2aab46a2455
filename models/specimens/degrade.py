"""Print and scan: skew, blur, uneven light, noise, dust and JPEG, as an office scanner gives them."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dice import Dice, clouds, dice, grain
from .sheet import around, clip
from .values import Box, Specimen

Strength = Literal["clean", "office", "poor"]
_BED = (244, 244, 242)
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wear:
    """Bounds of one strength: degrees, pixels, grey levels, share of light, JPEG quality, specks a page."""

    skew_deg: float
    blur_px: tuple[float, float]
    noise: float
    shade: float
    quality: tuple[int, int]
    specks: int


_WEAR: dict[Strength, _Wear] = {
    "clean": _Wear(skew_deg=0, blur_px=(0.4, 0.5), noise=1.0, shade=0.01, quality=(94, 96), specks=0),
    "office": _Wear(skew_deg=0.9, blur_px=(0.7, 1.1), noise=3.0, shade=0.06, quality=(72, 88), specks=25),
    "poor": _Wear(skew_deg=1.0, blur_px=(1.2, 1.9), noise=7.0, shade=0.16, quality=(38, 58), specks=160),
}


def degrade(image: Image.Image, seed: int, *, strength: Strength, grey: bool = False) -> Image.Image:
    """Return the page as printed and scanned, same size, RGB (without colour if `grey`); deterministic per seed."""
    wear, stream = _WEAR[strength], dice("degrade", strength, seed)
    pixels = np.asarray(image.convert("RGB"), dtype=np.uint8)
    if wear.skew_deg:
        size = (pixels.shape[1], pixels.shape[0])
        turned = cv2.warpAffine(pixels, _turn(seed, strength, size), size, flags=cv2.INTER_LINEAR, borderValue=_BED)
        pixels = np.asarray(turned, dtype=np.uint8)
    pixels = np.asarray(cv2.GaussianBlur(pixels, (0, 0), stream.uniform(*wear.blur_px)), dtype=np.uint8)
    pixels = _noisy(_lit(pixels, stream, wear.shade), stream, wear)
    if grey:
        pixels = np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2).astype(np.uint8)
    return Image.fromarray(_compressed(pixels, stream.randint(*wear.quality)))


def scan(specimen: Specimen, seed: int, *, strength: Strength, grey: bool = False) -> Specimen:
    """Return the specimen with degraded pages and its truth moved along with the skew."""
    pages, lines = [], []
    for number, page in enumerate(specimen.pages):
        page_seed = seed * 1000 + number
        turn = _turn(page_seed, strength, page.size)
        pages.append(degrade(page, page_seed, strength=strength, grey=grey))
        lines.append(tuple(replace(line, box=_turned(line.box, turn, page.size)) for line in specimen.lines[number]))
    marks = tuple(
        replace(
            mark,
            box=_turned(
                mark.box, _turn(seed * 1000 + mark.page, strength, pages[mark.page].size), pages[mark.page].size
            ),
        )
        for mark in specimen.marks
    )
    return replace(specimen, pages=tuple(pages), lines=tuple(lines), marks=marks)


def _turn(seed: int, strength: Strength, size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the 2x3 matrix of the skew: a small turn about the middle."""
    bound = _WEAR[strength].skew_deg
    angle = dice("skew", strength, seed).uniform(-bound, bound)
    return np.asarray(cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), angle, 1.0), dtype=np.float64)


def _turned(box: Box, turn: NDArray[np.float64], size: tuple[int, int]) -> Box:
    corners = np.array([[x, y, 1.0] for x in (box[0], box[2]) for y in (box[1], box[3])])
    moved = corners @ turn.T
    return clip(around([(math.floor(x), math.floor(y), x, y) for x, y in moved]), size)


def _lit(pixels: Pixels, stream: Dice, shade: float) -> Pixels:
    height, width = pixels.shape[:2]
    light = 255 * (1 - shade * clouds(stream, height, width, 2000))
    layers = cv2.merge([light.astype(np.uint8)] * 3)
    return np.asarray(cv2.multiply(pixels, layers, scale=1 / 255), dtype=np.uint8)


def _noisy(pixels: Pixels, stream: Dice, wear: _Wear) -> Pixels:
    height, width = pixels.shape[:2]
    shared = (wear.noise * grain(stream, height, width, 512)).astype(np.int16)
    noise = cv2.merge([shared, np.roll(shared, 97, axis=1) // 2 + shared // 2, np.roll(shared, 31, axis=0)])
    noisy = cv2.add(pixels, noise, dtype=cv2.CV_8U)
    for _ in range(wear.specks):
        spot = (stream.randrange(width), stream.randrange(height))
        cv2.circle(noisy, spot, stream.choice((0, 1, 1, 2)), (stream.randint(60, 170),) * 3, -1)
    return np.asarray(noisy, dtype=np.uint8)


def _compressed(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), dtype=np.uint8)
