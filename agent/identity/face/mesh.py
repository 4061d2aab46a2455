"""Faces in a picture: detector and mesh of MediaPipe 0.10.18 (Apache-2.0), each picture for itself, one thread."""

from types import TracebackType

import cv2
import numpy as np
from mediapipe.python.solutions.face_mesh import FaceMesh

from agent.identity.face.values import Landmarks, Picture

__all__ = ["FaceFinder"]

_MOST = 4
_LONGER_PX = 640
"""The nets see 128 and 192 px; a larger picture would cost time and give them nothing."""


class FaceFinder:
    """Finds up to four faces; `lenient` for pictures that are known to hold one and show it badly."""

    def __init__(self, *, lenient: bool = False) -> None:
        detected, meshed = (0.2, 0.1) if lenient else (0.5, 0.5)
        self._mesh = FaceMesh(
            static_image_mode=True,
            max_num_faces=_MOST,
            min_detection_confidence=detected,
            min_tracking_confidence=meshed,
        )

    def __enter__(self) -> "FaceFinder":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the nets back; nothing can be found afterwards."""
        self._mesh.close()

    def find(self, picture: Picture) -> list[Landmarks]:
        """Return the landmarks of each face in the picture's own pixels, the largest face first."""
        height, width = picture.shape[:2]
        found = self._mesh.process(_seen(picture)).multi_face_landmarks or []
        size = np.array([width, height, width], np.float32)
        faces = [np.array([(p.x, p.y, p.z) for p in face.landmark], np.float32) * size for face in found]
        return sorted(faces, key=lambda face: -float(np.ptp(face[:, 1])))


def _seen(picture: Picture) -> Picture:
    longer = max(picture.shape[:2])
    if longer <= _LONGER_PX:
        return np.ascontiguousarray(picture)
    scale = _LONGER_PX / longer
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
