"""The challenge: random, whole, safe for the eyes, good once and for a while."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from agent.identity.liveness.challenge import (
    COLOURS,
    LENGTH_S,
    LIFETIME_S,
    ChallengeExpired,
    Challenges,
    ChallengeUnknown,
    ChallengeUsed,
    Direction,
    Lamp,
    draw,
)
from contract.clock import SimulatedClock


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC))


@pytest.fixture
def challenges(clock: SimulatedClock) -> Challenges:
    return Challenges(clock)


def test_challenges_differ_in_name_order_and_turn(challenges: Challenges) -> None:
    issued = [challenges.issue() for _ in range(60)]
    assert len({each.id for each in issued}) == 60
    assert len({tuple((step.screen, step.lamp) for step in each.steps) for each in issued}) == 60
    assert {each.turn.direction for each in issued} == set(Direction)
    assert len({each.turn.at_s for each in issued}) > 50


def test_first_step_can_not_be_guessed(challenges: Challenges) -> None:
    first = Counter(challenges.issue().steps[0].screen for _ in range(450))
    assert set(first) == set(COLOURS)
    assert max(first.values()) < 100  # 50 expected; 100 is seven standard deviations off


@pytest.mark.parametrize("seed", range(20))
def test_every_colour_and_lamp_is_shown_and_all_ends_in_time(seed: int) -> None:
    challenge = draw(random.Random(seed))
    assert Counter(step.screen for step in challenge.steps) == Counter(COLOURS)
    assert Counter(step.lamp for step in challenge.steps) == {lamp: 1 if lamp is Lamp.OFF else 2 for lamp in Lamp}
    starts = [step.start_s for step in challenge.steps]
    assert starts[0] == 0.0
    assert LENGTH_S - starts[-1] > 0.359
    assert 0 < challenge.turn.at_s < LENGTH_S - 1.5  # time to answer and to turn


@pytest.mark.parametrize("seed", range(20))
def test_never_more_than_three_flashes_in_a_second(seed: int) -> None:
    starts = [step.start_s for step in draw(random.Random(seed)).steps]
    assert all(later - sooner >= 1 / 3 for sooner, later in pairwise(starts))


def test_step_is_shown_until_the_next() -> None:
    challenge = draw(random.Random(1))
    second = challenge.steps[1]
    assert challenge.step_at(second.start_s) is second
    assert challenge.step_at(second.start_s - 0.001) is challenge.steps[0]
    assert challenge.step_at(-1.0) is challenge.steps[0]
    assert challenge.step_at(99.0) is challenge.steps[-1]


def test_challenge_is_good_once(challenges: Challenges) -> None:
    challenge = challenges.issue()
    challenges.redeem(challenge)
    with pytest.raises(ChallengeUsed, match="answered before"):
        challenges.redeem(challenge)


def test_challenge_of_another_kiosk_is_refused(challenges: Challenges, clock: SimulatedClock) -> None:
    with pytest.raises(ChallengeUnknown):
        challenges.redeem(Challenges(clock).issue())


def test_challenge_with_a_known_name_and_other_steps_is_refused(challenges: Challenges) -> None:
    issued, other = challenges.issue(), challenges.issue()
    with pytest.raises(ChallengeUnknown):
        challenges.redeem(type(issued)(id=issued.id, steps=other.steps, turn=issued.turn))
    challenges.redeem(issued)


def test_challenge_expires_and_stays_so(challenges: Challenges, clock: SimulatedClock) -> None:
    challenge = challenges.issue()
    asyncio.run(clock.sleep(LIFETIME_S + 0.1))
    with pytest.raises(ChallengeExpired, match=r"0\.1 s after"):
        challenges.redeem(challenge)
    with pytest.raises(ChallengeUsed):
        challenges.redeem(challenge)


def test_challenge_may_be_answered_in_the_last_moment(challenges: Challenges, clock: SimulatedClock) -> None:
    challenge = challenges.issue()
    clock.advance(LIFETIME_S)
    challenges.redeem(challenge)
