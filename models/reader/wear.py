"""What paper, ink, scanner, copier, fax and camera do to a line: coverage in, grey out."""

import random

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["Cover", "Grey", "bend", "expose", "scan"]

Cover = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]

_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16


def bend(rng: random.Random, cover: Cover) -> Cover:
    """Coverage skewed, slanted, or waved as a curled page is."""
    height, width = cover.shape
    if rng.random() < 0.45:
        most = min(0.012, 0.16 * height / width) if rng.random() < 0.8 else min(0.02, 0.25 * height / width)
        skew, slant = rng.uniform(-most, most), rng.uniform(-0.07, 0.07) if rng.random() < 0.3 else 0.0
        matrix = np.array([[1, slant, -slant * height / 2], [skew, 1, -skew * width / 2]], np.float32)
        cover = cv2.warpAffine(cover, matrix, (width, height), flags=cv2.INTER_LINEAR).astype(np.float32)
    return _wave(rng, cover) if rng.random() < 0.04 else cover


def _wave(rng: random.Random, cover: Cover) -> Cover:
    height, width = cover.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    swing = rng.uniform(0.02, 0.06) * height
    phase = x * (2 * np.pi / max(8 * height, rng.uniform(0.7, 2) * width)) + rng.uniform(0, 6.3)
    return cv2.remap(cover, x, y + np.float32(swing) * np.sin(phase), cv2.INTER_LINEAR).astype(np.float32)


def expose(rng: random.Random, cover: Cover) -> Grey:
    """Grey levels of a coverage as one of the devices gives them; a fifth stays nearly clean."""
    chance = rng.random()
    if chance < 0.18:
        paper, ink = _levels(rng)
        return _inverted(rng, _grey(paper - (paper - ink) * cover))
    if chance < 0.26:
        return _bitonal(rng, cover)
    return _inverted(rng, scan(rng, cover, strength=1.0 if chance < 0.74 else 1.8))


def scan(rng: random.Random, cover: Cover, *, strength: float) -> Grey:
    """Grey levels as a scanner or camera gives them; strength 1 is an office scanner, 2 a poor photograph."""
    paper, ink = _levels(rng)
    cover = _blur(rng, _spread(rng, cover), strength)
    grey = _grain(rng, _stains(rng, _light(rng, paper - (paper - ink) * cover, strength)), strength)
    return _compressed(rng, _grey(grey), strength)


def _bitonal(rng: random.Random, cover: Cover) -> Grey:
    """Black and white: a photocopy's threshold or a fax's dither."""
    paper, ink = _levels(rng)
    cover = _blur(rng, _spread(rng, cover), rng.choice((0.6, 1.0, 1.6)))
    levels = _grey(_grain(rng, _stains(rng, paper - (paper - ink) * cover), 1.0))
    if rng.random() < 0.3 and levels.shape[0] > 26:
        return _dither(rng, levels)
    return np.where(levels > (paper + ink) / 2 + rng.uniform(-0.15, 0.15) * (paper - ink), 255, 0).astype(np.uint8)


def _inverted(rng: random.Random, levels: Grey) -> Grey:
    return np.invert(levels) if rng.random() < 0.015 else levels


def _grey(levels: Cover) -> Grey:
    return np.clip(levels, 0, 255).astype(np.uint8)


def _levels(rng: random.Random) -> tuple[float, float]:
    paper = rng.uniform(185, 255) if rng.random() < 0.75 else rng.uniform(130, 255)
    return paper, rng.uniform(0, 90) if rng.random() < 0.85 else rng.uniform(0, min(150, paper - 60))


def _spread(rng: random.Random, cover: Cover) -> Cover:
    chance, height = rng.random(), cover.shape[0]
    if chance < 0.07 and height > 26:
        return cv2.dilate(cover, np.ones((2, 2), np.uint8)).astype(np.float32)
    if chance < 0.11 and height > 34:
        return cv2.erode(cover, np.ones(rng.choice(((2, 1), (1, 2))), np.uint8)).astype(np.float32)
    return np.clip(cover * np.float32(rng.uniform(0.8, 1.5)), 0, 1) if chance < 0.3 else cover


def _blur(rng: random.Random, cover: Cover, strength: float) -> Cover:
    chance = rng.random()
    if chance < 0.25:
        return cover
    if chance < 0.33:
        length = rng.randint(2, 4)
        kernel = np.full(rng.choice(((1, length), (length, 1))), 1 / length, np.float32)
        return cv2.filter2D(cover, -1, kernel).astype(np.float32)
    sigma = rng.uniform(0.25, 0.8) * strength * (cover.shape[0] / 40) ** 0.5
    return cv2.GaussianBlur(cover, (0, 0), sigma).astype(np.float32)


def _light(rng: random.Random, grey: Cover, strength: float) -> Cover:
    height, width = grey.shape
    if rng.random() < 0.5:
        ends = rng.uniform(-22, 22) * strength, rng.uniform(-22, 22) * strength
        grey = grey + np.linspace(*ends, width, dtype=np.float32)[None, :]
    if rng.random() < 0.2:
        grey = grey + np.linspace(rng.uniform(-18, 18), rng.uniform(-18, 18), height, dtype=np.float32)[:, None]
    if rng.random() < 0.05:
        edge = np.arange(width, dtype=np.float32) - rng.uniform(0, width)
        grey = grey * (1 - rng.uniform(0.05, 0.2) * (1 + np.tanh(edge / rng.uniform(4, 60))))
    return grey


def _stains(rng: random.Random, grey: Cover) -> Cover:
    height, width = grey.shape
    if rng.random() < 0.06:
        for _ in range(rng.randint(1, 14)):
            cv2.circle(
                grey, (rng.randrange(width), rng.randrange(height)), rng.randint(0, 1), (rng.uniform(0, 140),), -1
            )
    if rng.random() < 0.04:
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        wave = np.sin(x * rng.uniform(0.1, 0.6) + np.sin(y * rng.uniform(0.05, 0.3)) * 3 + y * rng.uniform(-0.5, 0.5))
        grey = grey + np.float32(rng.uniform(4, 16)) * wave
    if rng.random() < 0.03:
        paper, through = grey.max(), np.roll(grey[:, ::-1], rng.randint(-9, 9), 0)
        grey = np.minimum(grey, paper - (paper - through) * np.float32(rng.uniform(0.08, 0.25)))
    return grey


def _grain(rng: random.Random, grey: Cover, strength: float) -> Cover:
    if rng.random() > 0.75:
        return grey
    noise = np.random.default_rng(rng.getrandbits(64)).standard_normal(grey.shape, dtype=np.float32)
    if rng.random() < 0.3:
        noise = cv2.GaussianBlur(noise, (0, 0), rng.uniform(0.6, 1.5)).astype(np.float32) * 2
    return grey + noise * np.float32(rng.uniform(1, 9) * strength)


def _compressed(rng: random.Random, levels: Grey, strength: float) -> Grey:
    if rng.random() > 0.5:
        return levels
    quality = rng.randint(35, 92) if strength <= 1 else rng.randint(20, 75)
    encoded = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE).astype(np.uint8)


def _dither(rng: random.Random, levels: Grey) -> Grey:
    height, width = levels.shape
    tile = np.tile(_BAYER, (height // 4 + 1, width // 4 + 1))[:height, :width]
    spread = rng.uniform(60, 160)
    return np.where(levels > 128 - spread / 2 + spread * tile, 255, 0).astype(np.uint8)
