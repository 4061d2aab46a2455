"""Whether a face is fit to be compared: size, pose, sharpness, light, and what covers it.

The limits let most of the development pictures pass; `python -m tests.bench.identity_face` says how many they refuse.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.identity.face.alignment import LIVE_CROPS, chip
from agent.identity.face.values import FaceProblem, Landmarks, Picture, Quality

__all__ = ["LIVE", "PORTRAIT", "Limits", "measure", "problem_of", "weight_of"]

_EYES = (33, 133), (362, 263)
_EARS, _FOREHEAD_CHIN = (234, 454), (10, 152)
_UPRIGHT_PITCH_DEG = 6.0
"""What the mesh gives for a face that looks straight ahead: the middle of the development pictures."""
_FACE = np.s_[25:130, 25:125]
_EYE_BOXES = np.s_[40:54, 38:60], np.s_[40:54, 90:112]
_CHEEKS = np.s_[60:76, 45:105]
_MOUTH = np.s_[94:118, 50:100]
"""Regions of a chip, whose eyes and nose lie where alignment.FIVE puts them."""
_MASK_CHROMA = 50.0
"""Distance in the a,b plane of CIE Lab at which what covers the mouth has nothing of the cheeks' colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The least that is asked of a picture."""

    eye_distance_px: float
    yaw_deg: float
    pitch_deg: float
    sharpness: float
    brightness: tuple[float, float]
    burnt: float
    eyes: float
    mouth: float


LIVE = Limits(
    eye_distance_px=30, yaw_deg=30, pitch_deg=25, sharpness=0.04, brightness=(35, 225), burnt=0.25, eyes=0.2, mouth=0.4
)
PORTRAIT = Limits(
    eye_distance_px=14, yaw_deg=30, pitch_deg=25, sharpness=0.03, brightness=(25, 240), burnt=0.35, eyes=0.2, mouth=0.3
)
"""A portrait can't be taken again, and a print fades."""


def measure(picture: Picture, face: Landmarks) -> Quality:
    """Return what is to be said about a face."""
    left, right = (face[list(corners)].mean(axis=0) for corners in _EYES)
    cut = chip(picture, face, LIVE_CROPS[0])
    lab = cv2.cvtColor(cut, cv2.COLOR_RGB2LAB).astype(np.float64)
    grey = lab[..., 0]
    inside = grey[_FACE]
    return Quality(
        eye_distance_px=float(np.hypot(*(right - left)[:2])),
        yaw_deg=_slope_deg(face, _EARS),
        pitch_deg=_slope_deg(face, _FOREHEAD_CHIN) - _UPRIGHT_PITCH_DEG,
        sharpness=float(_laplacian_of_gaussian(grey)[_FACE].std() / max(inside.std(), 1.0)),
        brightness=float(inside.mean()),
        burnt=float((inside > 250).mean()),
        eyes=min(1.0, min(float(grey[box].mean()) for box in _EYE_BOXES) / max(float(grey[_CHEEKS].mean()), 1.0)),
        mouth=max(0.0, 1 - _chroma(lab, _MOUTH, _CHEEKS) / _MASK_CHROMA),
    )


def problem_of(quality: Quality, limits: Limits) -> FaceProblem | None:
    """Return what a face lacks, the first to be put right first; None if it can be compared."""
    low, high = limits.brightness
    faults = {
        FaceProblem.TOO_SMALL: quality.eye_distance_px < limits.eye_distance_px,
        FaceProblem.TURNED_AWAY: abs(quality.yaw_deg) > limits.yaw_deg or abs(quality.pitch_deg) > limits.pitch_deg,
        FaceProblem.TOO_DARK: quality.brightness < low,
        FaceProblem.TOO_BRIGHT: quality.brightness > high or quality.burnt > limits.burnt,
        FaceProblem.EYES_COVERED: quality.eyes < limits.eyes,
        FaceProblem.MOUTH_COVERED: quality.mouth < limits.mouth,
        FaceProblem.BLURRED: quality.sharpness < limits.sharpness,
    }
    return next((problem for problem, there in faults.items() if there), None)


def weight_of(quality: Quality) -> float:
    """Return how much a frame counts beside others (0…1): straight and sharp ones more."""
    straight = np.cos(np.radians(quality.yaw_deg)) * np.cos(np.radians(quality.pitch_deg))
    return float(max(straight, 0.1) * min(1.0, quality.sharpness / (2 * LIVE.sharpness)))


def _slope_deg(face: Landmarks, ends: tuple[int, int]) -> float:
    x, y, z = face[ends[1]] - face[ends[0]]
    return float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _laplacian_of_gaussian(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the Gaussian, whole grey levels of a flat picture would pass for detail."""
    return np.asarray(cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 1.5), cv2.CV_64F), np.float64)


def _chroma(lab: NDArray[np.float64], one: tuple[slice, slice], other: tuple[slice, slice]) -> float:
    apart = np.median(lab[one][..., 1:], axis=(0, 1)) - np.median(lab[other][..., 1:], axis=(0, 1))
    return float(np.hypot(*apart))
