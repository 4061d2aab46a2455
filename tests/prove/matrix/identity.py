"""Who stands there, in the matrix: card, camera and screen, each with what a Trouble does to it.

The challenge is played and filmed by the agent's own CameraWatch; card and face are simulated: they are the citizen's.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress

import numpy as np

from agent.attendant.watch import PAINTED_WITHIN_S, CameraWatch
from agent.devices.camera import FRAME_S, Frame, SimulatedCamera
from agent.devices.errors import CameraError, CameraLost, CameraSilent, CameraUnreachable
from agent.identity.attendant import Attendant, Playing, Show
from agent.identity.errors import CardNotShown
from agent.identity.liveness.challenge import draw
from agent.identity.values import CardRead, Prompt, Seen
from contract.clock import Clock, Deadline
from contract.messages import CardSource
from tests.agent.identity_doubles import card, seen
from tests.agent.kiosk_doubles import PowerCut
from tests.prove.matrix.trouble import Mode, Trouble, until_the_deadline

PAINTS_AFTER_S = 0.2
_GREY = np.full((48, 64, 3), 90, np.uint8)


class Lens(SimulatedCamera):
    """The camera: away, silent, or so dirty that no card's code is read."""

    def __init__(self, trouble: Trouble, clock: Clock) -> None:
        super().__init__([_GREY], clock)
        self._trouble = trouble

    async def still(self, deadline: Deadline) -> Frame:
        await self._obey(CameraUnreachable())
        frame = await super().still(deadline)
        self._trouble.done_by("camera")
        return frame

    async def frames(self, per_second: float) -> AsyncIterator[Frame]:
        async for frame in super().frames(per_second):
            await self._obey(CameraLost())
            yield frame

    async def _obey(self, lost: CameraError) -> None:
        match self._trouble.mode_of("camera"):
            case Mode.LOST | Mode.CUT:
                raise lost
            case Mode.SLOW:
                await asyncio.sleep(FRAME_S)
                raise CameraSilent


class Face(Attendant):
    """The attendant; without a chip that answers it goes by the card's print, as CardDesk does."""

    def __init__(self, trouble: Trouble, clock: Clock) -> None:
        self._trouble, self._clock = trouble, clock
        self._lens = Lens(trouble, clock)
        self._watch = CameraWatch(self._lens, None, clock)

    async def read_card(self, deadline: Deadline) -> CardRead:
        await self._lens.still(deadline)
        if self._trouble.mode_of("camera") is Mode.JAMMED:
            await until_the_deadline(deadline)
            raise CardNotShown
        is_read = self._trouble.mode_of("card reader") is None
        self._trouble.done_by("card reader")
        return card() if is_read else card(CardSource.PRINTED, verified=False, reason="CARD_READER")

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        challenge = draw(random.Random(1))
        await self._watch.watch(challenge, lambda prompt: self._painted(prompt, show))
        return seen(challenge=challenge.id)

    async def photograph(self, deadline: Deadline) -> bytes:
        return (await self._lens.still(deadline)).pixels.tobytes()

    def _painted(self, prompt: Prompt, show: Show) -> Playing:
        """Show it, and let the screen tell of it as far as it can."""
        playing, loop = show(prompt), asyncio.get_running_loop()
        late_s = PAINTED_WITHIN_S + 1 if self._trouble.mode_of("screen") is Mode.SLOW else PAINTS_AFTER_S
        if self._trouble.mode_of("screen") in (None, Mode.SLOW):
            loop.call_later(late_s, self._tell, playing.painted)
            loop.call_later(late_s + prompt.length_s, self._tell, playing.played)
        return playing

    def _tell(self, moment: "asyncio.Future[float]") -> None:
        if self._trouble.mode_of("screen") not in (None, Mode.SLOW):
            return
        if not moment.done():
            moment.set_result(self._clock.monotonic())
        with suppress(PowerCut):  # it is the kiosk's, which notices by itself
            self._trouble.done_by("screen")
