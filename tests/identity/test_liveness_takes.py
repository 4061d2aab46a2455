"""Verdicts on simulated takes: a live person is accepted, each attack is not, and a wrong answer to the light is seen.

Landmarks are the renderer's true ones with errors added; tests/bench/identity_liveness.py has the real mesh look.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from agent.identity.face_mesh import opened
from agent.identity.liveness.challenge import Challenge, Direction, Lamp, Step, draw
from agent.identity.liveness.course import course
from agent.identity.liveness.light import LightSigns, light_signs
from agent.identity.liveness.motion import MotionSigns, motion_signs
from agent.identity.liveness.passive import passive_signs
from agent.identity.liveness.take import Take
from agent.identity.liveness.verdict import Cue, Outcome, TakeUnusable, verdict, weights
from models.persons.attacks import Attack
from models.persons.ranges import SAMPLES, TEST, TUNING, chance
from models.persons.takes import SimulatedTake, as_mesh_sees
from models.persons.trials import Trial, simulated

pytestmark = pytest.mark.xdist_group("liveness")
SEED = 4100
QUICK = (Attack.PRINT, Attack.CUT_OUT, Attack.CURVED, Attack.PHONE, Attack.REPLAY, Attack.PROJECTED)
"""The other kinds fill the picture with a film: twice the work, and marked slow."""


def as_seen(made: SimulatedTake) -> Take:
    return replace(made.take, landmarks=as_mesh_sees(SEED, made.take.landmarks))


@cache
def live() -> SimulatedTake:
    return simulated(Trial(ranges=SAMPLES, attack=None, seed=SEED, by_mesh=False))


@cache
def live_take() -> Take:
    return as_seen(live())


@cache
def attack_take(kind: Attack) -> Take:
    return as_seen(simulated(Trial(ranges=SAMPLES, attack=kind, seed=SEED, by_mesh=False)))


@pytest.fixture(scope="module", autouse=True)
def _forget() -> Iterator[None]:
    yield
    attack_take.cache_clear()
    live_take.cache_clear()
    live.cache_clear()


def shown(take: Take, steps: tuple[Step, ...]) -> Take:
    """The same frames, as if the kiosk had shown something else."""
    return replace(take, challenge=replace(take.challenge, steps=steps))


def light_of(take: Take) -> LightSigns:
    return light_signs(take, course(take))


def motion_of(take: Take) -> MotionSigns:
    return motion_signs(take, course(take))


def earlier(challenge: Challenge, by_s: float) -> tuple[Step, ...]:
    return tuple(replace(step, start_s=step.start_s - by_s) for step in challenge.steps)


def test_live_person_is_alive() -> None:
    found = verdict(live_take())
    assert found.outcome is Outcome.ALIVE
    assert found.scores[Cue.LIGHT] > weights().cues[Cue.LIGHT].alone_from
    assert found.evidence.holds()
    assert found.evidence.has(found.best_frame, live_take().frames[found.best_frame])


def test_officer_gets_a_frontal_frame_from_before_the_turn() -> None:
    take = live_take()
    found = verdict(take)
    assert abs(course(take).yaw_deg[found.best_frame]) < 8
    assert take.times_s[found.best_frame] < take.challenge.turn.at_s + 0.6


@pytest.mark.parametrize(
    "kind", [*QUICK, *(pytest.param(kind, marks=pytest.mark.slow) for kind in Attack if kind not in QUICK)]
)
def test_attack_is_not_alive_and_the_officer_is_told_why(kind: Attack) -> None:
    found = verdict(attack_take(kind))
    assert found.outcome is not Outcome.ALIVE
    assert found.reasons
    assert all(words.vi and words.en for words in found.reasons)


def test_print_turns_as_a_plane_and_its_background_lights_up_with_it() -> None:
    take = attack_take(Attack.PRINT)
    assert motion_of(take).solid < motion_of(live_take()).solid - 0.5
    assert light_of(take).behind > light_of(live_take()).behind + 0.3
    assert light_of(take).relief < light_of(live_take()).relief / 2


def test_edges_of_a_phone_travel_with_the_face() -> None:
    take = attack_take(Attack.PHONE)
    assert passive_signs(take, course(take)).edges > passive_signs(live_take(), course(live_take())).edges + 0.15


@pytest.mark.parametrize("kind", [Attack.PHONE, Attack.REPLAY])
def test_screen_sends_back_less_of_the_light(kind: Attack) -> None:
    assert light_of(attack_take(kind)).strength < light_of(live_take()).strength


def test_film_of_an_earlier_challenge_does_not_follow_this_one() -> None:
    assert light_of(attack_take(Attack.REPLAY)).follows < light_of(live_take()).follows - 0.2


def test_light_that_comes_late_is_refused_the_more_the_later() -> None:
    take = live_take()
    late = [shown(take, earlier(take.challenge, by_s)) for by_s in (0.0, 0.15, 0.3)]
    follows = [light_of(each).follows for each in late]
    assert follows[0] > follows[1] > follows[2]
    assert verdict(late[2]).outcome is not Outcome.ALIVE


def test_swapped_colours_are_refused() -> None:
    take = live_take()
    steps = tuple(
        replace(step, screen=(step.screen[1], step.screen[2], step.screen[0])) for step in take.challenge.steps
    )
    assert light_of(shown(take, steps)).follows < light_of(take).follows - 0.2
    assert verdict(shown(take, steps)).outcome is not Outcome.ALIVE


def test_lamps_from_the_wrong_sides_show_the_relief_inside_out() -> None:
    take = live_take()
    other = {
        Lamp.LEFT: Lamp.RIGHT,
        Lamp.RIGHT: Lamp.LEFT,
        Lamp.ABOVE: Lamp.BELOW,
        Lamp.BELOW: Lamp.ABOVE,
        Lamp.OFF: Lamp.OFF,
    }
    wrong = shown(take, tuple(replace(step, lamp=other[step.lamp]) for step in take.challenge.steps))
    assert light_of(wrong).relief < 0 < light_of(take).relief
    assert verdict(wrong).outcome is not Outcome.ALIVE


@pytest.mark.parametrize("seed", range(3))
def test_answer_to_another_challenge_is_refused(seed: int) -> None:
    take = live_take()
    other = draw(random.Random(seed))
    assert verdict(replace(take, challenge=replace(other, turn=take.challenge.turn))).outcome is not Outcome.ALIVE


def test_turn_to_the_wrong_side_scores_lower() -> None:
    take = live_take()
    asked = take.challenge.turn
    other = Direction.LEFT if asked.direction is Direction.RIGHT else Direction.RIGHT
    wrong = replace(take, challenge=replace(take.challenge, turn=replace(asked, direction=other)))
    assert motion_of(wrong).turned < 6 < motion_of(take).turned
    assert verdict(wrong).scores[Cue.MOTION] < weights().cues[Cue.MOTION].alone_from


def test_still_picture_is_not_alive() -> None:
    take = live_take()
    still = replace(
        take, frames=np.repeat(take.frames[:1], len(take.frames), axis=0),
        landmarks=np.repeat(take.landmarks[:1], len(take.frames), axis=0),
    )  # fmt: skip
    assert verdict(still).outcome is Outcome.NOT_ALIVE


@pytest.mark.parametrize(
    "kept", [np.arange(0, 36, 3), np.r_[0:14, 20:36], np.r_[0:28], np.r_[5:36], np.r_[1, 0, 2:36]],
    ids=["too few", "a gap", "no end", "no beginning", "out of order"],
)  # fmt: skip
def test_take_with_missing_or_disordered_frames_gets_no_verdict(kept: np.ndarray) -> None:
    take = live_take()
    part = replace(take, frames=take.frames[kept], times_s=take.times_s[kept], landmarks=take.landmarks[kept])
    with pytest.raises(TakeUnusable, match="Try again"):
        verdict(part)


def test_same_seed_gives_the_same_take() -> None:
    trial = Trial(ranges=SAMPLES, attack=None, seed=SEED, by_mesh=False)
    again = simulated(trial).take
    assert np.array_equal(again.frames, live().take.frames)
    assert np.array_equal(again.landmarks, live().take.landmarks)


def test_what_is_tuned_on_and_what_is_tested_on_share_no_chance() -> None:
    tuned_on = {chance(TUNING, kind, seed).random() for kind in ("live", *Attack) for seed in range(300)}
    tested_on = {chance(TEST, kind, seed).random() for kind in ("live", *Attack) for seed in range(300)}
    assert len(tuned_on) == len(tested_on) == 9 * 300
    assert not tuned_on & tested_on


def test_real_face_mesh_finds_the_simulated_face_where_it_is() -> None:
    made = live().take
    found = opened().follow(made.frames[:6], made.landmarks[0].astype(np.float32))
    assert found is not None
    gaps = np.linalg.norm(found[:, :, :2] - made.landmarks[:6, :, :2], axis=2)
    assert gaps.mean() < 0.05 * np.ptp(made.landmarks[0, :, 0])


def test_real_face_mesh_sees_no_face_in_a_wall() -> None:
    wall = np.random.default_rng(1).integers(90, 110, (1, 360, 320, 3), dtype=np.uint8)
    assert opened().follow(wall, live().take.landmarks[0].astype(np.float32)) is None
