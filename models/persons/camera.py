"""The simulated camera: from linear light to the bytes of a frame."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .ranges import Ranges
from .solid import HEIGHT_PX, WIDTH_PX, Field, Floats

Frame = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""


_FINE = 8191
_LIGHT = np.arange(_FINE + 1) / _FINE
_SRGB = np.round(
    255 * np.where(_LIGHT <= 0.0031308, _LIGHT * 12.92, 1.055 * _LIGHT ** (1 / 2.4) - 0.055)
).astype(np.uint8)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """Exposure locked for the challenge, white balance, noise, blur, vignetting, row-wise gain and JPEG's quality."""

    gain: Floats
    noise: float
    blur_px: float
    vignette: float
    rows: float
    jpeg: int

    def take(self, light: Field, chance: np.random.Generator) -> Frame:
        """Return the frame of a picture in linear light."""
        exposed = cv2.GaussianBlur(light, (0, 0), self.blur_px) * self.gain.astype(np.float32)
        wave = self.rows * np.sin(np.linspace(0, 5, HEIGHT_PX) + chance.uniform(0, 6.3))
        exposed = exposed * (_falloff(self.vignette) * (1 + wave)[:, None])[..., None].astype(np.float32)
        spread = np.sqrt(self.noise**2 * (0.15 + np.clip(exposed, 0, 1)))
        noisy = exposed + spread * chance.standard_normal(exposed.shape, dtype=np.float32)
        bytes_ = _encoded(noisy)
        jpeg = cv2.imencode(".jpg", bytes_[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, self.jpeg])[1]
        return np.ascontiguousarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR)[..., ::-1])


def camera(chance: np.random.Generator, ranges: Ranges, brightest: float) -> Camera:
    """Return a camera exposed so that `brightest` (linear, the face under every light) does not clip."""
    balance = 1 + chance.uniform(-0.06, 0.06, 3)
    return Camera(
        gain=balance * chance.uniform(0.6, 0.85) / brightest,
        noise=float(chance.uniform(*ranges.noise)) * 2.0,
        blur_px=float(chance.uniform(*ranges.blur_px)),
        vignette=float(chance.uniform(0.05, 0.3)),
        rows=float(chance.uniform(0, 0.006)),
        jpeg=int(chance.integers(*ranges.jpeg)),
    )


def linear(frame: Frame) -> Field:
    """Return the linear light that sRGB bytes stand for (IEC 61966-2-1)."""
    value = np.arange(256) / 255
    table = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return np.asarray(table[frame])


def _encoded(light: Field) -> Frame:
    return np.asarray(_SRGB[(np.clip(light, 0, 1) * _FINE).astype(np.int32)])


def _falloff(strength: float) -> Floats:
    y, x = np.ogrid[-1 : 1 : HEIGHT_PX * 1j, -1 : 1 : WIDTH_PX * 1j]
    return np.asarray(1 - strength * (x**2 + y**2) / 2)
