"""PP-OCRv4 as the package rapidocr-onnxruntime runs it: its detector finds lines, its recogniser reads them."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidocr_onnxruntime import RapidOCR

from agent.reading.values import Found, Pixels

Grey = NDArray[np.uint8]


class PaddleFinder:
    """The detector on one thread; every polygon is cut out flat, as the package cuts it for its recogniser."""

    def __init__(self, *, threads: int = 1) -> None:
        self._engine = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)

    def find(self, page: Pixels) -> list[Found]:
        """Return the lines of a page (RGB) in the package's order."""
        picture = np.ascontiguousarray(page[:, :, ::-1])
        polygons, _ = self._engine(picture, use_cls=False, use_rec=False)
        corners = [np.array(polygon, np.float32) for polygon in polygons or []]
        return [_found(corner, picture) for corner in corners]


class PaddleReader:
    """The recogniser on one thread; it can't write Vietnamese."""

    def __init__(self, *, threads: int = 1) -> None:
        self._engine = RapidOCR(intra_op_num_threads=threads, inter_op_num_threads=1)

    def read(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Return text and confidence of each grey crop."""
        return [self._read_line(crop) for crop in crops]

    def _read_line(self, crop: Grey) -> tuple[str, float]:
        read, _ = self._engine(cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False)
        text, chance = read[0] if read else ("", 0.0)
        return str(text), float(chance)


def _found(corners: NDArray[np.float32], picture: Pixels) -> Found:
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    width = max(1, round(max(_side(corners, 0, 1), _side(corners, 3, 2))))
    height = max(1, round(max(_side(corners, 0, 3), _side(corners, 1, 2))))
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    crop = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners, flat), (width, height))
    return Found(box=(int(x0), int(y0), int(x1), int(y1)), crop=cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.uint8))


def _side(corners: NDArray[np.float32], one: int, other: int) -> float:
    return float(np.linalg.norm(corners[one] - corners[other]))
