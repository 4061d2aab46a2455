"""A training line: text set in a face, cropped as a line finder crops, worn, and scaled to the reader's height."""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from models.reader.charset import HEIGHT_PX
from models.reader.clutter import draw_clutter, draw_neighbours
from models.reader.faces import Faces
from models.reader.ink import Strip, draw_setting, set_line
from models.reader.text import LineTexts
from models.reader.wear import Cover, Grey, bend, expose

__all__ = ["MAX_WIDTH_PX", "MIN_CHAR_PX", "Sample", "draw_sample", "fit_height", "render_line"]

MAX_WIDTH_PX = 1664
MIN_CHAR_PX = 5.2
"""Narrower than this the net has too few steps (one in 4 px) to write every character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A grey line [40, W] and what it says."""

    grey: Grey
    text: str


def draw_sample(rng: random.Random, texts: LineTexts, faces: Faces, max_chars: int) -> Sample:
    """A line of random text; the same state of ``rng`` gives the same line."""
    while True:
        text = texts.draw(rng, max_chars)
        grey = render_line(rng, text, faces, texts)
        if grey is not None and MIN_CHAR_PX * len(text) < grey.shape[1] <= MAX_WIDTH_PX:
            return Sample(grey=grey, text=text)


def render_line(rng: random.Random, text: str, faces: Faces, texts: LineTexts) -> Grey | None:
    """The text as a worn line; None if no face has its characters."""
    face = faces.draw(rng, text)
    if face is None:
        return None
    oversampling = rng.choice((1.0, 1.0, 1.5, 2.0))
    em_px = round(min(46.0, max(9.5, rng.lognormvariate(3.28, 0.32))) * oversampling)
    setting = draw_setting(rng, text, face, faces, em_px)
    strip = set_line(text, setting)
    if strip.cover.shape[1] < 3:
        return None
    window, baseline = _crop(rng, strip, em_px)
    draw_neighbours(rng, window, baseline, setting, texts)
    draw_clutter(rng, window, baseline, em_px)
    cover = _resample(rng, bend(rng, window.astype(np.float32) / 255), oversampling)
    return fit_height(expose(rng, cover))


def fit_height(grey: Grey) -> Grey:
    """A crop scaled to the reader's 40 rows, width in proportion and at least 8 px."""
    height, width = grey.shape
    shrinking = cv2.INTER_AREA if height > HEIGHT_PX else cv2.INTER_LINEAR
    size = (max(8, round(width * HEIGHT_PX / height)), HEIGHT_PX)
    return cv2.resize(grey, size, interpolation=shrinking).astype(np.uint8)


def _crop(rng: random.Random, strip: Strip, em_px: int) -> tuple[Grey, int]:
    """The strip in a window that may be tight, nominal or loose, and the baseline's row in it."""
    above, below = strip.above_px, strip.cover.shape[0] - strip.above_px
    chance = rng.random()
    if chance > 0.4:
        above, below = max(above, round(0.7 * em_px)), max(below, round(0.21 * em_px))
    if chance > 0.85:
        above, below = max(above, round(0.92 * em_px)), max(below, round(0.26 * em_px))
    loose = 0.16 if rng.random() < 0.5 else 0.36
    above += max(-1, round(rng.uniform(-0.02, loose) * em_px))
    below += max(-1, round(rng.uniform(-0.02, loose) * em_px))
    chop = round(rng.uniform(0, 0.07) * em_px) if rng.random() < 0.05 else 0
    above = min(above, strip.above_px - chop) if chop else above
    left, right = (round(rng.uniform(0, 0.4) * em_px) for _ in range(2))
    return _windowed(strip, above, below, left, right), above


def _windowed(strip: Strip, above: int, below: int, left: int, right: int) -> Grey:
    height, width = strip.cover.shape
    window = np.zeros((above + below, left + width + right), np.uint8)
    top = above - strip.above_px
    first, last = max(0, top), min(above + below, top + height)
    window[first:last, left : left + width] = strip.cover[first - top : last - top]
    return window


def _resample(rng: random.Random, cover: Cover, oversampling: float) -> Cover:
    height = max(12, round(cover.shape[0] / oversampling))
    width = max(6, round(cover.shape[1] / oversampling * rng.uniform(0.86, 1.08)))
    shrinking = cv2.INTER_AREA if oversampling > 1 else cv2.INTER_LINEAR
    return cv2.resize(cover, (width, height), interpolation=shrinking).astype(np.float32)
