"""The verdict: three cues, each alone and all their signs together; evidence for an officer, never a lock (R19, R20).

A cue's score is the log odds of a live person from its own signs, the verdict's those from the signs of all three;
weights.json holds what `models.persons.tune` found on simulated takes. A sign may only speak the way physics lets it,
and only up to a limit, so that no single sign and no habit of the simulation decides alone. Above `alive_from` a take
is ALIVE, below `not_alive_below` NOT_ALIVE, between them UNSURE: a second try, then the other path.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from .best_frame import best_frame
from .challenge import LENGTH_S
from .course import Course, course
from .evidence import Evidence, evidence
from .light import light_signs
from .motion import motion_signs
from .passive import passive_signs
from .take import Take
from .words import WORDS, Words

FEWEST_FRAMES = 24
LONGEST_GAP_S = 0.4
GOOD_LIMIT, BAD_LIMIT = 2.0, -3.0
"""How many standard deviations from the middle between live and attack a sign is believed: less for than against."""
_WORTH_SAYING = -0.5
"""Log odds: what weighs less against a live person is not told."""


class TakeUnusable(Exception):
    """Too few frames for a verdict; the text names cause and remedy."""


class Outcome(StrEnum):
    """What the cues together say; words of ISO/IEC 30107-3: bona fide, attack, no decision."""

    ALIVE = "alive"
    NOT_ALIVE = "not alive"
    UNSURE = "unsure"


class Cue(StrEnum):
    """An independent source of signs."""

    LIGHT = "light"
    MOTION = "motion"
    PASSIVE = "passive"


class SignWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sign's middle between live and attack, its spread (negative where a lower value speaks for a live person), and
    what it weighs per spread: in its cue `alone`, and `together` with the signs of all cues."""

    middle: float
    spread: float
    alone: float
    together: float

    def deviations(self, value: float) -> float:
        """Return how many spreads a value lies to the live person's side, as far as it is believed."""
        return float(np.clip((value - self.middle) / self.spread, BAD_LIMIT, GOOD_LIMIT))


class CueWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cue's signs, its bias, and the score from which it alone would say live."""

    signs: dict[str, SignWeight]
    bias: float
    alone_from: float

    def score(self, values: dict[str, float]) -> float:
        """Return the log odds of a live person from this cue alone."""
        return self.bias + sum(sign.alone * sign.deviations(values[name]) for name, sign in self.signs.items())

    def parts(self, values: dict[str, float]) -> dict[str, float]:
        """Return what each sign adds to the log odds from all cues."""
        return {name: sign.together * sign.deviations(values[name]) for name, sign in self.signs.items()}


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that was tuned: cues, the bias of all signs' sum, and the limits of the three outcomes."""

    cues: dict[Cue, CueWeight]
    bias: float
    alive_from: float
    not_alive_below: float

    def scores(self, found: dict[Cue, dict[str, float]]) -> dict[Cue, float]:
        """Return each cue's log odds of a live person from its signs."""
        return {cue: self.cues[cue].score(found[cue]) for cue in Cue}

    def parts(self, found: dict[Cue, dict[str, float]]) -> dict[str, float]:
        """Return what each sign of every cue adds to the log odds from all."""
        return {name: part for cue in Cue for name, part in self.cues[cue].parts(found[cue]).items()}

    def together(self, found: dict[Cue, dict[str, float]]) -> float:
        """Return the log odds from all cues."""
        return self.bias + sum(self.parts(found).values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the officer gets: outcome, log odds together and by cue, the signs, what spoke against a live person, the
    best frame's number, and the evidence."""

    outcome: Outcome
    score: float
    scores: dict[Cue, float]
    signs: dict[Cue, dict[str, float]]
    reasons: tuple[Words, ...]
    best_frame: int
    evidence: Evidence


def signs(take: Take) -> dict[Cue, dict[str, float]]:
    """Return the signs of every cue."""
    return _signs(take, course(take))


def _signs(take: Take, seen: Course) -> dict[Cue, dict[str, float]]:
    return {
        Cue.LIGHT: asdict(light_signs(take, seen)),
        Cue.MOTION: asdict(motion_signs(take, seen)),
        Cue.PASSIVE: asdict(passive_signs(take, seen)),
    }


def outcome(found: dict[Cue, dict[str, float]], tuned: Weights) -> Outcome:
    """Return what all signs together say."""
    score = tuned.together(found)
    if score >= tuned.alive_from:
        return Outcome.ALIVE
    return Outcome.NOT_ALIVE if score < tuned.not_alive_below else Outcome.UNSURE


def verdict(take: Take) -> Verdict:
    """Return the verdict on a take; raise TakeUnusable if frames are missing.

    `Challenges.redeem` comes first: this judges the frames, not whether the challenge was still good.
    """
    _check(take)
    seen, tuned = course(take), weights()
    found = _signs(take, seen)
    return Verdict(
        outcome=outcome(found, tuned),
        score=tuned.together(found),
        scores=tuned.scores(found),
        signs=found,
        reasons=tuple(_reasons(found, tuned)),
        best_frame=best_frame(take, seen),
        evidence=evidence(take),
    )


@cache
def weights() -> Weights:
    """Return the tuned weights."""
    return msgspec.json.decode(files(__package__).joinpath("weights.json").read_bytes(), type=Weights)


def _check(take: Take) -> None:
    gaps = np.diff(np.concatenate([[0.0], take.times_s, [LENGTH_S]]))
    if len(take.frames) < FEWEST_FRAMES or gaps.min() < 0 or gaps.max() > LONGEST_GAP_S:
        raise TakeUnusable(
            f"The camera gave {len(take.frames)} frames with a gap of up to {gaps.max():.2f} s; at least "
            f"{FEWEST_FRAMES} in order, {LONGEST_GAP_S} s apart at most, are needed. Try again; if it stays so, the "
            f"kiosk is too busy or the camera too slow."
        )


def _reasons(found: dict[Cue, dict[str, float]], tuned: Weights) -> list[Words]:
    """Return what clearly speaks against a live person, the strongest first."""
    against = sorted((part, name) for name, part in tuned.parts(found).items() if part < _WORTH_SAYING)
    return [WORDS[name] for _, name in against]
