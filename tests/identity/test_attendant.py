"""A look at who stands there: lights and frames keep the challenge's time, judged apart, the camera off after."""

import asyncio
import io
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from agent.apart import WorkerCrashed
from agent.attendant import attendant
from agent.attendant.attendant import KioskAttendant
from agent.attendant.judge import Judged, NotJudged, judge
from agent.attendant.watch import FRAMES_A_SECOND, PAINTED_WITHIN_S
from agent.devices.cabinet import Quarter, SimulatedCabinet
from agent.devices.camera import Frame, SimulatedCamera
from agent.devices.errors import CameraLost
from agent.identity.attendant import Playing
from agent.identity.errors import FaceUnusable, LookFailed, ScreenSilent
from agent.identity.face.values import FaceProblem, Reference
from agent.identity.liveness.challenge import LENGTH_S, Challenge, Lamp, draw
from agent.identity.liveness.verdict import Outcome
from agent.identity.values import CardRead, Prompt
from contract.clock import Clock, Deadline
from contract.messages import CardSource
from models.persons import ranges
from models.persons.attacks import Attack
from models.persons.takes import attacked, live
from tests.virtual_loop import LoopClock, run

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
CARD = CardRead(
    source=CardSource.CHIP, verified=True, reason="GENUINE", name="Trần Văn Mẫu", number="001090001234", born=None,
    portrait=b"\xff\xd8portrait",
)  # fmt: skip


class Body(SimulatedCabinet):
    """Remembers when which quarters shone."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.shone = clock, list[tuple[float, Quarter | None]]()

    async def shine(self, quarters: Quarter | None) -> None:
        await super().shine(quarters)
        self.shone.append((self.clock.monotonic(), quarters))


class Lens(SimulatedCamera):
    """A camera that goes away in the middle of a stream, where that is chosen."""

    loses_at = 0
    closed = 0

    async def frames(self, per_second: float) -> AsyncIterator[Frame]:
        seen = 0
        async for frame in super().frames(per_second):
            seen += 1
            if seen == self.loses_at:
                raise CameraLost
            yield frame

    async def close(self) -> None:
        self.closed += 1


class Room:
    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
        self.clock = LoopClock(NOW)
        self.body, self.lens = Body(self.clock), Lens([np.full((48, 64, 3), 90, np.uint8)], self.clock)
        self.asked: list[tuple[Any, ...]] = []
        self.prompts: list[tuple[float, Prompt]] = []
        self.paints_after_s: float | None = 0.23
        self.plays_s: float | None = LENGTH_S
        self.attendant = KioskAttendant(
            camera=self.lens, clock=self.clock, country_signers=tmp_path / "signers", cabinet=self.body
        )

        async def run_apart(within_s: float, work: object, *given: Any) -> Any:
            self.asked.append(given)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(attendant, "run_apart", run_apart)

    async def look(self) -> Any:
        def show(prompt: Prompt) -> Playing:
            playing, screen = Playing(), asyncio.get_running_loop()
            if self.paints_after_s is not None:
                painted_s = self.clock.monotonic() + self.paints_after_s
                screen.call_at(painted_s, playing.painted.set_result, painted_s)
                self.prompts.append((painted_s, prompt))
                if self.plays_s is not None:
                    played_s = painted_s + self.plays_s
                    screen.call_at(played_s, playing.played.set_result, played_s)
            return playing

        return await self.attendant.look(CARD, show, Deadline.after(self.clock, 30))


def test_lamp_and_frames_keep_the_challenge_s_time_and_all_is_off_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path, monkeypatch, NotJudged(detail="too few frames"))
    with pytest.raises(LookFailed, match="too few frames"):
        run(room.look())
    ((began_s, prompt),) = room.prompts
    ((portrait, reference, challenge, frames, times_s),) = room.asked
    assert (portrait, reference) == (CARD.portrait, Reference.CHIP_PORTRAIT)
    assert challenge.id == prompt.challenge
    assert [light.colour for light in prompt.lights] == [step.screen for step in challenge.steps]
    assert len(frames) == len(times_s) >= LENGTH_S * FRAMES_A_SECOND - 1
    assert 0 <= times_s[0] < times_s[-1] <= LENGTH_S
    *steps, (_, last) = room.body.shone
    assert last is None
    assert [at_s - began_s for at_s, _ in steps] == pytest.approx([step.start_s for step in challenge.steps], abs=0.11)
    lit = {Lamp.LEFT: Quarter.RIGHT, Lamp.RIGHT: Quarter.LEFT, Lamp.ABOVE: Quarter.ABOVE, Lamp.BELOW: Quarter.BELOW}
    assert [quarters for _, quarters in steps] == [lit.get(step.lamp, Quarter(0)) for step in challenge.steps]
    assert room.lens.closed == 1


def test_screen_that_never_paints_the_challenge_ends_the_look_within_its_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path, monkeypatch, None)
    room.paints_after_s = None

    async def look_s() -> float:
        began_s = room.clock.monotonic()
        with pytest.raises(ScreenSilent, match="did not say that it showed"):
            await room.look()
        return room.clock.monotonic() - began_s

    assert run(look_s()) == pytest.approx(PAINTED_WITHIN_S, abs=0.1)
    assert (room.body.shone, room.asked, room.lens.closed) == ([], [], 1)


@pytest.mark.parametrize(
    ("plays_s", "why"),
    [(None, "gone before the challenge was over"), (LENGTH_S - 0.6, "-0.6 s out of time"), (LENGTH_S + 0.55, "gone")],
)
def test_screen_that_goes_amid_the_challenge_or_loses_its_time_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plays_s: float | None, why: str
) -> None:
    room = Room(tmp_path, monkeypatch, None)
    room.plays_s = plays_s
    with pytest.raises(ScreenSilent, match=why):
        run(room.look())
    assert room.asked == [] and room.body.shone[-1][1] is None and room.lens.closed == 1


def test_each_look_has_a_challenge_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(tmp_path, monkeypatch, NotJudged(problem=FaceProblem.NO_FACE))
    for _ in range(3):
        with pytest.raises(FaceUnusable) as told:
            run(room.look())
        assert told.value.vi == FaceProblem.NO_FACE.vi
    assert len({prompt.challenge for _, prompt in room.prompts}) == 3


@pytest.mark.parametrize("fault", [TimeoutError(), WorkerCrashed(-11)])
def test_judge_that_dies_or_does_not_end_fails_the_look_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    room = Room(tmp_path, monkeypatch, fault)
    with pytest.raises(LookFailed):
        run(room.look())


def test_camera_that_goes_in_the_middle_leaves_lamp_and_camera_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path, monkeypatch, None)
    room.lens.loses_at = 5
    with pytest.raises(CameraLost):
        run(room.look())
    assert room.body.shone[-1][1] is None and room.lens.closed == 1 and room.asked == []


def simulated(attack: Attack | None, seed: int) -> tuple[Challenge, Any, Any]:
    challenge = draw(random.Random(seed))
    made = (
        live(seed, ranges.SAMPLES, challenge) if attack is None else attacked(attack, seed, ranges.SAMPLES, challenge)
    )
    return challenge, made.take.frames, made.take.times_s


@pytest.mark.parametrize(("attack", "outcome"), [(None, Outcome.ALIVE), (Attack.PRINT, Outcome.NOT_ALIVE)])
def test_rendered_person_is_judged_alive_and_a_print_is_not(attack: Attack | None, outcome: Outcome) -> None:
    """Simulated: rendered takes, real detector, mesh, cues and embedding."""
    challenge, frames, times_s = simulated(attack, 3)
    found = judge(jpeg(frames[0]), Reference.CHIP_PORTRAIT, challenge, frames, times_s)
    assert isinstance(found, Judged)
    assert found.liveness.outcome is outcome
    assert Image.open(io.BytesIO(found.frame)).size == (frames.shape[2], frames.shape[1])
    assert found.liveness.evidence.holds()


def test_nobody_there_is_said_to_be_nobody() -> None:
    challenge, frames, times_s = simulated(None, 3)
    found = judge(jpeg(frames[0]), Reference.CHIP_PORTRAIT, challenge, np.full_like(frames, 100), times_s)
    assert found == NotJudged(problem=FaceProblem.NO_FACE)


def jpeg(frame: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(frame).save(out, "JPEG", quality=92)
    return out.getvalue()
