"""The line reader trained in this project (models/reader): a small CTC net for the whole Vietnamese alphabet."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from agent.reading.ctc import greedy, softmax
from agent.reading.engine import open_net
from agent.reading.lines import Crop
from agent.reading.text import require_vietnamese

_STEP_PX = 4
_SIDE_PX = 8


class NetCard(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the weights: class n writes charset[n − 1], class 0 is the blank."""

    charset: str
    height_px: int
    temperature: float


class OwnReader:
    """1–2 ms a line; its confidence is that of the line's least certain letter."""

    def __init__(self, net: Path, card: Path, *, threads: int = 1) -> None:
        self._card = msgspec.json.decode(card.read_bytes(), type=NetCard)
        require_vietnamese(self._card.charset)
        self._chars = ["", *self._card.charset]
        self._net = open_net(net, threads=threads)
        self._input = self._net.get_inputs()[0].name

    @property
    def charset(self) -> str:
        """Every character that it can write."""
        return self._card.charset

    def read(self, crops: Sequence[Crop]) -> list[tuple[str, float]]:
        """Return NFC text and confidence of each crop."""
        return [self._read_line(crop) for crop in crops]

    def _read_line(self, crop: Crop) -> tuple[str, float]:
        logits = self._net.run(None, {self._input: line_tensor(crop, self._card.height_px)})[0]
        chances = softmax(logits.reshape(-1, logits.shape[-1]), self._card.temperature)
        text, confidence = greedy(chances, self._chars)
        return unicodedata.normalize("NFC", text.strip()), confidence


def line_tensor(crop: Crop, height_px: int) -> NDArray[np.float32]:
    """Return a crop as the net takes it: [1, 1, height, W], mean 0, divided by its deviation plus 8 grey levels."""
    width = max(8, round(crop.shape[1] * height_px / crop.shape[0]))
    how = cv2.INTER_AREA if crop.shape[0] > height_px else cv2.INTER_LINEAR
    grey = cv2.resize(crop, (width, height_px), interpolation=how).astype(np.float32)
    line = (grey - grey.mean()) / (grey.std() + np.float32(8))
    room = -(-(width + 2 * _SIDE_PX) // _STEP_PX) * _STEP_PX
    sides = (_SIDE_PX, room - width - _SIDE_PX)
    padded = np.pad(line, ((0, 0), sides), constant_values=float(np.median(line[:, [0, 1, -2, -1]])))
    return np.ascontiguousarray(padded[None, None], dtype=np.float32)
