"""The exported reader on ONNX Runtime, one line at a time on one thread."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from models.reader.charset import prepare

__all__ = ["OnnxReader"]


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
