"""Faces in a picture, each picture for itself: MediaPipe's detector says where, its mesh is laid on each."""

import cv2
import numpy as np

from agent.identity.face.detector import WEIGHT, FaceDetector
from agent.identity.face.values import Landmarks, Picture
from agent.identity.face_mesh import opened
from models.manifest import verified

__all__ = ["FaceFinder"]
_MOST = 4
_LONGER_PX = 640
"""The nets see 128 and 192 px; a larger picture would cost time and give them nothing."""


class FaceFinder:
    """Finds up to four faces; `lenient` for pictures that are known to hold one and show it badly."""

    def __init__(self, *, lenient: bool = False) -> None:
        self._detected, self._meshed = (0.2, 0.1) if lenient else (0.5, 0.5)
        self._detector, self._mesh = FaceDetector(verified(WEIGHT)), opened()

    def find(self, picture: Picture) -> list[Landmarks]:
        """Return the landmarks of each face in the picture's own pixels, the largest face first."""
        seen = _seen(picture)
        regions = self._detector.find(seen, least=self._detected)[:_MOST]
        found = [self._mesh.look(seen, region, least=self._meshed) for region in regions]
        scale = np.float32(max(picture.shape) / max(seen.shape))
        return sorted((face * scale for face in found if face is not None), key=lambda face: -float(np.ptp(face[:, 1])))


def _seen(picture: Picture) -> Picture:
    longer = max(picture.shape[:2])
    if longer <= _LONGER_PX:
        return picture
    scale = _LONGER_PX / longer
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
