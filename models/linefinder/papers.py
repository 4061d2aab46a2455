"""The project's specimens as training pages: their lines' tight boxes turned into cores."""

import random
from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from models.linefinder.canvas import COLUMN_GAP_EM, Grey
from models.linefinder.pages import Page
from models.specimens import KINDS, make
from models.specimens.faces import Family, font
from models.specimens.values import Role, TruthLine

__all__ = ["core_of", "draw_paper", "is_watermark"]

_EM_PX = 100
_X_HEIGHT = 0.45
_SCALE = 200 / 300
_WATERMARK_PX = 120

Core = tuple[float, float, float, float]
"""Left, top (height of an x), right, bottom (baseline) in px."""


def draw_paper(rng: random.Random) -> Page:
    """Return the first page of a random specimen at 200 dpi."""
    specimen = make(rng.choice(KINDS), rng.randrange(1, 1_000_000))
    number = rng.randrange(len(specimen.pages))
    grey = np.asarray(specimen.pages[number].convert("L"), np.uint8)
    cores = _drawn(specimen.lines[number], grey.shape)
    return Page(grey=_small(grey), cores=_small(cores))


def _small(levels: Grey) -> Grey:
    return cv2.resize(levels, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _drawn(lines: Iterable[TruthLine], shape: Sequence[int]) -> Grey:
    cores = np.zeros(tuple(shape), np.uint8)
    bands = sorted(core_of(line) for line in lines if not is_watermark(line))
    for left, top, right, bottom in [*bands, *_bridges(bands)]:
        cores[round(top) : round(bottom), round(left) : round(right)] = 255
    return cores


def is_watermark(line: TruthLine) -> bool:
    """Whether a line is the large word MẪU of the generator, which lies under the print and is not to be found."""
    return line.role is Role.SPECIMEN and line.box[3] - line.box[1] > _WATERMARK_PX


def core_of(line: TruthLine) -> Core:
    """Return the band between baseline and height of an x, judged by the reach of its letters in the serif face."""
    _, top, _, bottom = font(Family.SERIF, False, False, _EM_PX).getbbox(line.text, anchor="ls")
    left, box_top, right, box_bottom = line.box
    scale = (box_bottom - box_top) / max(1.0, bottom - top)
    baseline = box_bottom - scale * bottom
    return left, baseline - scale * _X_HEIGHT * _EM_PX, right, baseline


def _bridges(bands: Sequence[Core]) -> list[Core]:
    """Return what joins pieces of one line: a printed word and the number that a pen wrote after it."""
    return [
        (one[2], (one[1] + other[1]) / 2, other[0], (one[3] + other[3]) / 2)
        for one in bands
        for other in bands
        if 0 < other[0] - one[2] < COLUMN_GAP_EM * (one[3] - one[1]) / _X_HEIGHT
        and abs(one[3] - other[3]) < 0.35 * (one[3] - one[1])
        and 0.6 < (one[3] - one[1]) / (other[3] - other[1]) < 1.7
    ]
