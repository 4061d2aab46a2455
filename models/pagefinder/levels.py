"""What the page finder's net takes: a photograph shrunk onto a grey square that leaves room around it."""

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE_PX = 192
ROOM_PX = 16
"""Empty on every side, where the net continues a paper that the picture cuts off."""
MASK_PX = SIDE_PX // 2
LAYERS = ("paper", "other", "hand", "glare")
CHANNELS = 5

_WINDOWS_PX = (5, 19)
_FAINT = 4.0  # grey levels: what varies less is not made to look like more

Levels = NDArray[np.float32]


def scale_of(width_px: int, height_px: int) -> float:
    """Return how many pixels of the square a pixel of the picture becomes."""
    return (SIDE_PX - 2 * ROOM_PX) / max(width_px, height_px)


def on_square(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture (RGB, any size) shrunk onto the square, (SIDE_PX, SIDE_PX, 3), its rim continued outwards."""
    scale = scale_of(pixels.shape[1], pixels.shape[0])
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    right, below = SIDE_PX - ROOM_PX - size[0], SIDE_PX - ROOM_PX - size[1]
    return cv2.copyMakeBorder(small, ROOM_PX, below, ROOM_PX, right, cv2.BORDER_CONSTANT, value=(128,) * 3).astype(
        np.uint8
    )


def levels_of(square: NDArray[np.uint8]) -> Levels:
    """Return the square as the net takes it, (CHANNELS, SIDE_PX, SIDE_PX): colours, and lightness against its
    surroundings in two sizes, in units of how much these vary, so that a pale edge on a pale table counts too.
    """  # fmt: skip
    grey = square.mean(axis=2, dtype=np.float32)
    colours = square.transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
    contrasts = np.stack([_contrast(grey, window) for window in _WINDOWS_PX])
    return np.asarray(np.concatenate([colours, contrasts]), np.float32)


def _contrast(grey: Levels, window_px: int) -> Levels:
    size = (window_px, window_px)
    mean = cv2.blur(grey, size)
    spread = np.sqrt(np.maximum(cv2.blur(grey * grey, size) - mean * mean, 0))
    return np.asarray((grey - mean) / (spread + _FAINT), np.float32)


def to_square(points: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Return pixels of the picture as pixels of the square."""
    return np.asarray((points + 0.5) * scale - 0.5 + ROOM_PX)


def from_mask(points: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Return pixels of the net's mask as pixels of the picture."""
    return np.asarray(((points + 0.5) * SIDE_PX / MASK_PX - ROOM_PX) / scale - 0.5)


def to_mask(points: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Return pixels of the picture as pixels of the net's mask."""
    return np.asarray((to_square(points, scale) + 0.5) * MASK_PX / SIDE_PX - 0.5)
