"""How the face stood in each frame, as a solid and as a plane would: the shared geometry of the cues."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .take import Take

Floats = NDArray[np.float64]
SETTLED_S = 0.2
"""Nobody answers a spoken or shown command sooner."""
LEFT_CHEEK, RIGHT_CHEEK = 234, 454
EYES = ((159, 145, 33, 133), (386, 374, 263, 362))
"""Landmarks of each eye: upper and lower lid, outer and inner corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The face before the turn was asked for (468, 3; pixels about its middle), and for each frame its yaw in degrees
    (to the picture's right > 0), and what a solid's and a plane's movement leave unexplained (share of its width)."""

    before: Floats
    width_px: float
    yaw_deg: Floats
    solid_rest: Floats
    plane_rest: Floats


def course(take: Take) -> Course:
    """Return the course of a face: affine views of a solid (8 parameters) beside homographies of a plane (8)."""
    first = take.times_s < take.challenge.turn.at_s + SETTLED_S
    before = np.median(take.landmarks[first] if first.any() else take.landmarks[:3], axis=0)
    before = before - before.mean(axis=0)
    width_px = float(np.linalg.norm(before[LEFT_CHEEK, :2] - before[RIGHT_CHEEK, :2]))
    flat = take.landmarks[:, :, :2]
    solid = np.column_stack([before, np.ones(len(before))])
    views = np.linalg.lstsq(solid, np.moveaxis(flat, 0, 1).reshape(len(before), -1), rcond=None)[0]
    seen = (solid @ views).reshape(len(before), len(flat), 2)
    views = views.reshape(4, len(flat), 2)
    yaw = np.degrees(np.arctan2(-views[2, :, 0], views[0, :, 0]))
    planes = np.stack([_as_plane(before[:, :2], each) for each in flat])
    return Course(
        before=before,
        width_px=width_px,
        yaw_deg=np.asarray(yaw),
        solid_rest=_rest(np.moveaxis(seen, 1, 0) - flat) / width_px,
        plane_rest=_rest(planes - flat) / width_px,
    )


def normals(face: Floats) -> Floats:
    """Return unit normals (468, 3) towards the camera, from each point's ten nearest."""
    near = np.argsort(((face[:, None] - face[None]) ** 2).sum(axis=2), axis=1)[:, :10]
    around = face[near] - face[near].mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(np.einsum("pni,pnj->pij", around, around))
    facing = vectors[:, :, 0]
    return np.asarray(facing * -np.sign(facing[:, 2:] + 1e-9))


def _as_plane(before: Floats, now: Floats) -> Floats:
    homography, _ = cv2.findHomography(before, now, 0)
    return np.asarray(cv2.perspectiveTransform(before[None], homography)[0])


def _rest(gap: Floats) -> Floats:
    return np.asarray(np.sqrt((gap**2).sum(axis=2).mean(axis=1)))
