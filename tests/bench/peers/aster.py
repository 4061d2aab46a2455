"""The line reader of the asterocr package: its weights, read by a greedy decoder (its own needs torch)."""

import importlib.util
import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.reading.engine import open_net

HEIGHT_PX = 32
MAX_WIDTH_PX = 1020
"""Wider crops overrun the net's position table."""

_STEP_PX = 4
Grey = NDArray[np.uint8]


class AsterReader:
    """10.7 M parameters, 40–54 ms a line."""

    def __init__(self, *, threads: int = 1) -> None:
        assets = _package_folder() / "assets"
        chars: list[str] = json.loads((assets / "vocab.json").read_text(encoding="utf-8"))["chars"]
        self._chars = ["", *chars[1:]]
        self._net = open_net(assets / "asternet.onnx", threads=threads)
        self._input = self._net.get_inputs()[0].name

    def read(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Return NFC text and confidence of each grey crop; a long one is read in parts that are cut between words."""
        return [self._read_line(crop) for crop in crops]

    def _read_line(self, crop: Grey) -> tuple[str, float]:
        parts = [self._read_part(part) for part in _parts(_at_height(crop))]
        text = " ".join(text for text, _ in parts if text)
        return unicodedata.normalize("NFC", text), min(confidence for _, confidence in parts)

    def _read_part(self, part: Grey) -> tuple[str, float]:
        levels = part.astype(np.float32) / 127.5 - 1
        tensor = np.ascontiguousarray(np.broadcast_to(levels, (1, 3, *levels.shape)))
        chances = np.exp(self._net.run(None, {self._input: tensor})[0][:, 0])
        best = chances.argmax(axis=1)
        starts = np.flatnonzero(np.diff(best, prepend=-1))
        text = "".join(self._chars[label] for label in best[starts])
        return text.strip(), float(np.maximum.reduceat(chances.max(axis=1), starts).min())


def _package_folder() -> Path:
    spec = importlib.util.find_spec("asterocr")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("The peer asterocr is not installed. Run `make setup`, which installs it.")
    return Path(next(iter(spec.submodule_search_locations)))


def _at_height(crop: Grey) -> Grey:
    width = max(HEIGHT_PX, crop.shape[1] * HEIGHT_PX // crop.shape[0])
    whole_steps = -(-width // _STEP_PX) * _STEP_PX
    return cv2.resize(crop, (whole_steps, HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _parts(line: Grey) -> Iterator[Grey]:
    """Yield the line in parts of at most MAX_WIDTH_PX, cut in the widest gap of the second half of what fits."""
    while line.shape[1] > MAX_WIDTH_PX:
        cut = _widest_gap(line, MAX_WIDTH_PX // 2, MAX_WIDTH_PX)
        yield line[:, :cut]
        line = line[:, cut:]
    yield line


def _widest_gap(line: Grey, first: int, last: int) -> int:
    spread = line[:, first:last].max(axis=0).astype(np.int16) - line[:, first:last].min(axis=0)
    empty = spread < 0.35 * spread.max()
    gaps = np.split(np.arange(first, last), np.flatnonzero(np.diff(empty)) + 1)
    widest = max(gaps, key=lambda gap: len(gap) if empty[gap[0] - first] else 0)
    return int(widest[len(widest) // 2]) // _STEP_PX * _STEP_PX
