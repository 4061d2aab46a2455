"""Photographs of synthetic papers from above, with exact truth: generated, no camera and no person took part.

A paper (A4 page or card) lies on a drawn ground before a pinhole camera: tilted by up to 25°, turned by quarters and up
to 15° more, filling 35–90 % of a side of the picture; bent, shaded, glared upon, held, blurred as its flaws say.
"""

from collections.abc import Mapping

import cv2
import numpy as np
from PIL import Image

from .dice import dice
from .photograph_ground import RARER, UNSEEN, USUAL, Ground
from .photograph_scene import Scene, as_outline
from .photograph_values import Outline, PhotoFlaw, Photograph, Pixels
from .values import PX_PER_MM, Specimen

__all__ = [
    "FILL",
    "LONG_SIDE_PX",
    "RARER",
    "UNSEEN",
    "USUAL",
    "Ground",
    "Outline",
    "PhotoFlaw",
    "Photograph",
    "paper_of",
    "photograph",
]

FILL = (0.35, 0.9)
LONG_SIDE_PX = (2400, 3300)
_CARD_RADIUS_MM = 3.18  # ISO/IEC 7810

_CHANCE: Mapping[PhotoFlaw, float] = {
    PhotoFlaw.BLUR: 0.12,
    PhotoFlaw.MOTION: 0.08,
    PhotoFlaw.GLARE: 0.15,
    PhotoFlaw.SHADOW: 0.35,
    PhotoFlaw.HAND: 0.15,
    PhotoFlaw.TWO_PAPERS: 0.15,
    PhotoFlaw.CURL: 0.15,
    PhotoFlaw.CURLED_CORNER: 0.12,
    PhotoFlaw.CUT_OFF: 0.06,
    PhotoFlaw.LENS: 0.5,
}


def paper_of(specimen: Specimen, page: int = 0) -> Image.Image:
    """Return one paper of a specimen alone at 300 dpi: a card or booklet cut from its page, or the whole page (RGB).

    Cards come with rounded corners (RGBA).
    """
    whole = specimen.pages[page].convert("RGB")
    cards = [mark.box for mark in specimen.marks if mark.what == "card" and mark.page == page]
    if not cards:
        return whole
    card = whole.crop(cards[0])
    mask = np.zeros((card.height, card.width), np.uint8)
    radius = round(_CARD_RADIUS_MM * PX_PER_MM)
    cv2.rectangle(mask, (radius, radius), (card.width - radius - 1, card.height - radius - 1), (255,), -1)
    card.putalpha(Image.fromarray(cv2.dilate(mask, _disc(radius)).astype(np.uint8)))
    return card


def photograph(
    paper: Image.Image,
    seed: int,
    *,
    flaws: frozenset[PhotoFlaw] | None = None,
    long_side_px: int | None = None,
    fill: tuple[float, float] = FILL,
    ground: Ground | None = None,
) -> Photograph:
    """Return a photograph of a paper (RGB or RGBA, 300 dpi or what its `info` says); same arguments, same picture.

    Without `flaws`, `long_side_px` or `ground` the seed chooses them.
    """
    stream = dice("photograph", seed)
    drawn = frozenset(flaw for flaw, chance in _CHANCE.items() if stream.random() < chance)
    chosen = ground or stream.choice(list(USUAL))
    long_side, share = long_side_px or stream.randint(*LONG_SIDE_PX), stream.uniform(*fill)
    scene = Scene(paper, stream, drawn if flaws is None else flaws, long_side, share)
    picture = scene.picture(chosen)
    return Photograph(
        picture=Image.fromarray(picture),
        ground=chosen,
        outline=as_outline(scene.outline),
        sides=scene.sides,
        others=tuple(as_outline(other) for other in scene.others),
        size_mm=scene.size_mm,
        turned_deg=scene.turned_deg % 360,
        tilt_deg=scene.tilt_deg,
        dpi=scene.px_per_mm * 25.4,
        flaws=scene.strength,
        covers=scene.covers,
    )


def _disc(radius: int) -> Pixels:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)).astype(np.uint8)
