"""The line reader of the asterocr package: only its weights, read by our own decoder."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from agent.reading.ctc import greedy
from agent.reading.engine import open_net
from agent.reading.lines import Crop
from agent.reading.text import require_vietnamese

HEIGHT_PX = 32
MAX_WIDTH_PX = 1020
"""Wider crops overrun the net's position table."""

_STEP_PX = 4


class AsterReader:
    """10.7 M parameters, 40–54 ms a line: the peer our own reader is measured against."""

    def __init__(self, net: Path, vocabulary: Path, *, threads: int = 1) -> None:
        chars: list[str] = json.loads(vocabulary.read_text(encoding="utf-8"))["chars"]
        self._chars = ["", *chars[1:]]
        require_vietnamese(self.charset)
        self._net = open_net(net, threads=threads)
        self._input = self._net.get_inputs()[0].name

    @property
    def charset(self) -> str:
        """Every character that it can write."""
        return "".join(self._chars)

    def read(self, crops: Sequence[Crop]) -> list[tuple[str, float]]:
        """Return NFC text and confidence of each crop; a long one is read in parts that are cut between words."""
        return [self._read_line(crop) for crop in crops]

    def _read_line(self, crop: Crop) -> tuple[str, float]:
        parts = [self._read_part(part) for part in _parts(_at_height(crop))]
        text = " ".join(text for text, _ in parts if text)
        return unicodedata.normalize("NFC", text), min(confidence for _, confidence in parts)

    def _read_part(self, part: Crop) -> tuple[str, float]:
        levels = part.astype(np.float32) / 127.5 - 1
        tensor = np.ascontiguousarray(np.broadcast_to(levels, (1, 3, *levels.shape)))
        log_chances = self._net.run(None, {self._input: tensor})[0][:, 0]
        text, confidence = greedy(np.exp(log_chances), self._chars)
        return text.strip(), confidence


def _at_height(crop: Crop) -> Crop:
    width = max(HEIGHT_PX, crop.shape[1] * HEIGHT_PX // crop.shape[0])
    whole_steps = -(-width // _STEP_PX) * _STEP_PX
    return cv2.resize(crop, (whole_steps, HEIGHT_PX), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _parts(line: Crop) -> Iterator[Crop]:
    """Yield the line in parts of at most MAX_WIDTH_PX, cut in the widest gap of the second half of what fits."""
    while line.shape[1] > MAX_WIDTH_PX:
        cut = _widest_gap(line, MAX_WIDTH_PX // 2, MAX_WIDTH_PX)
        yield line[:, :cut]
        line = line[:, cut:]
    yield line


def _widest_gap(line: Crop, first: int, last: int) -> int:
    spread = line[:, first:last].max(axis=0).astype(np.int16) - line[:, first:last].min(axis=0)
    empty = spread < 0.35 * spread.max()
    gaps = np.split(np.arange(first, last), np.flatnonzero(np.diff(empty)) + 1)
    widest = max(gaps, key=lambda gap: len(gap) if empty[gap[0] - first] else 0)
    return int(widest[len(widest) // 2]) // _STEP_PX * _STEP_PX
