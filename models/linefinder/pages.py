"""Synthetic pages to learn from: ``draw_page(studio, rng)`` gives grey levels and the cores of its lines.

Blocks are stacked at random, so that the net learns what a line is rather than what a decision looks like.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from models.linefinder import blocks, boxed
from models.linefinder.canvas import A4_PX, PX_PER_PT, Canvas, Grey
from models.linefinder.desk import PX_PER_MM, Desk
from models.linefinder.marks import Marks
from models.linefinder.typeset import Type, Vocabulary, families
from models.linefinder.wear import wear

__all__ = ["Page", "Studio", "draw_page", "photographed"]

Block = Callable[[Desk, float, float, float], float]
_BLOCKS: tuple[tuple[float, Block], ...] = (
    (5.0, blocks.paragraphs),
    (1.5, blocks.title),
    (4.0, blocks.form),
    (1.5, blocks.columns),
    (1.2, blocks.items),
    (1.6, boxed.table),
    (0.6, boxed.card),
    (0.2, boxed.machine_zone),
    (0.6, boxed.rubber_stamp),
    (0.5, boxed.banner),
    (1.2, boxed.signers),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page at 200 dpi: grey levels and line cores (0..255), both (height, width)."""

    grey: Grey
    cores: Grey


class Studio:
    """What all pages share: families, words and marks; made once, it takes some seconds."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)  # noqa: S311 - not for secrets
        self._families, self._weights = families()
        self.words = Vocabulary(rng)
        self.marks = Marks(rng)

    def type(self, rng: random.Random) -> Type:
        """Return the type of a page."""
        return Type(rng.choices(self._families, self._weights)[0])


def draw_page(studio: Studio, rng: random.Random) -> Page:
    """Return a page; the same studio and state of `rng` give the same page."""
    desk = _desk(studio, rng)
    _ground(desk)
    left, right = rng.uniform(12, 32) * PX_PER_MM, A4_PX[0] - rng.uniform(10, 25) * PX_PER_MM
    y, end = rng.uniform(10, 28) * PX_PER_MM, A4_PX[1] - rng.uniform(8, 60) * PX_PER_MM
    if rng.random() < 0.45:
        y = blocks.state_head(desk, left, right, y + 10)
    while y < end:
        block = rng.choices([block for _, block in _BLOCKS], [weight for weight, _ in _BLOCKS])[0]
        y = block(desk, left, right, y) + rng.uniform(0.1, 1.6) * desk.pitch_px(desk.size_pt)
    _overlay(desk)
    return Page(grey=np.asarray(desk.canvas.picture, np.uint8), cores=np.asarray(desk.canvas.cores, np.uint8))


def _desk(studio: Studio, rng: random.Random) -> Desk:
    return Desk(
        canvas=Canvas(),
        rng=rng,
        type=studio.type(rng),
        words=studio.words,
        marks=studio.marks,
        size_pt=rng.choice((14.0, 13.0, rng.uniform(8.5, 16))),
        leading=rng.choice((1.2, rng.uniform(1.05, 1.35), rng.uniform(1.2, 1.7))),
        ink=rng.randint(0, 70),
    )


def _ground(desk: Desk) -> None:
    rng, width, height = desk.rng, *A4_PX
    if rng.random() < 0.15:
        desk.canvas.press(desk.marks.ground(rng), 0, 0)
    if rng.random() < 0.12:
        desk.canvas.press(desk.marks.border(rng), 0, 0)
    elif rng.random() < 0.1:
        for inset, line in ((rng.randint(35, 70), 4), (rng.randint(72, 90), 1)):
            desk.canvas.pen.rectangle((inset, inset, width - inset, height - inset), outline=desk.ink, width=line)
    if rng.random() < 0.15:
        side = rng.randint(110, 190)
        desk.canvas.press(desk.marks.emblem(rng, side), rng.randint(0, width - side), rng.randint(0, 150))


def _overlay(desk: Desk) -> None:
    """Seals and strokes that fall where they will, also across the sheet's edge."""
    rng, (width, height) = desk.rng, A4_PX
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        mark = desk.marks.seal(rng) if rng.random() < 0.6 else desk.marks.signature(rng)
        desk.canvas.press(mark, rng.randint(-150, width - 150), rng.randint(-100, height - 100))
    if rng.random() < 0.2:
        side = rng.randint(70, 230)
        desk.canvas.stick(desk.marks.code(rng, side), rng.randint(0, width - side), rng.randint(0, height - side))
    for _ in range(rng.choice((0, 0, 0, 1, 3))):
        x, y, reach = rng.randrange(width), rng.randrange(height), rng.uniform(5, 60) * PX_PER_PT
        end = (x + reach * rng.uniform(-1, 1), y + reach * rng.uniform(-1, 1))
        desk.canvas.pen.line((x, y, *end), fill=rng.randint(0, 160), width=rng.randint(1, 5))


def photographed(page: Page, rng: random.Random) -> Page:
    """Return the page as the net sees it: 100 dpi, a little turned and scaled, worn; cores at 50 dpi."""
    height, width = page.grey.shape
    scale, degrees = rng.uniform(0.85, 1.15), rng.gauss(0, 0.6)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    grey = cv2.warpAffine(page.grey, turn, (width, height), borderValue=(255,)) if rng.random() < 0.8 else page.grey
    cores = cv2.warpAffine(page.cores, turn, (width, height)) if grey is not page.grey else page.cores
    size = (round(width * scale / 8) * 2, round(height * scale / 8) * 2)
    small = cv2.resize(grey, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_AREA).astype(np.uint8)
    return Page(grey=wear(rng, small), cores=cv2.resize(cores, size, interpolation=cv2.INTER_AREA).astype(np.uint8))
