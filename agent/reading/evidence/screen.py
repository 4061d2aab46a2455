"""The dots of a printed seal: a rubber stamp leaves ink, a colour copier lays a screen of dots."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.values import MM_PER_PX, Cue, Evidence, Pixels, Seal

_SIDE_PX = 384
_BAND = (0.22, 0.48)
"""Cycles a pixel at 300 dpi: screens of 65–145 lines an inch; finer ones a scanner at 300 dpi can't tell."""

_LEAST_PEAK = 9.5


def screened_seals(pixels: Pixels, seals: Sequence[Seal]) -> Iterator[Evidence]:
    """Yield each red seal whose ink is a regular screen of dots."""
    for seal in seals:
        peak = screen_peak(_middle(pixels, seal))
        if peak > _LEAST_PEAK:
            words = "con dấu đỏ gồm các chấm mực in đều đặn"
            yield Evidence(
                what=Cue.SCREENED_SEAL, box=seal.box, score=min(1.0, 0.6 + 0.4 * (peak / _LEAST_PEAK - 1)), words=words
            )


def screen_peak(green: NDArray[np.uint8]) -> float:
    """Return how far the strongest regular pattern of a picture stands out of its spectrum, in medians."""
    if min(green.shape) < _SIDE_PX // 2:
        return 0.0
    height, width = green.shape
    window = np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)
    power = np.abs(np.fft.rfft2((green - np.float32(green.mean())) * window))
    down, across = np.abs(np.fft.fftfreq(height))[:, None], np.fft.rfftfreq(width)[None, :]
    frequency = np.hypot(down, across)
    band = (frequency > _BAND[0]) & (frequency < _BAND[1]) & (down > 0.02) & (across > 0.02)
    rings = np.digitize(frequency, np.arange(_BAND[0], _BAND[1], 0.02))
    typical = np.array([np.median(power[band & (rings == ring)]) for ring in range(1, rings.max())])
    floor = typical[np.clip(rings - 1, 0, len(typical) - 1)]
    smooth = cv2.blur(power.astype(np.float32), (3, 3))
    return float((smooth / np.maximum(floor, 1e-3))[band].max())


def _middle(pixels: Pixels, seal: Seal) -> NDArray[np.uint8]:
    """Return the green channel (red ink is dark in it) of the middle of a seal."""
    x, y = ((seal.box[at] + seal.box[at + 2]) / 2 / MM_PER_PX for at in (0, 1))
    left, top = max(0, round(x) - _SIDE_PX // 2), max(0, round(y) - _SIDE_PX // 2)
    return pixels[top : top + _SIDE_PX, left : left + _SIDE_PX, 1]
