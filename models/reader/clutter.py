"""Ink in a line's crop that is not the line: neighbour lines, rules, dotted form lines, stamps, stray strokes."""

import random

import cv2
import numpy as np

from models.reader.ink import Setting, set_line
from models.reader.text import LineTexts
from models.reader.wear import Grey

__all__ = ["draw_clutter", "draw_neighbours"]


def draw_neighbours(rng: random.Random, window: Grey, baseline: int, setting: Setting, texts: LineTexts) -> None:
    """Add the lines above and below at a paper's line pitch, in so far as they reach into the window."""
    if rng.random() > 0.5:
        return
    pitch = round(rng.uniform(1.1, 1.5) * setting.em_px)
    descender, ascender = round(0.22 * setting.em_px), round(0.95 * setting.em_px)
    if baseline - pitch + descender > 0:
        _add_line(rng, window, baseline - pitch, setting, texts)
    if baseline + pitch - ascender < window.shape[0]:
        _add_line(rng, window, baseline + pitch, setting, texts)


def _add_line(rng: random.Random, window: Grey, baseline: int, setting: Setting, texts: LineTexts) -> None:
    text = texts.draw(rng, 60)
    if not setting.face.draws(text):
        return
    strip = set_line(text, setting)
    top, left = baseline - strip.above_px, rng.randint(-setting.em_px, setting.em_px)
    _lay(window, strip.cover[:, max(0, -left) :], top, max(0, left))


def _lay(window: Grey, cover: Grey, top: int, left: int) -> None:
    cover = cover[max(0, -top) :]
    at = window[max(0, top) : max(0, top) + cover.shape[0], left : left + cover.shape[1]]
    np.maximum(at, cover[: at.shape[0], : at.shape[1]], out=at)


def draw_clutter(rng: random.Random, window: Grey, baseline: int, em_px: int) -> None:
    """Add rules, a dotted or ruled form line, a stamp or a pen stroke; most lines get none."""
    if rng.random() < 0.08:
        _form_line(rng, window, baseline + round(rng.uniform(0.05, 0.2) * em_px), em_px)
    if rng.random() < 0.04:
        _table_rules(rng, window, em_px)
    if rng.random() < 0.06:
        _stamp(rng, window, em_px)
    if rng.random() < 0.02:
        _pen_stroke(rng, window, em_px)


def _form_line(rng: random.Random, window: Grey, row: int, em_px: int) -> None:
    height, width = window.shape
    thick = max(1, em_px // 22)
    first = rng.randrange(width // 2) if rng.random() < 0.5 else 0
    last = width if rng.random() < 0.6 else rng.randint(first + 1, width)
    if not 0 < row < height - thick:
        return
    step = max(3, round(em_px * rng.uniform(0.12, 0.28))) if rng.random() < 0.55 else 1
    for offset in range(max(1, step // 3)):
        window[row : row + thick, first + offset : last : step] = rng.randint(150, 255)


def _table_rules(rng: random.Random, window: Grey, em_px: int) -> None:
    height, width = window.shape
    thick = max(1, round(em_px * rng.uniform(0.03, 0.09)))
    near = rng.randint(0, max(1, em_px // 12))
    rows, columns = np.zeros(height, bool), np.zeros(width, bool)
    columns[near : near + thick] = rng.random() < 0.5
    columns[width - near - thick : width - near] = rng.random() < 0.5
    rows[near : near + thick] = rng.random() < 0.25
    rows[height - near - thick : height - near] = rng.random() < 0.25
    window[rows, :] = window[:, columns] = 255


def _stamp(rng: random.Random, window: Grey, em_px: int) -> None:
    """Part of a round seal: two rings and a star, lighter than print as red is in grey."""
    height, width = window.shape
    level = (rng.randint(60, 150),)
    centre = rng.randint(-width // 4, width * 5 // 4), rng.randint(-3 * em_px, height + 3 * em_px)
    radius = round(rng.uniform(2.2, 5) * em_px)
    seal = np.zeros_like(window)
    cv2.circle(seal, centre, radius, level, max(1, em_px // 9), cv2.LINE_AA)
    cv2.circle(seal, centre, round(radius * 0.72), level, max(1, em_px // 20), cv2.LINE_AA)
    angles = np.arange(5) * (4 * np.pi / 5)
    star = np.array(centre) + radius * 0.3 * np.stack([np.sin(angles), -np.cos(angles)], 1)
    cv2.fillPoly(seal, [star.astype(np.int32)], level, cv2.LINE_AA)
    np.maximum(window, seal, out=window)


def _pen_stroke(rng: random.Random, window: Grey, em_px: int) -> None:
    height, width = window.shape
    start = rng.uniform(0, width)
    steps = np.linspace(0, 1, 24)
    x = start + steps * rng.uniform(0.5, 4) * em_px
    y = rng.uniform(0, height) + np.sin(steps * rng.uniform(2, 9)) * rng.uniform(0.2, 0.8) * em_px
    points = np.stack([x, y], 1).astype(np.int32)
    cv2.polylines(window, [points], False, (rng.randint(90, 220),), max(1, em_px // 16), cv2.LINE_AA)
