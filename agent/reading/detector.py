"""Where print is: boxes around runs of text, by the PP-OCRv4 detector (differentiable binarisation)."""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.engine import open_net
from agent.reading.values import Pixels

LONG_SIDE_PX = 960
"""Finds the same lines on A4 as 1600 px does, in a quarter of the time."""

_MULTIPLE = 32
_CORE_THRESHOLD = 0.3
_BOX_THRESHOLD = 0.5
_UNCLIP = 1.6  # the net sees the shrunk core of a line: grow it back by area / circumference times this
_SMALLEST_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text on a page, in pixels of that page: upright box (x0, y0, x1, y1) and the net's confidence."""

    x0: float
    y0: float
    x1: float
    y1: float
    score: float

    @property
    def height(self) -> float:
        """Height of the box."""
        return self.y1 - self.y0

    def moved(self, dx: float, dy: float) -> "Run":
        """Return the run shifted."""
        return replace(self, x0=self.x0 + dx, y0=self.y0 + dy, x1=self.x1 + dx, y1=self.y1 + dy)

    @property
    def middle(self) -> float:
        """The y of the box's middle."""
        return (self.y0 + self.y1) / 2


class Detector:
    """The net, loaded once."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        self._net = open_net(path, threads=threads)
        self._input = self._net.get_inputs()[0].name

    def runs(self, pixels: Pixels) -> list[Run]:
        """Return the runs of text on an upright, straightened page, in no order."""
        height, width = pixels.shape[:2]
        small = _shrink(pixels)
        chances = self._net.run(None, {self._input: _tensor(small)})[0][0, 0]
        across, down = width / small.shape[1], height / small.shape[0]
        return [_scaled(run, across, down) for run in _boxes(chances)]


def _shrink(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, LONG_SIDE_PX / max(height, width))
    size = [max(_MULTIPLE, round(side * scale / _MULTIPLE) * _MULTIPLE) for side in (width, height)]
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8)


def _tensor(pixels: Pixels) -> NDArray[np.float32]:
    levels = pixels[:, :, ::-1].astype(np.float32) / 127.5 - 1
    return np.ascontiguousarray(levels.transpose(2, 0, 1)[None])


def _boxes(chances: NDArray[np.float32]) -> list[Run]:
    core = cv2.dilate((chances > _CORE_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core)
    sums = np.bincount(labels.ravel(), chances.ravel(), count)
    found = []
    for label in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[label])
        score = float(sums[label] / area)
        if min(width, height) >= _SMALLEST_PX and score >= _BOX_THRESHOLD:
            found.append(_grown(x, y, width, height, area, score))
    return found


def _grown(x: int, y: int, width: int, height: int, area: int, score: float) -> Run:
    thickness = min(height, area / width)
    by = width * thickness * _UNCLIP / (2 * (width + thickness))
    return Run(x0=x - by, y0=y - by, x1=x + width + by, y1=y + height + by, score=score)


def _scaled(run: Run, across: float, down: float) -> Run:
    return Run(
        x0=max(0.0, run.x0 * across), y0=max(0.0, run.y0 * down), x1=run.x1 * across, y1=run.y1 * down, score=run.score
    )
