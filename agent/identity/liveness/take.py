"""What a camera saw during one challenge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .challenge import Challenge

Frames = NDArray[np.uint8]
"""RGB, shape (frames, height, width, 3)."""
Landmarks = NDArray[np.float64]
"""x, y in pixels, z in their scale (nearer is smaller); shape (frames, 468, 3), numbered as MediaPipe's face mesh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Frames, when each was exposed in seconds after the challenge began, and the face's landmarks in them."""

    challenge: Challenge
    frames: Frames
    times_s: NDArray[np.float64]
    landmarks: Landmarks
