"""The face mesh: 468 points of a face that is followed from frame to frame (MediaPipe Face Mesh, Apache-2.0).

The net and its cropping rule: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs"
(2019): a square of 1.5 times the face, upright, 192 px wide. z has the scale of x; smaller is nearer to the camera.
"""

import importlib.util
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tflite_runtime.interpreter import Interpreter

Picture = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""
Points = NDArray[np.float32]
"""Landmarks in pixels, shape (468, 3) or (frames, 468, 3)."""

POINTS = 468
_SIDE_PX = 192
_MARGIN = 1.5
_LEFT_EYE, _RIGHT_EYE = 33, 263
_PRESENT_LOGIT = 0.0


class FaceMesh:
    """Follows one face through a sequence of frames."""

    def __init__(self, net: Path) -> None:
        self._net = Interpreter(str(net), num_threads=1)
        self._net.allocate_tensors()
        self._input = self._net.get_input_details()[0]["index"]
        self._points, self._present = (each["index"] for each in self._net.get_output_details())

    def follow(self, frames: NDArray[np.uint8], first: Points) -> Points | None:
        """Return the landmarks of every frame, or None once the face is lost.

        `first` is where a detector saw the face in the first frame: any points (n, 2 or 3) in pixels that span it.
        """
        near, found = first, []
        for at, frame in enumerate(frames):
            for _ in range(1 if at else 3):
                seen = self.look(frame, near)
                if seen is None:
                    return None
                near = seen
            found.append(near)
        return np.stack(found)

    def look(self, frame: Picture, near: Points) -> Points | None:
        """Return the landmarks of the face that fills the region of `near`, or None if there is no face."""
        to_crop = _crop(near)
        crop = cv2.warpAffine(frame, to_crop, (_SIDE_PX, _SIDE_PX), flags=cv2.INTER_AREA | cv2.INTER_LINEAR)
        self._net.set_tensor(self._input, crop[None].astype(np.float32) / 255)
        self._net.invoke()
        if float(self._net.get_tensor(self._present).ravel()[0]) < _PRESENT_LOGIT:
            return None
        points = self._net.get_tensor(self._points).reshape(POINTS, 3)
        back = cv2.invertAffineTransform(to_crop)
        scale = float(np.hypot(back[0, 0], back[1, 0]))
        return np.column_stack([points[:, :2] @ back[:, :2].T + back[:, 2], points[:, 2] * scale]).astype(np.float32)


@cache
def opened() -> FaceMesh:
    """Return the mesh with the weights that the package mediapipe brings; raise FileNotFoundError without it."""
    package = importlib.util.find_spec("mediapipe")
    if package is None or package.origin is None:
        raise FileNotFoundError(
            "The face mesh's weights come with mediapipe, which is not installed: run `make setup`."
        )
    return FaceMesh(Path(package.origin).parent / "modules/face_landmark/face_landmark.tflite")


def _crop(near: Points) -> NDArray[np.float64]:
    flat = near[:, :2].astype(np.float64)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    side = _MARGIN * float(np.ptp(flat, axis=0).max())
    across = flat[_RIGHT_EYE] - flat[_LEFT_EYE] if len(flat) == POINTS else np.array([1.0, 0.0])
    tilt = float(np.arctan2(across[1], across[0]))
    scale = _SIDE_PX / side
    turn = scale * np.array([[np.cos(tilt), np.sin(tilt)], [-np.sin(tilt), np.cos(tilt)]])
    return np.column_stack([turn, _SIDE_PX / 2 - turn @ middle])
