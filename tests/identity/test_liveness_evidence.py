"""The chain of evidence: nothing of a take can be changed, moved, added or left out unseen."""

import random
from dataclasses import replace

import numpy as np
import pytest

from agent.identity.liveness.challenge import draw
from agent.identity.liveness.evidence import Evidence, evidence
from agent.identity.liveness.take import Take


@pytest.fixture
def take() -> Take:
    chance = np.random.default_rng(3)
    return Take(
        challenge=draw(random.Random(3)),
        frames=chance.integers(0, 256, (5, 6, 4, 3), dtype=np.uint8),
        times_s=np.array([0.05, 0.15, 0.25, 0.35, 0.45]),
        landmarks=np.zeros((5, 468, 3)),
    )


@pytest.fixture
def made(take: Take) -> Evidence:
    return evidence(take)


def test_evidence_holds_and_knows_its_frames(take: Take, made: Evidence) -> None:
    assert made.holds()
    assert made.times_ms == (50, 150, 250, 350, 450)
    assert all(made.has(at, take.frames[at]) for at in range(5))
    assert not made.has(1, take.frames[2])
    assert not made.has(5, take.frames[0])
    assert not made.has(-1, take.frames[4])


@pytest.mark.parametrize("at", range(5))
def test_one_changed_bit_of_a_frame_is_seen(take: Take, made: Evidence, at: int) -> None:
    frames = take.frames.copy()
    frames[at, 0, 0, 0] ^= 1
    changed = evidence(replace(take, frames=frames))
    assert not made.has(at, frames[at])
    assert changed.link != made.link
    assert not replace(made, digests=changed.digests).holds()


def test_changed_time_is_seen(take: Take, made: Evidence) -> None:
    later = evidence(replace(take, times_s=take.times_s + np.array([0, 0, 0.001, 0, 0])))
    assert later.link != made.link
    assert not replace(made, times_ms=later.times_ms).has(2, take.frames[2])


def test_turned_frame_of_the_same_bytes_is_seen(take: Take, made: Evidence) -> None:
    assert not made.has(0, take.frames[0].reshape(4, 6, 3))


def test_left_out_added_or_moved_frames_are_seen(made: Evidence) -> None:
    first, second, *others = made.digests
    assert not replace(made, digests=(first, *others)).holds()
    assert not replace(made, digests=(second, first, *others)).holds()
    assert not replace(made, digests=(first, first, second, *others)).holds()


def test_other_challenge_breaks_the_chain(made: Evidence) -> None:
    assert not replace(made, challenge=draw(random.Random(4))).holds()
    assert not replace(made, challenge=replace(made.challenge, id="0" * 32)).holds()
    turn = replace(made.challenge.turn, at_s=made.challenge.turn.at_s + 0.001)
    assert not replace(made, challenge=replace(made.challenge, turn=turn)).holds()
