"""Ink of one line of text: words set in a face, with word gaps, tracking and the compact accents of capitals."""

import random
import re
import unicodedata
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import ImageFont

from models.reader.charset import fold
from models.reader.faces import Face, Faces, sized
from models.reader.pen import PEN_CHARS, pen_line

__all__ = ["Setting", "Strip", "draw_setting", "set_line"]

Mask = npt.NDArray[np.uint8]
_Mask = tuple[Mask, int, int]
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a line is set: em size in pixels; word gap and height of capital accents relative to the face's own.

    From word ``second_from`` on ``second_face`` is used, as forms set a value in bold; with ``pen_seed`` the words
    that a pen can write are handwritten; with ``stamped_seed`` the gaps beside numbers are uneven, as where a number
    or a day was put into a gap of the typed text later; the tone marks of small letters stand ``tone_shift_em`` to the
    right and down of where the face has them, as each foundry sets them elsewhere.
    """

    face: Face
    em_px: int
    gap: float = 1.0
    tracking_em: float = 0.0
    accent_height: float = 1.0
    second_face: Face | None = None
    second_from: int = 0
    pen_seed: int | None = None
    stamped_seed: int | None = None
    tone_shift_em: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Coverage [height, width], 0 to 255, cut tight to the ink; ``above_px`` rows of it stand above the baseline."""

    cover: Mask
    above_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glyphs:
    mask: Mask
    left_px: int
    top_px: int
    advance_px: float


def draw_setting(rng: random.Random, text: str, face: Face, faces: Faces, em_px: int) -> Setting:
    """A setting as papers have it: most as the face is, some justified, letter-spaced, mixed, or with flat accents."""
    return Setting(
        face=face,
        em_px=em_px,
        gap=rng.uniform(0.8, 1.0) if rng.random() < 0.15 else rng.choice((1.0, 1.0, rng.uniform(1.0, 2.2))),
        tracking_em=rng.uniform(-0.02, 0.09) if rng.random() < 0.1 else 0.0,
        accent_height=rng.uniform(0.5, 1.0) if rng.random() < 0.6 else 1.0,
        second_face=faces.draw(rng, text) if rng.random() < 0.08 else None,
        second_from=rng.randint(0, text.count(" ")),
        pen_seed=rng.getrandbits(32) if rng.random() < 0.05 else None,
        stamped_seed=rng.getrandbits(32) if rng.random() < 0.15 else None,
        tone_shift_em=(rng.uniform(-0.07, 0.07), rng.uniform(-0.03, 0.05)) if rng.random() < 0.45 else (0.0, 0.0),
    )


def set_line(text: str, setting: Setting) -> Strip:
    """The ink of a text; a strip of no width if nothing of it leaves ink."""
    space_px = sized(setting.face.path, setting.em_px).getlength(" ") * setting.gap
    placed: list[_Glyphs] = []
    pen_px = 0.0
    words = text.split(" ")
    for index, word in enumerate(words):
        for glyphs in _set_word(word, index, setting, pen_px):
            placed.append(glyphs)
            pen_px += glyphs.advance_px
        pen_px += space_px * _unevenness(words, index, setting)
    return _paste([glyphs for glyphs in placed if glyphs.mask.size])


def _unevenness(words: list[str], index: int, setting: Setting) -> float:
    """How many usual gaps follow a word; narrow ones only where letter and digit part the words all the same."""
    before, after = words[index][-1:], " ".join(words[index + 1 : index + 2])[:1]
    if setting.stamped_seed is None or not (before.isdigit() or after.isdigit()):
        return 1.0
    rng = random.Random(setting.stamped_seed + index)  # noqa: S311 - not for secrets
    narrow = 0.3 if before.isalpha() or after.isalpha() else 0.75
    return rng.choice((rng.uniform(narrow, 1.0), rng.uniform(1.0, 4.0)))


def _set_word(word: str, index: int, setting: Setting, pen_px: float) -> list[_Glyphs]:
    if setting.pen_seed is not None and word and PEN_CHARS.issuperset(word):
        return [_handwritten(word, setting.pen_seed + index, setting.em_px, pen_px)]
    face = setting.second_face if setting.second_face and index >= setting.second_from else setting.face
    if not setting.tracking_em:
        return [_printed(word, face, setting, pen_px)]
    letters: list[_Glyphs] = []
    for letter in word:
        letters.append(_printed(letter, face, setting, pen_px))
        pen_px += letters[-1].advance_px
    return letters


def _handwritten(word: str, seed: int, em_px: int, pen_px: float) -> _Glyphs:
    mask, above_px = pen_line(random.Random(seed), word, em_px)  # noqa: S311 - not for secrets
    return _Glyphs(mask=mask, left_px=round(pen_px), top_px=-above_px, advance_px=mask.shape[1])


def _printed(part: str, face: Face, setting: Setting, pen_px: float) -> _Glyphs:
    font = sized(face.path, setting.em_px)
    mask, left, top = _mask(part, font)
    toneless = fold(_TONE.sub("", unicodedata.normalize("NFD", part)))
    if setting.tone_shift_em != (0.0, 0.0) and toneless != part and not part.isupper() and mask.size:
        mask, left, top = _shift_tones((mask, left, top), _mask(toneless, font), setting)
    if setting.accent_height < 1 and mask.size and part.isupper():
        mask, top = _flatten_accents(mask, top, face, setting)
    advance_px = font.getlength(part) + setting.tracking_em * setting.em_px
    return _Glyphs(mask=mask, left_px=round(pen_px) + left, top_px=top, advance_px=advance_px)


def _mask(part: str, font: ImageFont.FreeTypeFont) -> _Mask:
    image, (left, top) = font.getmask2(part, mode="L", anchor="ls")
    width, height = image.size
    return np.frombuffer(bytes(image), np.uint8).reshape(height, width), left, top


def _shift_tones(whole: _Mask, toneless: _Mask, setting: Setting) -> _Mask:
    """The tone marks are what a word has and its toneless form lacks; move just these."""
    right_px, down_px = (round(shift * setting.em_px) for shift in setting.tone_shift_em)
    room = max(abs(right_px), abs(down_px))
    left, top = min(whole[1], toneless[1]) - room, min(whole[2], toneless[2]) - room
    right = max(start + mask.shape[1] for mask, start, _ in (whole, toneless)) + room
    bottom = max(start + mask.shape[0] for mask, _, start in (whole, toneless)) + room
    full, bare = np.zeros((2, bottom - top, right - left), np.uint8)
    for canvas, (mask, x, y) in ((full, whole), (bare, toneless)):
        canvas[y - top : y - top + mask.shape[0], x - left : x - left + mask.shape[1]] = mask
    tones = np.where(full > bare, full - bare, 0).astype(np.uint8)
    return np.maximum(bare, np.roll(tones, (down_px, right_px), (0, 1))), left, top


def _flatten_accents(mask: Mask, top: int, face: Face, setting: Setting) -> tuple[Mask, int]:
    """Squash what stands above the capitals, as Times New Roman does; free faces stack their accents higher."""
    cap_top = sized(face.path, setting.em_px).getmask2("H", mode="L", anchor="ls")[1][1]
    accent_rows = cap_top - top
    if accent_rows <= 0.1 * setting.em_px:
        return mask, top
    rows = max(2, round(accent_rows * setting.accent_height))
    squashed = cv2.resize(mask[:accent_rows], (mask.shape[1], rows), interpolation=cv2.INTER_AREA)
    return np.concatenate([squashed, mask[accent_rows:]]).astype(np.uint8), cap_top - rows


def _paste(placed: list[_Glyphs]) -> Strip:
    if not placed:
        return Strip(cover=np.zeros((1, 0), np.uint8), above_px=0)
    left, top = min(g.left_px for g in placed), min(g.top_px for g in placed)
    right = max(g.left_px + g.mask.shape[1] for g in placed)
    bottom = max(g.top_px + g.mask.shape[0] for g in placed)
    cover = np.zeros((bottom - top, right - left), np.uint8)
    for g in placed:
        height, width = g.mask.shape
        at = cover[g.top_px - top : g.top_px - top + height, g.left_px - left : g.left_px - left + width]
        np.maximum(at, g.mask, out=at)
    return _tight(cover, -top)


def _tight(cover: Mask, above_px: int) -> Strip:
    rows = np.flatnonzero(cover.max(axis=1))
    if not rows.size:
        return Strip(cover=cover[:, :0], above_px=above_px)
    return Strip(cover=cover[rows[0] : rows[-1] + 1], above_px=above_px - int(rows[0]))
