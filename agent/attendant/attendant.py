"""The attendant of a real kiosk: first the card, then the person in the light of screen and lamp ring."""

import asyncio
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from agent.apart import WorkerCrashed, run_apart
from agent.attendant.card import CardDesk
from agent.attendant.judge import Judged, NotJudged, judge
from agent.devices.cabinet import Cabinet, Quarter
from agent.devices.camera import Camera
from agent.identity.attendant import Attendant, Show
from agent.identity.errors import FaceUnusable, LookFailed
from agent.identity.face.values import Reference
from agent.identity.face.values import Verdict as FaceVerdict
from agent.identity.liveness.challenge import LENGTH_S, Challenge, Challenges, Direction, Lamp, Step
from agent.identity.liveness.take import Frames
from agent.identity.liveness.verdict import Cue as LivenessCue
from agent.identity.liveness.verdict import Outcome, weights
from agent.identity.values import CardRead, Light, Prompt, Seen
from contract.clock import Clock, Deadline
from contract.identity_evidence import Cue, CueScore, FaceScore
from contract.messages import CardSource, IdentityResult

Times = NDArray[np.float64]

FRAMES_A_SECOND = 10.0
_JPEG_QUALITY = 90

_QUARTERS = {
    Lamp.LEFT: Quarter.RIGHT,
    Lamp.RIGHT: Quarter.LEFT,
    Lamp.ABOVE: Quarter.ABOVE,
    Lamp.BELOW: Quarter.BELOW,
    Lamp.OFF: Quarter(0),
}
"""A challenge speaks of the camera's picture, in which the lamp to the citizen's left lights what is on the right."""
_TURNS = {Direction.LEFT: "right", Direction.RIGHT: "left"}
_RESULTS = {
    FaceVerdict.MATCH: IdentityResult.MATCH,
    FaceVerdict.NO_MATCH: IdentityResult.NO_MATCH,
    FaceVerdict.UNSURE: IdentityResult.UNSURE,
}
_REFERENCES = {CardSource.CHIP: Reference.CHIP_PORTRAIT, CardSource.PRINTED: Reference.PRINTED_PORTRAIT}


class KioskAttendant(Attendant):
    """Camera, card desk and, where there is one, the lamp ring; faces are measured in a process of their own."""

    def __init__(self, camera: Camera, cards: CardDesk, cabinet: Cabinet | None, clock: Clock) -> None:
        self._camera, self._cards, self._cabinet, self._clock = camera, cards, cabinet, clock
        self._challenges = Challenges(clock)

    async def read_card(self, deadline: Deadline) -> CardRead:
        """Return what chip or print say; the camera goes off again."""
        try:
            return await self._cards.read(deadline)
        finally:
            await self._camera.close()

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        """Return what camera and lights showed; raise FaceUnusable, LookFailed or a fault of the camera."""
        challenge = self._challenges.issue()
        try:
            frames, times_s = await self._watch(challenge, show)
        finally:
            await self._camera.close()
        self._challenges.redeem(challenge)
        judged = await self._judge(card, challenge, frames, times_s, deadline)
        return _seen(challenge, judged)

    async def photograph(self, deadline: Deadline) -> bytes:
        """Return a still."""
        try:
            still = await self._camera.still(deadline)
        finally:
            await self._camera.close()
        out = io.BytesIO()
        Image.fromarray(still.pixels).save(out, "JPEG", quality=_JPEG_QUALITY)
        return out.getvalue()

    async def _watch(self, challenge: Challenge, show: Show) -> tuple[Frames, Times]:
        """Return the frames of a challenge and when each came, in seconds after its start."""
        await self._camera.still(Deadline.after(self._clock, LENGTH_S))  # it is on and has measured the light
        await self._camera.lock_exposure(True)
        show(_prompt(challenge))
        began_s = self._clock.monotonic()
        lamps = asyncio.create_task(self._lights(challenge, began_s))
        frames, times_s = [], []
        try:
            async for frame in self._camera.frames(FRAMES_A_SECOND):
                if (at_s := frame.at_s - began_s) > LENGTH_S:
                    break
                frames.append(frame.pixels)
                times_s.append(at_s)
        finally:
            lamps.cancel()
            await asyncio.gather(lamps, return_exceptions=True)
            if self._cabinet:
                await self._cabinet.shine(None)
        if not frames:
            raise LookFailed("no frame came during the challenge")
        return np.stack(frames), np.array(times_s)

    async def _lights(self, challenge: Challenge, began_s: float) -> None:
        for step in challenge.steps if self._cabinet else ():
            await self._clock.sleep(max(0.0, began_s + step.start_s - self._clock.monotonic()))
            assert self._cabinet
            await self._cabinet.shine(_QUARTERS[step.lamp])

    async def _judge(
        self, card: CardRead, challenge: Challenge, frames: Frames, times_s: Times, deadline: Deadline
    ) -> Judged:
        reference = _REFERENCES[card.source]
        try:
            judged = await run_apart(deadline.remaining_s, judge, card.portrait, reference, challenge, frames, times_s)
        except (TimeoutError, WorkerCrashed) as fault:
            raise LookFailed(str(fault) or "it took too long") from fault
        if isinstance(judged, NotJudged):
            if judged.problem:
                raise FaceUnusable(judged.problem.value, vi=judged.problem.vi, en=judged.problem.en)
            raise LookFailed(judged.detail)
        return judged


def _prompt(challenge: Challenge) -> Prompt:
    return Prompt(
        challenge=challenge.id,
        lights=tuple(_light(step) for step in challenge.steps),
        turn=_TURNS[challenge.turn.direction],
        turn_at_s=challenge.turn.at_s,
    )


def _light(step: Step) -> Light:
    return Light(start_s=step.start_s, colour=step.screen)


def _seen(challenge: Challenge, judged: Judged) -> Seen:
    comparison, liveness = judged.comparison, judged.liveness
    return Seen(
        challenge=challenge.id,
        face=FaceScore(
            result=_RESULTS[comparison.verdict],
            score=_similarity(comparison.distance),
            threshold=_similarity(comparison.match_below),
        ),
        alive=liveness.outcome is Outcome.ALIVE,
        cues=tuple(_cue(cue, score) for cue, score in liveness.scores.items()),
        frame=judged.frame,
        frames_sha256=liveness.evidence.link,
    )


def _similarity(distance: float) -> float:
    """Return 1 for the same picture, falling with the distance."""
    return float(np.clip(1 - distance, -1, 1))


def _cue(cue: LivenessCue, log_odds: float) -> CueScore:
    passed = log_odds >= weights().cues[cue].alone_from
    return CueScore(cue=Cue[cue.name], score=float(np.tanh(log_odds / 2)), passed=passed)
