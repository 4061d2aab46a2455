"""What a look showed, judged where its memory does not stay: runs in a process of its own (agent.apart)."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.attendant.pictures import jpeg
from agent.identity import face_mesh
from agent.identity.face.finder import FaceFinder
from agent.identity.face.values import Comparison, FaceProblem, FaceRefused, Reference
from agent.identity.face.verifier import FaceVerifier
from agent.identity.liveness.challenge import Challenge
from agent.identity.liveness.take import Frames, Take
from agent.identity.liveness.verdict import TakeUnusable, Verdict, verdict

_EVERY = 3
"""Frames next to each other tell a face comparison nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The face against the portrait, whether it was alive, and the best live frame (JPEG)."""

    comparison: Comparison
    liveness: Verdict
    frame: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """Why nothing can be said: a problem of the face or the portrait, or in words for a technician."""

    problem: FaceProblem | None = None
    detail: str = ""


def judge(
    portrait: bytes, reference: Reference, challenge: Challenge, frames: Frames, times_s: NDArray[np.float64]
) -> Judged | NotJudged:
    """Return what portrait (JPEG) and frames come to."""
    try:
        with FaceVerifier() as verifier:
            verifier.take_portrait(np.asarray(Image.open(io.BytesIO(portrait)).convert("RGB")), reference)
            problems = [verifier.look(frame).problem for frame in frames[::_EVERY]]
            if all(problems):
                return NotJudged(problem=max(set(problems), key=problems.count))
            comparison = verifier.compare()
        found = verdict(_followed(challenge, frames, times_s))
    except FaceRefused as fault:
        return NotJudged(problem=fault.problem)
    except TakeUnusable as fault:
        return NotJudged(detail=str(fault))
    return Judged(comparison=comparison, liveness=found, frame=jpeg(frames[found.best_frame]))


def _followed(challenge: Challenge, frames: Frames, times_s: NDArray[np.float64]) -> Take:
    """Return the take with the face followed through it; raise FaceRefused where it is not there from first to last."""
    faces = FaceFinder().find(frames[0])
    points = face_mesh.opened().follow(frames, faces[0]) if faces else None
    if points is None:
        raise FaceRefused(FaceProblem.NO_FACE)
    return Take(challenge=challenge, frames=frames, times_s=times_s, landmarks=points.astype(np.float64))
