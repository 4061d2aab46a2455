"""Faces on the development pairs: `python -m tests.bench.identity_face [--pairs FOLDER] [--write-thresholds]`.

Image A is a live frame, image B the reference: as it is (the chip's portrait), and put through the simulated printer of
models/face/printed.py. "Plain" is the same network on the same landmarks without anything of ours: one chip on five
points, no mirror image, no restoration. A face that is not found never matches.

The thresholds and the limits of quality come from fold 1 of LFW; fold 2 shares no person with it. Crops and restoration
were chosen with the figures of both folds in sight, so fold 2 is held out for the thresholds alone.
"""

import argparse
import csv
import os
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from agent.identity.face import quality
from agent.identity.face.alignment import FIVE, LIVE_CROPS, Crop, chip
from agent.identity.face.embedding import WEIGHT, Embedder
from agent.identity.face.finder import FaceFinder
from agent.identity.face.thresholds import FILE
from agent.identity.face.values import Embedding, FaceProblem, FaceRefused, Landmarks, Picture, Reference
from agent.identity.face.verifier import FaceVerifier, portrait_embedding, portrait_face
from models.face.printed import print_portrait
from models.manifest import verified
from tests.bench.face_memory import peak_mb
from tests.bench.face_rates import Compared, eer, interval, most, tar, threshold_for

PAIRS = Path(__file__).parents[2].parent / "shared" / "eval" / "faces"
_FOLD = 600
_NOT_FOUND = 2.0
_FMR_MATCH, _FNMR_REFUSED = 0.001, 0.01
_TABLE = (0.40, 0.44, 0.48, 0.52, 0.56, 0.60, 0.64, 0.68)
_FRAMES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one picture gave; `refused` is why the kiosk would not have used it."""

    plain: Embedding | None
    ours: Embedding | None
    refused: FaceProblem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pictures, whether they show one person, and to which part of the pairs they belong."""

    a: str
    b: str
    same: bool
    part: str


def pairs_of(folder: Path) -> list[Pair]:
    """Return the pairs; the first 600 are fold 1 of LFW's View 2, the next 600 fold 2."""
    with (folder / "pairs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parts = [f"fold {1 + at // _FOLD}" if row["set"] == "lfw" else row["set"] for at, row in enumerate(rows)]
    return [
        Pair(a=row["image_a"], b=row["image_b"], same=row["same"] == "1", part=part)
        for row, part in zip(rows, parts, strict=True)
    ]


class Eyes:
    """Sees the development pictures as the kiosk would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._embedder = Embedder(verified(WEIGHT))
        self._finder = FaceFinder(lenient=True)

    def picture(self, name: str) -> Picture:
        return np.asarray(cv2.cvtColor(cv2.imread(str(self._folder / name)), cv2.COLOR_BGR2RGB), np.uint8)

    def live(self, name: str) -> Seen:
        picture = self.picture(name)
        face = self._meant(picture)
        ours = self._embedder.embed([chip(picture, face, crop) for crop in LIVE_CROPS])
        return self._seen(picture, face, ours, quality.LIVE)

    def clean(self, name: str) -> Seen:
        picture = self.picture(name)
        face = self._meant(picture)
        ours = portrait_embedding(self._embedder, picture, face, Reference.CHIP_PORTRAIT)
        return self._seen(picture, face, ours, quality.PORTRAIT)

    def printed(self, name: str, seed: int) -> Seen:
        picture = self.picture(name)
        portrait = print_portrait(_portrait(picture, self._meant(picture)), seed)
        try:
            face = portrait_face(self._finder, portrait, Reference.PRINTED_PORTRAIT)
        except FaceRefused as fault:
            return Seen(plain=None, ours=None, refused=fault.problem)
        ours = portrait_embedding(self._embedder, portrait, face, Reference.PRINTED_PORTRAIT)
        return self._seen(portrait, face, ours, quality.PORTRAIT)

    def found_unrestored(self, name: str, seed: int) -> bool:
        picture = self.picture(name)
        return bool(self._finder.find(print_portrait(_portrait(picture, self._meant(picture)), seed)))

    def _seen(self, picture: Picture, face: Landmarks, ours: Embedding, limits: quality.Limits) -> Seen:
        refused = quality.problem_of(quality.measure(picture, face), limits)
        plain = self._embedder.embed_one(chip(picture, face, Crop(points=FIVE)))
        return Seen(plain=plain, ours=ours, refused=refused)

    def _meant(self, picture: Picture) -> Landmarks:
        """Return the face that the pair is about: large and near the middle."""
        middle = np.array(picture.shape[1::-1]) / 2
        return max(
            self._finder.find(picture),
            key=lambda face: float(np.ptp(face[:, 0]) - np.linalg.norm(face[:, :2].mean(axis=0) - middle)),
        )


def _portrait(picture: Picture, face: Landmarks) -> Picture:
    """Head and shoulders, 3 : 4."""
    low, high = face[:, :2].min(axis=0), face[:, :2].max(axis=0)
    middle, size = (low + high) / 2, high - low
    width = 1.7 * max(size[0], size[1] / 1.3)
    height = width * 4 / 3
    move = np.array([[1, 0, width / 2 - middle[0]], [0, 1, 0.52 * height - middle[1]]], np.float64)
    cut = cv2.warpAffine(picture, move, (int(width), int(height)), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All pairs in one condition."""

    name: str
    pairs: list[Pair]
    live: dict[str, Seen]
    references: dict[str, Seen]

    def compared(self, part: str, *, plain: bool = False, gated: bool = False) -> Compared:
        """The comparisons of a part ("" is all); `gated` leaves out pairs of which the kiosk would refuse a picture."""
        kept = [p for p in self.pairs if part in ("", p.part) and not (gated and self._refused(p))]
        apart = np.array([_apart(self.live[p.a], self.references[p.b], plain=plain) for p in kept])
        same = np.array([p.same for p in kept])
        return Compared(mated=apart[same], non_mated=apart[~same])

    def crossed(self, part: str) -> Compared:
        """The mated pairs of a part beside every live picture against every reference of somebody else."""
        kept = [p for p in self.pairs if p.part == part]
        live, references = sorted({p.a for p in kept}), sorted({p.b for p in kept})
        apart = np.array([[_apart(self.live[a], self.references[b]) for b in references] for a in live])
        others = np.array([[_person(a) != _person(b) for b in references] for a in live])
        return Compared(mated=self.compared(part).mated, non_mated=apart[others])

    def refused(self) -> Counter[str]:
        """How many pairs the kiosk would not have compared, by the first reason."""
        return Counter(str(self._refused(p)) for p in self.pairs if self._refused(p))

    def _refused(self, pair: Pair) -> FaceProblem | None:
        return self.live[pair.a].refused or self.references[pair.b].refused


def _apart(live: Seen, reference: Seen, *, plain: bool = False) -> float:
    one, other = (live.plain, reference.plain) if plain else (live.ours, reference.ours)
    return _NOT_FOUND if one is None or other is None else float(np.linalg.norm(one - other))


def _person(name: str) -> str:
    return name.rsplit("_", 1)[0]


def trials(folder: Path) -> tuple[list[Trial], list[str]]:
    """Return the trials with clean and with printed references, and lines on the restoration."""
    cv2.setNumThreads(1)
    pairs, eyes = pairs_of(folder), Eyes(folder)
    live = {name: eyes.live(name) for name in sorted({p.a for p in pairs})}
    names = sorted({p.b for p in pairs})
    clean = {name: eyes.clean(name) for name in names}
    printed = {name: eyes.printed(name, seed) for seed, name in enumerate(names)}
    found = sum(eyes.found_unrestored(name, seed) for seed, name in enumerate(names))
    restored = sum(seen.ours is not None for seen in printed.values())
    note = f"Printed portraits in which the face was found: {restored} of {len(names)}; unrestored {found}"
    made = [("clean", clean), ("printed (simulated)", printed)]
    return [Trial(name=name, pairs=pairs, live=live, references=seen) for name, seen in made], [note]


def rows_of(trial: Trial) -> list[str]:
    """Return the error rates of a condition as text."""
    rows = [
        f"Reference {trial.name}",
        "  pairs      mated/non-mated   EER [95 %]              TAR@FAR 0.1 %   plain EER  TAR",
    ]
    for part in ("", "fold 1", "fold 2", "deepface"):
        ours, plain = trial.compared(part), trial.compared(part, plain=True)
        rows.append(f"  {part or 'all':<10} {_rates(ours)}   {eer(plain):.4f}     {tar(plain, 0.001):.3f}")
    refused = sum(trial.refused().values())
    rows += [
        f"  with the kiosk's gate: failure to acquire {refused / len(trial.pairs):.1%} {dict(trial.refused())}",
        *(f"  {part or 'all':<10} {_rates(trial.compared(part, gated=True))}" for part in ("", "fold 2")),
        "  threshold  FMR      FNMR    (fold 2; FMR over every picture against everybody else's, not independent)",
    ]
    crossed = trial.crossed("fold 2")
    rows += [f"  {at:.2f}       {crossed.fmr(at):.5f}  {crossed.fnmr(at):.4f}" for at in _TABLE]
    few = len(trial.compared("fold 2").non_mated)
    rows.append(
        f"  By the rule of three, no false match in the {few} independent non-mated pairs of fold 2 would bound FMR at "
        f"{3 / few:.1%}; to prove 0.01 % takes 30,000 of them, so this data can't."
    )
    return rows


def _rates(compared: Compared) -> str:
    low, high = interval(compared)
    counts = f"{len(compared.mated)}/{len(compared.non_mated)}"
    return f"{counts:<17} {eer(compared):.4f} [{low:.4f}, {high:.4f}]  {tar(compared, 0.001):.3f}        "


def thresholds_toml(made: list[Trial]) -> str:
    """Return thresholds.toml: set on fold 1, with the rates of fold 2."""
    rows = [
        "# Made by `python -m tests.bench.identity_face --write-thresholds`. match_below: FMR 0.1 % over all non-mated",
        "# comparisons of fold 1; no_match_above: 1 % of the mated pairs of fold 1 lie above. Rates: those of fold 2.",
    ]
    for reference, trial in zip(Reference, made, strict=True):
        tuned, held = trial.crossed("fold 1"), trial.crossed("fold 2")
        found = tuned.mated[tuned.mated < _NOT_FOUND]
        match = round(threshold_for(tuned, _FMR_MATCH), 3)
        refuse = max(match, round(float(np.quantile(found, 1 - _FNMR_REFUSED)), 3))
        false = int((held.non_mated < match).sum())
        rows += [
            "",
            f"[{reference}]",
            f"match_below = {match}",
            f"no_match_above = {refuse}",
            f"fmr = {held.fmr(match):.5f}",
            f"fmr_most = {most(false, len(held.non_mated)):.5f}",
            f"impostors = {len(held.non_mated)}",
            f"fnmr = {held.fnmr(match):.4f}",
            f"fnmr_refused = {held.fnmr(refuse):.4f}",
            f"genuines = {len(held.mated)}",
            f'data = "LFW View 2, fold 2, reference {trial.name}; non-mated comparisons not independent"',
        ]
    return "\n".join(rows) + "\n"


def costs(folder: Path) -> list[str]:
    """Return processor time of a frame (640×480, held to one core) and the memory of the process."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        cv2.setNumThreads(1)
        picture = Eyes(folder).picture(pairs_of(folder)[0].a)
        frame = np.asarray(cv2.copyMakeBorder(picture, 115, 115, 195, 195, cv2.BORDER_REPLICATE), np.uint8)
        with FaceVerifier() as verifier:
            verifier.look(frame)
            spent = [_spent_ms(verifier, frame) for _ in range(_FRAMES)]
    finally:
        os.sched_setaffinity(0, cores)
    peak, empty = peak_mb(frame), peak_mb(None)
    return [
        f"Detection, mesh, quality and embedding of a frame 640x480: {statistics.median(spent):.1f} ms of one core "
        f"(median of {_FRAMES}; most {max(spent):.1f})",
        f"Memory of the process at its peak {peak:.0f} MB, {peak - empty:.0f} MB more than the same process without "
        f"faces; it ends with the journey",
    ]


def _spent_ms(verifier: FaceVerifier, frame: NDArray[np.uint8]) -> float:
    began = time.process_time()
    if problem := verifier.look(frame).problem:
        raise SystemExit(f"The frame for timing can't be used: {problem.en}")
    return (time.process_time() - began) * 1e3


def main() -> None:
    """Measure and print as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=PAIRS)
    parser.add_argument("--write-thresholds", action="store_true")
    chosen = parser.parse_args()
    if not (chosen.pairs / "pairs.csv").exists():
        print(f"Faces: no development pairs at {chosen.pairs}; they are not part of the project (photos of people).")
        return
    made, notes = trials(chosen.pairs)
    for trial in made:
        print("\n".join(rows_of(trial)), flush=True)
    print("\n".join([*notes, *costs(chosen.pairs)]))
    if chosen.write_thresholds:
        FILE.write_text(thresholds_toml(made), encoding="utf-8")


if __name__ == "__main__":
    main()
