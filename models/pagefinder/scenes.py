"""Scenes to learn from: generated photographs on the net's square, and what lies where in them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.pagefinder.levels import MASK_PX, ROOM_PX, SIDE_PX, on_square, scale_of, to_square
from models.specimens import KINDS, make
from models.specimens.photograph import RARER, USUAL, Ground, Outline, PhotoFlaw, Photograph, paper_of, photograph
from models.specimens.photograph_sheets import some_paper
from models.specimens.values import DPI

PAPER_PX = 1400
"""The long side of a paper as it is drawn: more than any photograph shows of it."""
_LONG_SIDES_PX = (800, 1400)
_GROUNDS = (*USUAL, Ground.WHITE, Ground.LIGHT, *RARER)
_FIRST, _FRESH = 0.25, 0.04
"""How often another paper is made, which takes longer than a photograph: at first, and later."""
_PLAIN = 0.1
_MORE_OF = (*("HO_CHIEU",) * 6, "CCCD_CHIP", "CAN_CUOC_2024", "GPLX", "BHYT", "QUYET_DINH", "HOC_BA")
"""Made more than once: papers of colour, and plain ones."""
_SUBPIXELS = 4

_CHANCE = {
    PhotoFlaw.BLUR: 0.15,
    PhotoFlaw.MOTION: 0.1,
    PhotoFlaw.GLARE: 0.2,
    PhotoFlaw.SHADOW: 0.45,
    PhotoFlaw.HAND: 0.35,
    PhotoFlaw.TWO_PAPERS: 0.35,
    PhotoFlaw.CURL: 0.2,
    PhotoFlaw.CURLED_CORNER: 0.2,
    PhotoFlaw.CUT_OFF: 0.15,
    PhotoFlaw.LENS: 0.5,
}
"""What is hard to tell is drawn more often than it is measured."""

Square = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A photograph on the net's square, RGB (S, S, 3), and its layers 0…255 at half the size, (S/2, S/2, 4)."""

    square: Square
    layers: Square


class Studio:
    """Draws photographs of a few papers of each kind, changed for others as it goes."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - not for secrets
        self._kinds = (*KINDS, *_MORE_OF)
        self._papers: list[Image.Image] = []

    def photo(self) -> Photograph:
        """Return a fresh photograph."""
        rng = self._rng
        if not self._papers or rng.random() < (_FRESH if len(self._papers) >= len(KINDS) else _FIRST):
            if len(self._papers) >= len(self._kinds):
                self._papers.pop(rng.randrange(len(self._papers)))
            self._papers.append(_some_page(rng.choice(self._kinds), rng))
        paper = _plain_paper(rng) if rng.random() < _PLAIN else rng.choice(self._papers)
        flaws = frozenset(flaw for flaw, chance in _CHANCE.items() if rng.random() < chance)
        return photograph(
            paper, rng.randrange(1 << 32, 1 << 40), long_side_px=rng.randint(*_LONG_SIDES_PX), flaws=flaws,
            ground=rng.choice(_GROUNDS),
        )  # fmt: skip


def scene_of(photo: Photograph) -> Scene:
    """Return a photograph as a scene."""
    width, height = photo.picture.size
    scale = scale_of(width, height)
    paper = _filled([photo.outline], scale)
    shown = _filled([((0, 0), (width, 0), (width, height), (0, height))], scale)
    others = cv2.min(cv2.min(_filled(photo.others, scale), shown), 255 - paper).astype(np.uint8)
    covers = [_covered(photo.covers.get(flaw), scale) for flaw in (PhotoFlaw.HAND, PhotoFlaw.GLARE)]
    return Scene(square=on_square(np.asarray(photo.picture)), layers=np.stack([paper, others, *covers], axis=-1))


def varied(scene: Scene, rng: random.Random) -> Scene:
    """Return the scene turned by quarters or mirrored, in other colours and light."""
    square, layers, turns = scene.square, scene.layers, rng.randrange(4)
    square, layers = (np.rot90(picture, turns) for picture in (square, layers))
    if rng.random() < 0.5:
        square, layers = square[:, ::-1], layers[:, ::-1]
    gains = [rng.uniform(0.88, 1.12) * 255 for _ in range(3)]
    light, gamma = rng.uniform(0.75, 1.15), rng.uniform(0.75, 1.3)
    curve = (np.arange(256) / 255) ** gamma
    table = np.stack([np.clip(curve * light * gain, 0, 255) for gain in gains], axis=-1).astype(np.uint8)
    table[128] = 128  # the empty room stays what it is
    lit = np.stack([table[:, at][square[..., at]] for at in range(3)], axis=-1)
    return Scene(square=np.ascontiguousarray(lit), layers=np.ascontiguousarray(layers))


def _some_page(kind: str, rng: random.Random) -> Image.Image:
    """Return a paper shrunk to what the photographs can show of it; no seed that is measured."""
    specimen = make(kind, rng.randrange(1_000, 1_000_000))
    paper = paper_of(specimen, rng.randrange(len(specimen.pages)))
    shrink = max(1, max(paper.size) // PAPER_PX)
    small = paper.reduce(shrink)
    small.info["dpi"] = (DPI / shrink, DPI / shrink)
    return small


def _plain_paper(rng: random.Random) -> Image.Image:
    """Return a sheet of any pale tint with rows like print, or bare."""
    paper = some_paper(rng.choice(((210.0, 297.0), (297.0, 210.0), (148.0, 210.0), (85.6, 54.0))), rng)
    if rng.random() < 0.4:
        bare = Image.new("RGB", paper.size, paper.getpixel((0, 0)))
        bare.info["dpi"] = paper.info["dpi"]
        return bare
    return paper


def _filled(outlines: Sequence[Outline], scale: float) -> Square:
    mask = np.zeros((MASK_PX * _SUBPIXELS,) * 2, np.uint8)
    for outline in outlines:
        corners = (to_square(np.array(outline), scale) + 0.5) * (MASK_PX * _SUBPIXELS / SIDE_PX) - 0.5
        cv2.fillPoly(mask, [np.rint(corners).astype(np.int32)], (255,))
    return _on_mask(mask)


def _covered(cover: Square | None, scale: float) -> Square:
    square = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    if cover is not None:
        size = (round(cover.shape[1] * scale), round(cover.shape[0] * scale))
        small = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
        square[ROOM_PX : ROOM_PX + size[1], ROOM_PX : ROOM_PX + size[0]] = small
    return _on_mask(square)


def _on_mask(picture: Square) -> Square:
    return cv2.resize(picture, (MASK_PX, MASK_PX), interpolation=cv2.INTER_AREA).astype(np.uint8)
