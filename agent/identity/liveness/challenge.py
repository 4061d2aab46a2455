"""The challenge: what screen, lamp ring and citizen are to do, drawn at random and good for one try.

ChallengeError
├── ChallengeUnknown   this kiosk never issued it
├── ChallengeUsed      an answer was given already
└── ChallengeExpired   the answer came too late

Steps last at least 0.36 s: never more than three flashes in a second (WCAG 2.2, success criterion 2.3.1).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from contract.clock import Clock

LENGTH_S = 3.6
"""The citizen's time before the camera; the verdict is to follow within 4 s of the start."""
LIFETIME_S = 20.0
"""From issue to answer; LENGTH_S and the time to start lie within."""
_STEPS = 9
_SHORTEST_S = 0.36
_TURN_S = (1.0, 1.7)
_Item = TypeVar("_Item")

Colour = tuple[float, float, float]
"""Red, green, blue of the whole screen, linear light, 0..1."""
COLOURS: tuple[Colour, ...] = (
    (1.0, 0.1, 0.1), (0.1, 1.0, 0.1), (0.1, 0.1, 1.0), (0.1, 1.0, 1.0), (1.0, 0.1, 1.0), (1.0, 1.0, 0.1),
    (1.0, 1.0, 1.0), (0.1, 0.1, 0.1), (0.5, 0.5, 0.5),
)  # fmt: skip


class Lamp(StrEnum):
    """The part of the lamp ring that is lit; left and right as the camera's picture shows them."""

    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"
    OFF = "off"


class Direction(StrEnum):
    """Where the citizen turns the head; left and right as the camera's picture shows them."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One light, from `start_s` until the next step's."""

    start_s: float
    screen: Colour
    lamp: Lamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The head turn and when it is asked for, in seconds after the start."""

    direction: Direction
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One order of lights and one turn; `id` is random and stands in the evidence."""

    id: str
    steps: tuple[Step, ...]
    turn: Turn

    def step_at(self, seconds: float) -> Step:
        """Return the step that is shown; the first one before the start."""
        shown = [step for step in self.steps if step.start_s <= seconds]
        return shown[-1] if shown else self.steps[0]


class ChallengeError(Exception):
    """An answer can't be taken; the text names cause and remedy."""


class ChallengeUnknown(ChallengeError):
    """This kiosk never issued the challenge."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The challenge {name!r} was not issued here since the start. Begin again with a new one.")


class ChallengeUsed(ChallengeError):
    """An answer to it was given already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The challenge {name!r} was answered before; each is good once. Begin again with a new one.")


class ChallengeExpired(ChallengeError):
    """The answer came too late."""

    def __init__(self, name: str, late_s: float) -> None:
        super().__init__(f"The answer to {name!r} came {late_s:.1f} s after its time. Begin again with a new one.")


class Challenges:
    """Issues challenges and takes each back once; one of these lives as long as the kiosk's process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._chance = random.SystemRandom()
        self._open: dict[str, tuple[Challenge, float]] = {}
        self._used: set[str] = set()

    def issue(self) -> Challenge:
        """Return a new challenge from the machine's secure source of chance (os.urandom)."""
        challenge = draw(self._chance)
        self._open[challenge.id] = challenge, self._clock.monotonic() + LIFETIME_S
        return challenge

    def redeem(self, challenge: Challenge) -> None:
        """Use the challenge up; raise ChallengeUnknown, ChallengeUsed or ChallengeExpired."""
        if challenge.id in self._used:
            raise ChallengeUsed(challenge.id)
        issued, until_s = self._open.get(challenge.id, (None, 0.0))
        if issued != challenge:
            raise ChallengeUnknown(challenge.id)
        del self._open[challenge.id]
        late_s = self._clock.monotonic() - until_s
        self._used.add(challenge.id)
        if late_s > 0:
            raise ChallengeExpired(challenge.id, late_s)


def draw(chance: random.Random) -> Challenge:
    """Return a challenge at random: every screen colour once, every lamp twice, one turn.

    Only a source that nobody can foretell (`Challenges` has one) is good for a real citizen.
    """
    screens = _shuffled(COLOURS, chance)
    lamps = _shuffled([*(lamp for lamp in Lamp if lamp is not Lamp.OFF)] * 2 + [Lamp.OFF], chance)
    steps = tuple(
        Step(start_s=start_s, screen=screen, lamp=lamp)
        for start_s, screen, lamp in zip(_starts(chance), screens, lamps, strict=True)
    )
    turn = Turn(direction=chance.choice(list(Direction)), at_s=round(chance.uniform(*_TURN_S), 3))
    return Challenge(id=f"{chance.getrandbits(128):032x}", steps=steps, turn=turn)


def _starts(chance: random.Random) -> list[float]:
    spare_s = LENGTH_S - _STEPS * _SHORTEST_S
    shares = [chance.random() for _ in range(_STEPS)]
    lengths = [_SHORTEST_S + spare_s * share / sum(shares) for share in shares]
    return [round(sum(lengths[:at]), 3) for at in range(_STEPS)]


def _shuffled(items: Sequence[_Item], chance: random.Random) -> list[_Item]:
    return chance.sample(list(items), len(items))
