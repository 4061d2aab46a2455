"""A training line: text set in a face, cropped as a line finder crops, worn, and scaled to the reader's height."""

import random
from dataclasses import dataclass

import cv2
import numpy as np

from agent.reading.line_view import fit_height
from models.reader.clutter import draw_clutter, draw_neighbours
from models.reader.faces import Faces
from models.reader.ink import Setting, Strip, draw_setting, set_line
from models.reader.text import MAX_CHARS, LineTexts
from models.reader.wear import Cover, Grey, bend, expose, scan

__all__ = [
    "MAX_WIDTH_PX", "MIN_CHAR_PX", "Sample", "draw_sample", "draw_samples", "draw_scans", "render_line", "render_scan",
]  # fmt: skip

MAX_WIDTH_PX = 1664
MIN_CHAR_PX = 5.2
"""Narrower than this the net has too few steps (one in 4 px) to write every character."""

_CHOPPED_SENTENCES, _CHOPPED_WORDS = 0.1, 0.01
"""A sentence tells which accent was cut off; a name or a random syllable does not, and would teach a guess."""


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


def draw_samples(seed: int, texts: LineTexts, faces: Faces, count: int) -> list[Sample]:
    """Fresh lines as in training, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    return [draw_sample(rng, texts, faces, MAX_CHARS) for _ in range(count)]


def draw_scans(seed: int, texts: LineTexts, faces: Faces, count: int) -> list[Sample]:
    """Fresh lines as an office scanner shows them, the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    drawn = [texts.draw(rng) for _ in range(count)]
    scans = [(text, render_scan(rng, text, faces)) for text in drawn]
    return [Sample(grey=grey, text=text) for text, grey in scans if grey is not None]


def render_line(rng: random.Random, text: str, faces: Faces, around: LineTexts) -> Grey | None:
    """The text as a worn line among what stands around it; None if no face has its characters or it leaves no ink."""
    placed = _place(rng, text, faces, min(46.0, max(9.5, rng.lognormvariate(3.28, 0.32))))
    if placed is None:
        return None
    draw_neighbours(rng, placed.window, placed.baseline, placed.setting, around)
    draw_clutter(rng, placed.window, placed.baseline, placed.setting.em_px)
    return fit_height(expose(rng, _bent(rng, placed)))


def render_scan(rng: random.Random, text: str, faces: Faces) -> Grey | None:
    """The text as an office scanner shows it, 12 points at 150 to 14 at 300 dpi; None as for `render_line`."""
    placed = _place(rng, text, faces, rng.uniform(25, 58))
    return None if placed is None else fit_height(scan(rng, _bent(rng, placed), strength=1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A text set in a window; the window is drawn at ``oversampling`` times the device's resolution."""

    window: Grey
    baseline: int
    setting: Setting
    oversampling: float


def _place(rng: random.Random, text: str, faces: Faces, device_em_px: float) -> _Placed | None:
    face = faces.draw(rng, text)
    if face is None:
        return None
    oversampling = rng.choice((1.0, 1.0, 1.5, 2.0))
    em_px = round(device_em_px * oversampling)
    setting = draw_setting(rng, text, face, faces, em_px)
    strip = set_line(text, setting)
    if strip.cover.shape[1] < 3:
        return None
    window, baseline = _crop(rng, strip, em_px, _CHOPPED_SENTENCES if text.count(" ") > 5 else _CHOPPED_WORDS)
    return _Placed(window=window, baseline=baseline, setting=setting, oversampling=oversampling)


def _bent(rng: random.Random, placed: _Placed) -> Cover:
    return _resample(rng, bend(rng, placed.window.astype(np.float32) / 255), placed.oversampling)


def _crop(rng: random.Random, strip: Strip, em_px: int, chopped: float) -> tuple[Grey, int]:
    """The strip in a window that may be tight, nominal or loose, and the baseline's row in it.

    ``chopped`` is the chance that the tips of the accents are cut off.
    """
    above, below = strip.above_px, strip.cover.shape[0] - strip.above_px
    chance = rng.random()
    if chance > 0.4:
        above, below = max(above, round(0.7 * em_px)), max(below, round(0.21 * em_px))
    if chance > 0.85:
        above, below = max(above, round(0.92 * em_px)), max(below, round(0.26 * em_px))
    loose = 0.16 if rng.random() < 0.5 else 0.36
    above += max(-1, round(rng.uniform(-0.02, loose) * em_px))
    below += max(-1, round(rng.uniform(-0.02, loose) * em_px))
    if rng.random() < chopped:
        above = strip.above_px - min(round(rng.uniform(0, 0.09) * em_px), strip.cover.shape[0] // 2)
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
