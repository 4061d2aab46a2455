"""Where in a picture faces are: MediaPipe's BlazeFace for short range (Apache-2.0), up to about 2 m from the camera.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs" (2019): the picture is fitted into
128 px, 896 anchors each give a score, a box and six points; boxes that overlap are blended by their scores.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.identity.face.values import Picture
from agent.identity.face_mesh import Region
from agent.identity.tflite import Interpreter

__all__ = ["WEIGHT", "FaceDetector"]

WEIGHT = "face-detector"
_SIDE_PX = 128
_GRIDS = (16, 2), (8, 6)
"""Cells a side, and anchors in the middle of each cell."""
_SAME_FACE = 0.3
_Boxes = NDArray[np.float64]
"""Shape (n, 8), in shares of the fitted square: left, top, right, bottom, then x and y of each eye, left one first."""


class FaceDetector:
    """Finds upright faces, the surest first."""

    def __init__(self, net: Path) -> None:
        self._net = Interpreter(str(net), num_threads=1)
        self._net.allocate_tensors()
        self._input = self._net.get_input_details()[0]["index"]
        self._boxes, self._scores = (each["index"] for each in self._net.get_output_details())
        self._anchors = _anchors()

    def find(self, picture: Picture, *, least: float) -> list[Region]:
        """Return the regions, in the picture's pixels, of faces with a score of at least `least` (0..1)."""
        height, width = picture.shape[:2]
        longer = max(height, width)
        beside = np.array([(longer - width) / 2, (longer - height) / 2])
        self._net.set_tensor(self._input, _fitted(picture, beside)[None])
        self._net.invoke()
        scores = 1 / (1 + np.exp(-np.clip(self._net.get_tensor(self._scores)[0, :, 0].astype(np.float64), -100, 100)))
        kept = scores >= least
        boxes = _placed(self._net.get_tensor(self._boxes)[0][kept], self._anchors[kept])
        return [_region(box * longer - np.tile(beside, 4)) for box in _blended(boxes, scores[kept])]


def _fitted(picture: Picture, beside: NDArray[np.float64]) -> NDArray[np.float32]:
    scale = _SIDE_PX / max(picture.shape[:2])
    move = np.column_stack([np.eye(2) * scale, beside * scale])
    return cv2.warpAffine(picture, move, (_SIDE_PX, _SIDE_PX)).astype(np.float32) / 127.5 - 1


def _anchors() -> NDArray[np.float64]:
    middles = []
    for cells, each in _GRIDS:
        at = (np.arange(cells) + 0.5) / cells
        middles.append(np.repeat(np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2), each, axis=0))
    return np.concatenate(middles)


def _placed(raw: NDArray[np.float32], anchors: NDArray[np.float64]) -> _Boxes:
    shares = raw.astype(np.float64) / _SIDE_PX
    middle, half = shares[:, :2] + anchors, shares[:, 2:4] / 2
    return np.column_stack([middle - half, middle + half, shares[:, 4:8] + np.tile(anchors, 2)])


def _blended(boxes: _Boxes, scores: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    left, found = np.argsort(-scores, kind="stable"), []
    while len(left):
        same = _overlap(boxes[left[0]], boxes[left]) > _SAME_FACE
        found.append(np.average(boxes[left[same]], axis=0, weights=scores[left[same]]))
        left = left[~same]
    return found


def _overlap(box: NDArray[np.float64], boxes: _Boxes) -> NDArray[np.float64]:
    sides = np.clip(np.minimum(box[2:4], boxes[:, 2:4]) - np.maximum(box[:2], boxes[:, :2]), 0, None)
    both = sides.prod(axis=1)
    return np.asarray(both / (np.prod(box[2:4] - box[:2]) + (boxes[:, 2:4] - boxes[:, :2]).prod(axis=1) - both))


def _region(box: NDArray[np.float64]) -> Region:
    (x, y), (width, height), eyes = (box[:2] + box[2:4]) / 2, box[2:4] - box[:2], box[6:8] - box[4:6]
    tilt_rad = float(np.arctan2(eyes[1], eyes[0]))
    return Region(x=float(x), y=float(y), side_px=float(max(width, height)), tilt_rad=tilt_rad)
