"""Chips that are drawn, not photographed: what the converted network is compared with the original on."""

import cv2
import numpy as np
import numpy.typing as npt

from models.face.network import CHIP_PX

__all__ = ["drawn_chips"]

Pixels = npt.NDArray[np.uint8]


def drawn_chips(count: int, seed: int) -> Pixels:
    """Return chips [N, 150, 150, 3]: noise first, then faces of ellipses; the same for the same seed."""
    dice = np.random.default_rng(seed)
    noise = dice.integers(0, 256, (CHIP_PX, CHIP_PX, 3), dtype=np.uint8)
    return np.stack([noise, *(_face(dice) for _ in range(count - 1))])


def _face(dice: np.random.Generator) -> Pixels:
    chip = np.full((CHIP_PX, CHIP_PX, 3), dice.integers(0, 256, 3), np.uint8)
    skin = dice.integers(60, 240, 3)
    _ellipse(chip, (75, 78), (int(dice.integers(48, 62)), int(dice.integers(62, 74))), skin)
    for x in (50, 100):
        _ellipse(chip, (x, 62), (int(dice.integers(8, 13)), int(dice.integers(4, 8))), np.array([235, 235, 235]))
        _ellipse(chip, (x, 62), (4, 4), dice.integers(0, 120, 3))
        _ellipse(chip, (x, 50), (14, int(dice.integers(1, 4))), dice.integers(0, 90, 3))
    _ellipse(chip, (75, 88), (8, int(dice.integers(10, 18))), skin * 0.85)
    _ellipse(chip, (75, 112), (int(dice.integers(14, 26)), int(dice.integers(3, 9))), dice.integers(60, 200, 3))
    return np.asarray(cv2.GaussianBlur(chip, (0, 0), 1.5), np.uint8)


def _ellipse(chip: Pixels, middle: tuple[int, int], radii: tuple[int, int], colour: npt.NDArray[np.generic]) -> None:
    red, green, blue = (float(part) for part in colour)
    cv2.ellipse(chip, middle, radii, 0, 0, 360, (red, green, blue), -1)
