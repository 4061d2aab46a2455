"""What the comparison of faces takes and says."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""
Landmarks = NDArray[np.float32]
"""MediaPipe's face mesh in pixels, shape (468, 3); z has the scale of x, smaller is nearer to the camera."""
Embedding = NDArray[np.float32]
"""Shape (128,); two pictures of a person lie close together (Euclidean distance)."""


class Reference(StrEnum):
    """Where the portrait comes from that the live face is compared with; each has its own thresholds."""

    CHIP_PORTRAIT = "chip-portrait"
    """DG2 of the chip (ICAO 9303-10): the picture as it was taken."""
    PRINTED_PORTRAIT = "printed-portrait"
    """The portrait on the card's face as camera or scanner see it."""


class Verdict(StrEnum):
    """What the machine says to the officer."""

    MATCH = "match"
    NO_MATCH = "no-match"
    UNSURE = "unsure"
    """Between the two thresholds: only a person can say."""


class FaceProblem(StrEnum):
    """Why a picture can't be used; `vi` and `en` are the sentences on the screen."""

    vi: str
    en: str

    def __new__(cls, code: str, vi: str, en: str) -> "FaceProblem":
        """Make the member of this code with its sentences."""
        problem = str.__new__(cls, code)
        problem._value_ = code
        problem.vi, problem.en = vi, en
        return problem

    NO_FACE = (
        "no-face",
        "Không thấy khuôn mặt. Hãy đứng trước camera.",
        "No face is seen. Please stand before the camera.",
    )
    SEVERAL_FACES = (
        "several-faces",
        "Có nhiều khuôn mặt. Chỉ một người đứng trước camera.",
        "Several faces are seen. Only one person may stand before the camera.",
    )
    TOO_SMALL = "too-small", "Khuôn mặt ở quá xa. Hãy đến gần hơn.", "The face is too far away. Please come closer."
    TURNED_AWAY = "turned-away", "Hãy nhìn thẳng vào camera.", "Please look straight into the camera."
    BLURRED = "blurred", "Hình bị mờ. Hãy đứng yên.", "The picture is blurred. Please keep still."
    TOO_DARK = "too-dark", "Khuôn mặt quá tối.", "The face is too dark."
    TOO_BRIGHT = "too-bright", "Khuôn mặt quá sáng hoặc bị chói.", "The face is too bright, or there is glare on it."
    EYES_COVERED = (
        "eyes-covered", "Không thấy rõ mắt. Hãy bỏ kính râm.", "The eyes can't be seen. Please take off sunglasses."
    )  # fmt: skip
    MOUTH_COVERED = (
        "mouth-covered",
        "Không thấy rõ mũi và miệng. Hãy bỏ khẩu trang.",
        "Nose and mouth can't be seen. Please take off the mask.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What was measured on one face (after ISO/IEC 29794-5, simplified); lengths in pixels, angles in degrees.

    `sharpness` is the deviation of the Laplacian over that of the grey levels; `brightness` the mean of the face's
    grey levels, `burnt` the share of them above 250 (0…1); `eyes` and `mouth` how much of skin is seen there (0…1).
    """

    eye_distance_px: float
    yaw_deg: float
    pitch_deg: float
    sharpness: float
    brightness: float
    burnt: float
    eyes: float
    mouth: float


class FaceRefused(Exception):
    """A portrait can't be used as a reference; `problem` says why, in words for the screen."""

    def __init__(self, problem: FaceProblem) -> None:
        super().__init__(problem.en)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one frame gave: a problem, or none and the frame counts."""

    problem: FaceProblem | None
    quality: Quality | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The opinion: `distance` (0…2) is MATCH below `match_below`, NO_MATCH above `no_match_above`.

    `frames` live frames were averaged; `portrait` is the quality of the reference.
    """

    verdict: Verdict
    distance: float
    match_below: float
    no_match_above: float
    reference: Reference
    frames: int
    portrait: Quality
