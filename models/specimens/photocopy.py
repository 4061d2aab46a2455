"""Copies that look like papers: a black photocopy with its toner, a colour print; the truth moves along."""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .dice import Dice, clouds, grain
from .sheet import Sheet, around, clip, px
from .values import Box, Flaw

_SPECKS = 900
_COLOURED = 26
_SCREEN_DEGREES = {0: 15.0, 1: 75.0, 2: 0.0}
Pixels = NDArray[np.uint8]


def photocopy(sheet: Sheet, stream: Dice) -> None:
    """Turn the sheet into a black photocopy: no colour, hard contrast, toner specks, a shade along edges, rescaled."""
    _rescale(sheet, stream)
    grey = np.asarray(sheet.image.convert("L"), dtype=np.float32)
    hard = (grey - 40) * stream.uniform(1.15, 1.35)
    toner = np.clip(1 - hard / 255, 0, 1) * 26 * clouds(stream, grey.shape[0], grey.shape[1], 60)
    hard = np.clip(hard, 20, 251) + toner + stream.uniform(2, 5) * grain(stream, grey.shape[0], grey.shape[1])
    _speckle(hard, stream)
    _shade_edges(hard, stream)
    sheet.image = Image.fromarray(np.clip(hard, 10, 253).astype(np.uint8)).convert("RGB")


def grey_seal(sheet: Sheet, stream: Dice) -> None:
    """Photocopy the sheet and record its grey seals (or the whole page) as mark `grey-seal`."""
    photocopy(sheet, stream)
    seals = [mark.box for mark in sheet.marks if mark.what == "seal"]
    for box in seals or [(0, 0, *sheet.image.size)]:
        sheet.mark(Flaw.GREY_SEAL, box)


def colour_copy(sheet: Sheet, stream: Dice) -> None:
    """Turn the sheet into a colour copy: few flat inks laid as screened dots; coloured places as mark `colour-copy`."""
    _rescale(sheet, stream)
    pixels = np.array(sheet.image)
    pitch_px = stream.uniform(2.1, 3.4)
    for box in _coloured(pixels):
        x0, y0, x1, y1 = box
        pixels[y0:y1, x0:x1] = _screened(pixels[y0:y1, x0:x1], pitch_px)
    sheet.image = Image.fromarray(pixels)
    seals = [mark.box for mark in sheet.marks if mark.what == "seal"]
    for box in seals or [(0, 0, *sheet.image.size)]:
        sheet.mark(Flaw.COLOUR_COPY, box)


def _rescale(sheet: Sheet, stream: Dice) -> None:
    """Lay the sheet a little larger or smaller and off its place, as a copier does."""
    scale, size = stream.uniform(0.965, 1.01), sheet.image.size
    dx = stream.uniform(-8, 8) + (1 - scale) * size[0] / 2
    dy = stream.uniform(-8, 8) + (1 - scale) * size[1] / 2
    matrix = np.array([[scale, 0, dx], [0, scale, dy]], dtype=np.float64)
    moved = cv2.warpAffine(np.asarray(sheet.image), matrix, size, flags=cv2.INTER_AREA, borderValue=(252, 252, 250))
    sheet.image = Image.fromarray(moved.astype(np.uint8))
    sheet.lines = [replace(line, box=_scaled(line.box, scale, dx, dy, size)) for line in sheet.lines]
    sheet.marks = [replace(mark, box=_scaled(mark.box, scale, dx, dy, size)) for mark in sheet.marks]


def _scaled(box: Box, scale: float, dx: float, dy: float, size: tuple[int, int]) -> Box:
    x0, y0, x1, y1 = box
    return clip(around([(x0 * scale + dx, y0 * scale + dy, x1 * scale + dx, y1 * scale + dy)]), size)


def _speckle(grey: NDArray[np.float32], stream: Dice) -> None:
    """Drop toner specks of one to three pixels."""
    source = np.random.default_rng(stream.getrandbits(63))
    count = stream.randint(_SPECKS // 2, 2 * _SPECKS)
    rows, columns = source.integers(0, grey.shape[0] - 3, count), source.integers(0, grey.shape[1] - 3, count)
    tall, wide = source.integers(1, 4, count), source.integers(1, 4, count)
    for row, column, high, broad in zip(rows, columns, tall, wide, strict=True):
        grey[row : row + high, column : column + broad] = source.integers(40, 150)


def _shade_edges(grey: NDArray[np.float32], stream: Dice) -> None:
    """Darken one to three edges, where the lid did not press the paper down."""
    for turn in stream.sample(range(4), stream.randint(1, 3)):
        side = np.rot90(grey, turn)
        reach = px(stream.uniform(1.5, 5))
        ragged = reach * (0.55 + 0.45 * clouds(stream, side.shape[0], 1, 160)[:, 0])
        depth = np.clip(ragged[:, None] - np.arange(reach)[None, :], 0, 12) / 12
        side[:, :reach] -= depth * stream.uniform(90, 210)


def _coloured(pixels: Pixels) -> list[Box]:
    """Return the boxes of coloured things."""
    small = pixels[::8, ::8].astype(np.int16)
    mask = (np.ptp(small, axis=2) > _COLOURED).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(mask, np.ones((5, 5), np.uint8)))
    size = (pixels.shape[1], pixels.shape[0])
    return [clip((8 * x, 8 * y, 8 * (x + w), 8 * (y + h)), size) for x, y, w, h, area in stats[1:] if area > 12]


def _screened(part: Pixels, pitch_px: float) -> Pixels:
    """Return a coloured part as printed: cyan, magenta and yellow dots, tone curve steep, black left alone."""
    ink = 255 - cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    ink = np.clip((cv2.GaussianBlur(ink, (0, 0), 1.2) - 18) * 1.25, 0, 255)
    rows, columns = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    out = np.empty_like(ink)
    for channel, degrees in _SCREEN_DEGREES.items():
        angle, step = math.radians(degrees), 2 * pitch_px / (2 * math.pi)
        u = (columns * math.cos(angle) + rows * math.sin(angle)) / step
        v = (rows * math.cos(angle) - columns * math.sin(angle)) / step
        threshold = 127.5 + 63 * (np.cos(u) + np.cos(v))
        out[..., channel] = np.where(ink[..., channel] > threshold, 228, 4)
    printed = 255 - cv2.resize(cv2.GaussianBlur(out, (0, 0), 0.8), part.shape[1::-1], interpolation=cv2.INTER_AREA)
    return np.clip(printed, 0, 255).astype(np.uint8)
