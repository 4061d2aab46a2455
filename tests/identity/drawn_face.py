"""A face that is drawn, nobody's: shaded ellipses that a face detector takes for a person."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[float, float, float]

_SKINS: tuple[Colour, ...] = ((224, 182, 155), (141, 96, 70), (196, 150, 120))


def draw_face(person: int = 0, *, side_px: int = 480, height: float = 0.62, light: float = 1.0) -> Picture:
    """Return a picture [side, side, 3] with one face, `height` of it high."""
    dice = np.random.default_rng(person)
    picture = np.full((side_px, side_px, 3), (150, 160, 165), np.float32)
    size, middle = height * side_px / 2, side_px / 2
    skin = np.array(_SKINS[person % len(_SKINS)]) + dice.uniform(-10, 10, 3)
    wide, eyes, mouth = dice.uniform(0.68, 0.80), dice.uniform(0.28, 0.36), dice.uniform(0.20, 0.32)

    def blot(x: float, y: float, across: float, down: float, colour: NDArray[np.float64] | Colour, soft: float) -> None:
        layer = np.zeros((side_px, side_px), np.uint8)
        place = round(middle + x * size), round(middle + y * size)
        cv2.ellipse(layer, place, (max(1, round(across * size)), max(1, round(down * size))), 0, 0, 360, 255, -1)
        cover = cv2.GaussianBlur(layer, (0, 0), max(0.6, soft * size)).astype(np.float32)[..., None] / 255
        picture[:] = picture * (1 - cover) + np.array(colour, np.float32) * cover

    blot(0, -0.22, wide + 0.10, 0.98, (35, 28, 25), 0.03)
    blot(0, 1.25, 0.35, 0.6, skin * 0.75, 0.03)
    blot(0, 0, wide, 1.0, skin, 0.02)
    blot(0, -0.95, wide * 0.9, 0.3, (35, 28, 25), 0.05)
    for side in (-1, 1):
        blot(side * 0.55, 0.1, 0.15, 0.5, skin * 0.85, 0.12)
        blot(side * eyes, -0.13, 0.2, 0.12, skin * 0.75, 0.05)
        blot(side * eyes, -0.12, 0.15, 0.06, (235, 235, 230), 0.01)
        blot(side * eyes, -0.12, 0.06, 0.06, (50, 35, 25), 0.008)
        blot(side * eyes, -0.31, 0.2, dice.uniform(0.025, 0.05), (45, 35, 30), 0.015)
        blot(side * 0.09, 0.27, 0.035, 0.02, skin * 0.45, 0.015)
    blot(0.06, 0.05, 0.05, 0.2, skin * 0.85, 0.04)
    blot(0, 0.2, 0.09, 0.08, skin * 1.08, 0.04)
    blot(0, 0.5, mouth, 0.075, (165, 85, 80), 0.015)
    blot(0, 0.5, mouth * 0.95, 0.01, (80, 35, 35), 0.006)
    return np.asarray(np.clip(picture * light, 0, 255), np.uint8)
