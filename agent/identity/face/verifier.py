"""One journey's comparison of a portrait with the person before the camera."""

from pathlib import Path
from types import TracebackType

import numpy as np

from agent.identity.face import quality
from agent.identity.face.alignment import LIVE_CROPS, REFERENCE_CROPS, chip
from agent.identity.face.embedding import WEIGHT, Embedder, distance
from agent.identity.face.finder import FaceFinder
from agent.identity.face.restoration import restored, to_find
from agent.identity.face.thresholds import load
from agent.identity.face.values import (
    Comparison,
    Embedding,
    FaceProblem,
    FaceRefused,
    Landmarks,
    Look,
    Picture,
    Quality,
    Reference,
)
from models.manifest import verified

__all__ = ["FaceVerifier", "portrait_embedding", "portrait_face"]

_BYSTANDER = 0.5
"""A face less than half as large as the largest is somebody further away, who is not meant."""


class FaceVerifier:
    """Takes a portrait, then live frames, then says what it thinks; forgets everything when it is left.

    Runs in a process of its own, which ends with the journey and gives its memory (about 220 MB) back. Pictures are
    RGB [H, W, 3] of 8 bits. Nothing that is seen here is written or logged.
    """

    def __init__(self, weight: Path | None = None) -> None:
        """Load the nets (about 1 s); raise ModelError if the weight is not the listed one."""
        self._embedder = Embedder(weight or verified(WEIGHT))
        self._finder, self._lenient_finder = FaceFinder(), FaceFinder(lenient=True)
        self._thresholds = load()
        self._reference: tuple[Reference, Embedding, Quality] | None = None
        self._frames: list[tuple[float, Embedding]] = []

    def __enter__(self) -> "FaceVerifier":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.forget()

    def take_portrait(self, portrait: Picture, reference: Reference) -> Quality:
        """Take what the live face is compared with, in place of an earlier one; raise FaceRefused."""
        face = portrait_face(self._lenient_finder, portrait, reference)
        measured = quality.measure(portrait, face)
        if problem := quality.problem_of(measured, quality.PORTRAIT):
            raise FaceRefused(problem)
        self.forget()
        self._reference = reference, portrait_embedding(self._embedder, portrait, face, reference), measured
        return measured

    def look(self, frame: Picture) -> Look:
        """Take a live frame in, or say why it can't be used."""
        faces = self._finder.find(frame)
        if not faces:
            return Look(problem=FaceProblem.NO_FACE, quality=None)
        if len(faces) > 1 and _height(faces[1]) > _BYSTANDER * _height(faces[0]):
            return Look(problem=FaceProblem.SEVERAL_FACES, quality=None)
        measured = quality.measure(frame, faces[0])
        problem = quality.problem_of(measured, quality.LIVE)
        if problem is None:
            embedding = self._embedder.embed([chip(frame, faces[0], crop) for crop in LIVE_CROPS])
            self._frames.append((quality.weight_of(measured), embedding))
        return Look(problem=problem, quality=measured)

    def compare(self) -> Comparison:
        """Return the opinion on the frames taken so far; raise ValueError without a portrait or a usable frame."""
        if self._reference is None or not self._frames:
            raise ValueError("Faces can be compared only after take_portrait and a look without a problem.")
        reference, portrait, measured = self._reference
        weights, live = zip(*self._frames, strict=True)
        apart = distance(portrait, np.average(live, axis=0, weights=weights))
        thresholds = self._thresholds[reference]
        return Comparison(
            verdict=thresholds.verdict(apart),
            distance=apart,
            match_below=thresholds.match_below,
            no_match_above=thresholds.no_match_above,
            reference=reference,
            frames=len(live),
            portrait=measured,
        )

    def forget(self) -> None:
        """Overwrite the embeddings with zeros and let go of them."""
        for _, embedding in self._frames:
            embedding.fill(0)
        if self._reference is not None:
            self._reference[1].fill(0)
        self._frames, self._reference = [], None


def portrait_face(finder: FaceFinder, portrait: Picture, reference: Reference) -> Landmarks:
    """Return the one face of a portrait, with a lenient finder; raise FaceRefused(NO_FACE)."""
    if reference is Reference.CHIP_PORTRAIT and (faces := finder.find(portrait)):
        return faces[0]
    for picture, scale, border_px in to_find(portrait):
        if faces := finder.find(picture):
            return _back(faces[0], scale, border_px)
    raise FaceRefused(FaceProblem.NO_FACE)


def portrait_embedding(embedder: Embedder, portrait: Picture, face: Landmarks, reference: Reference) -> Embedding:
    """Return the embedding of a reference: cut in several ways, or restored in several ways."""
    if reference is Reference.CHIP_PORTRAIT:
        return embedder.embed([chip(portrait, face, crop) for crop in REFERENCE_CROPS])
    chips = [chip(portrait, face, crop) for crop in LIVE_CROPS]
    return embedder.embed([picture for cut in chips for picture in restored(cut)])


def _back(face: Landmarks, scale: float, border_px: float) -> Landmarks:
    """Landmarks of an enlarged and bordered portrait in the portrait's own pixels."""
    return np.asarray((face - np.array([border_px, border_px, 0], np.float32)) / np.float32(scale), np.float32)


def _height(face: Landmarks) -> float:
    return float(np.ptp(face[:, 1]))
