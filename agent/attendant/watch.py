"""What the camera sees while screen and lamp ring play a challenge."""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.devices.cabinet import Cabinet, Quarter
from agent.devices.camera import Camera
from agent.identity.attendant import Playing, Show
from agent.identity.errors import LookFailed, ScreenSilent
from agent.identity.liveness.challenge import LENGTH_S, Challenge, Direction, Lamp, Step
from agent.identity.liveness.take import Frames
from agent.identity.values import Light, Prompt
from contract.clock import Clock, Deadline

FRAMES_A_SECOND = 10.0
PAINTED_WITHIN_S = 3.0
"""So long a challenge may take to the glass: a screen looks ten times a second, and a browser that fell comes back."""
PLAYED_WITHIN_S = 0.5
"""So much too late or early the screen may end: beyond, its lights did not keep the challenge's time."""

_QUARTERS = {
    Lamp.LEFT: Quarter.RIGHT,
    Lamp.RIGHT: Quarter.LEFT,
    Lamp.ABOVE: Quarter.ABOVE,
    Lamp.BELOW: Quarter.BELOW,
    Lamp.OFF: Quarter(0),
}
"""A challenge speaks of the camera's picture, in which the lamp to the citizen's left lights what is on the right."""
_TURNS = {Direction.LEFT: "right", Direction.RIGHT: "left"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """Frames and when each was taken, in seconds after the challenge began."""

    frames: Frames
    times_s: NDArray[np.float64]


class Watch(ABC):
    """Plays a challenge and films who answers it."""

    @abstractmethod
    async def watch(self, challenge: Challenge, show: Show) -> Footage:
        """Return what was seen from the moment it was painted; raise ScreenSilent, LookFailed or a fault of the camera.

        The camera is off after.
        """


class CameraWatch(Watch):
    """Camera and, where there is one, lamp ring."""

    def __init__(self, camera: Camera, cabinet: Cabinet | None, clock: Clock) -> None:
        self._camera, self._cabinet, self._clock = camera, cabinet, clock

    async def watch(self, challenge: Challenge, show: Show) -> Footage:
        """Hold the exposure, play the challenge, film."""
        try:
            await self._camera.still(Deadline.after(self._clock, LENGTH_S))  # it is on and has measured the light
            await self._camera.lock_exposure(True)
            playing = show(prompt(challenge))
            began_s = await self._told(playing.painted, PAINTED_WITHIN_S, "did not say that it showed the challenge")
            footage = await self._film(challenge, began_s)
            await self._check(playing, began_s)
            return footage
        finally:
            await self._camera.close()

    async def _check(self, playing: Playing, began_s: float) -> None:
        """See that the screen was there to the end, and kept the time."""
        ended_s = await self._told(playing.played, PLAYED_WITHIN_S, "was gone before the challenge was over")
        if abs(off_s := ended_s - began_s - LENGTH_S) > PLAYED_WITHIN_S:
            raise ScreenSilent(f"it was {off_s:+.1f} s out of time at the challenge's end")

    async def _told(self, moment: asyncio.Future[float], within_s: float, otherwise: str) -> float:
        waits = asyncio.ensure_future(self._clock.sleep(within_s))
        await asyncio.wait((moment, waits), return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()
        if not moment.done():
            raise ScreenSilent(f"it {otherwise}")
        return moment.result()

    async def _film(self, challenge: Challenge, began_s: float) -> Footage:
        lamps = asyncio.create_task(self._shine(challenge, began_s))
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
        return Footage(frames=np.stack(frames), times_s=np.array(times_s))

    async def _shine(self, challenge: Challenge, began_s: float) -> None:
        if self._cabinet is None:
            return
        for step in challenge.steps:
            await self._clock.sleep(max(0.0, began_s + step.start_s - self._clock.monotonic()))
            await self._cabinet.shine(_QUARTERS[step.lamp])


def prompt(challenge: Challenge) -> Prompt:
    """Return what the screen has to do for a challenge."""
    return Prompt(
        challenge=challenge.id,
        lights=tuple(_light(step) for step in challenge.steps),
        turn=_TURNS[challenge.turn.direction],
        turn_at_s=challenge.turn.at_s,
        length_s=LENGTH_S,
    )


def _light(step: Step) -> Light:
    return Light(start_s=step.start_s, colour=step.screen)
