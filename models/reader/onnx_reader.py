"""The exported reader on ONNX Runtime, one line at a time on one thread."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from models.reader.charset import prepare
from models.reader.views import loosened

__all__ = ["Look", "OnnxReader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Logits [T, C] of a line and of the same line seen a little smaller."""

    first: npt.NDArray[np.float32]
    second: npt.NDArray[np.float32]


class OnnxReader:
    """An exported net on one thread."""

    def __init__(self, file: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def logits(self, grey: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Logits [T, C] of one grey line [40, W]."""
        (logits,) = self._session.run(None, {"x": prepare(grey)})
        return np.asarray(logits[0], np.float32)

    def look(self, grey: npt.NDArray[np.uint8]) -> Look:
        """Logits of one grey line [40, W] and of a second look at it."""
        return Look(first=self.logits(grey), second=self.logits(loosened(grey)))
