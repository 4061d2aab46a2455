"""Trials: simulated takes, seen by the real face mesh or by a stand-in, and the signs that the cues find in them."""

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context

import cv2
import numpy as np

from agent.identity.face_mesh import opened
from agent.identity.liveness.challenge import draw
from agent.identity.liveness.verdict import Cue, signs

from .attacks import Attack
from .ranges import Ranges
from .takes import SimulatedTake, as_mesh_sees, attacked, live


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One presentation to make: an attack of a kind or a live person, and whether the real mesh looks at it."""

    ranges: Ranges
    attack: Attack | None
    seed: int
    by_mesh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A trial's signs (None when the mesh lost the face), its person's group, and the seconds of one core that the mesh
    took for all frames and that all cues took after the last."""

    trial: Trial
    signs: dict[Cue, dict[str, float]] | None
    darkness: float
    glasses: bool
    scarf: bool
    beard: bool
    mesh_s: float
    cues_s: float


def plan(ranges: Ranges, people: int, lives: int) -> list[Trial]:
    """Return the trials of `people` victims: every kind of attack once each, and `lives` live ones for each.

    The real mesh looks at every other person; true landmarks with errors added stand for it at the rest.
    """
    kinds: list[Attack | None] = [*[None] * lives, *Attack]
    return [
        Trial(ranges=ranges, attack=kind, seed=person * lives + (at if kind is None else 0), by_mesh=person % 2 == 0)
        for person in range(people)
        for at, kind in enumerate(kinds)
    ]


def run(trials: Iterable[Trial], processes: int = 2) -> Iterator[Seen]:
    """Return what becomes of the trials, in their order."""
    with get_context("spawn").Pool(processes, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        yield from pool.imap(look, trials)


def simulated(trial: Trial) -> SimulatedTake:
    """Return a trial's take with its true landmarks."""
    challenge = draw(random.Random(f"{trial.ranges.name}/{trial.attack}/{trial.seed}"))  # noqa: S311 - to be repeated
    if trial.attack is None:
        return live(trial.seed, trial.ranges, challenge)
    return attacked(trial.attack, trial.seed, trial.ranges, challenge)


def look(trial: Trial) -> Seen:
    """Return a trial's signs."""
    made = simulated(trial)
    true, frames = made.take.landmarks, made.take.frames
    started = time.process_time()
    points = opened().follow(frames, true[0].astype(np.float32)) if trial.by_mesh else as_mesh_sees(trial.seed, true)
    meshed = time.process_time()
    found = None if points is None else signs(replace(made.take, landmarks=points.astype(np.float64)))
    return Seen(
        trial=trial,
        signs=found,
        darkness=made.person.darkness,
        glasses=made.person.glasses,
        scarf=made.person.scarf,
        beard=made.person.beard,
        mesh_s=meshed - started,
        cues_s=time.process_time() - meshed,
    )
