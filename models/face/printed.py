"""A portrait as an identity card prints it and a camera sees it: small, washed out, under guilloche lines and glare.

Simulated: no real card was measured, and the strengths are a guess. On the development pairs the plain network's equal
error rate is 0.055 (`python -m tests.bench.identity_face`).
"""

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["print_portrait"]

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_PORTRAIT_PX = (50, 66)
"""Shorter side of the portrait after printing: the screen of the printer and the camera leave no more."""
_SHOWN_PX = 250
"""Shorter side that the picture is brought back to."""
_WAVES = 2


def print_portrait(portrait: Pixels, seed: int) -> Pixels:
    """Return a portrait RGB [H, W, 3] as printed, seen and enlarged to the shorter side of 250 px; same seed, same."""
    dice = np.random.default_rng(seed)
    small = _sized(portrait, int(dice.integers(*_PORTRAIT_PX)), cv2.INTER_AREA).astype(np.float32) / 255
    seen = _glare(_guilloche(_washed_out(small, dice), dice), dice)
    seen += dice.normal(0, dice.uniform(0.01, 0.03), seen.shape).astype(np.float32)
    return _sized(np.asarray(np.clip(seen * 255, 0, 255).round(), np.uint8), _SHOWN_PX, cv2.INTER_CUBIC)


def _sized(picture: Pixels, shorter_px: int, interpolation: int) -> Pixels:
    height, width = picture.shape[:2]
    scale = shorter_px / min(height, width)
    size = round(width * scale), round(height * scale)
    return np.asarray(cv2.resize(picture, size, interpolation=interpolation), np.uint8)


def _washed_out(picture: Floats, dice: np.random.Generator) -> Floats:
    """Less contrast, less colour, a tint."""
    contrast, saturation = dice.uniform(0.55, 0.85), dice.uniform(0.1, 0.7)
    grey = picture.mean(axis=2, keepdims=True)
    picture = grey + saturation * (picture - grey)
    tint = 1 + dice.uniform(-0.06, 0.06, 3)
    lift = dice.uniform(0.1, 1 - contrast)
    return np.asarray((picture * contrast + lift) * tint, np.float32)


def _guilloche(picture: Floats, dice: np.random.Generator) -> Floats:
    """Fine coloured waves across the portrait."""
    y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    for _ in range(_WAVES):
        angle, pitch_px = dice.uniform(0, np.pi), dice.uniform(3, 7)
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        wave = dice.uniform(1, 3) * np.sin(2 * np.pi * (along / dice.uniform(12, 30) + dice.random()))
        line = np.clip(np.cos(2 * np.pi * (across + wave) / pitch_px) * 2 - 1, 0, 1)
        ink = dice.uniform(0, 0.6, 3)
        cover = dice.uniform(0.04, 0.11) * line[..., None]
        picture = picture * (1 - cover) + ink * cover
    return np.asarray(picture, np.float32)


def _glare(picture: Floats, dice: np.random.Generator) -> Floats:
    """A bright patch of lamplight on the laminate."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    centre_x, centre_y = dice.uniform(0.1, 0.9) * width, dice.uniform(0.1, 0.9) * height
    size = dice.uniform(0.08, 0.25) * min(height, width)
    patch = np.exp(-(((x - centre_x) / size) ** 2 + ((y - centre_y) / size / dice.uniform(1, 3)) ** 2))
    return np.asarray(picture + dice.uniform(0.1, 0.5) * patch[..., None] * (1 - picture), np.float32)
