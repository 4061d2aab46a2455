"""The face mesh: 468 points of a face, in a picture or followed from frame to frame (MediaPipe Face Mesh, Apache-2.0).

The net and its cropping rule: Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs"
(2019): a square of 1.5 times the face, upright, 192 px wide. z has the scale of x; smaller is nearer to the camera.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.identity.tflite import Interpreter
from models.manifest import verified

__all__ = ["POINTS", "WEIGHT", "FaceMesh", "Picture", "Points", "Region", "opened"]

Picture = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""
Points = NDArray[np.float32]
"""Landmarks in pixels, shape (468, 3) or (frames, 468, 3)."""

WEIGHT = "face-mesh"
POINTS = 468
_SIDE_PX = 192
_MARGIN = 1.5
_LEFT_EYE, _RIGHT_EYE = 33, 263


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a face lies: middle and longer side in pixels, and by how much its eyes' line is turned (clockwise)."""

    x: float
    y: float
    side_px: float
    tilt_rad: float = 0.0


class FaceMesh:
    """Lays the mesh on one face."""

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
                seen = self.look(frame, _spanned(near))
                if seen is None:
                    return None
                near = seen
            found.append(near)
        return np.stack(found)

    def look(self, frame: Picture, region: Region, *, least: float = 0.5) -> Points | None:
        """Return the landmarks of the face in `region`, or None if the net sees one there with less than `least`."""
        to_crop = _crop(region)
        crop = cv2.warpAffine(frame, to_crop, (_SIDE_PX, _SIDE_PX), borderMode=cv2.BORDER_REPLICATE)
        self._net.set_tensor(self._input, crop[None].astype(np.float32) / 255)
        self._net.invoke()
        if 1 / (1 + np.exp(-float(self._net.get_tensor(self._present).ravel()[0]))) < least:
            return None
        points = self._net.get_tensor(self._points).reshape(POINTS, 3)
        back = cv2.invertAffineTransform(to_crop)
        scale = float(np.hypot(back[0, 0], back[1, 0]))
        return np.column_stack([points[:, :2] @ back[:, :2].T + back[:, 2], points[:, 2] * scale]).astype(np.float32)


@cache
def opened() -> FaceMesh:
    """Return the mesh with its weights; raise ModelError."""
    return FaceMesh(verified(WEIGHT))


def _spanned(near: Points) -> Region:
    flat = near[:, :2].astype(np.float64)
    x, y = (flat.min(axis=0) + flat.max(axis=0)) / 2
    across = flat[_RIGHT_EYE] - flat[_LEFT_EYE] if len(flat) == POINTS else np.array([1.0, 0.0])
    tilt_rad = float(np.arctan2(across[1], across[0]))
    return Region(x=float(x), y=float(y), side_px=float(np.ptp(flat, axis=0).max()), tilt_rad=tilt_rad)


def _crop(region: Region) -> NDArray[np.float64]:
    scale = _SIDE_PX / (_MARGIN * region.side_px)
    cosine, sine = scale * np.cos(region.tilt_rad), scale * np.sin(region.tilt_rad)
    turn = np.array([[cosine, sine], [-sine, cosine]])
    return np.column_stack([turn, _SIDE_PX / 2 - turn @ (region.x, region.y)])
