"""Reads the screen aloud as it changes: begins with a new scene, says what is new in it, is silent at a touch."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from agent.devices.errors import LoudspeakerError
from agent.devices.loudspeaker import Loudspeaker
from agent.screen.page.scenes import Scene
from agent.screen.page.stage import Stage
from agent.screen.voice.utterances import Utterance, utterances
from agent.screen.voice.voices import Voice, at_volume
from contract.clock import Clock

log = logging.getLogger(__name__)

HEADSET_S: Final = 1.0
"""How often the socket for the headset is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was said last: of which scene, in which language, when asked for the how-manieth time."""

    scene: str
    language: str
    asked: int
    lines: tuple[Utterance, ...]


class ReadingAloud:
    """The stage's voice.

    A sentence marked private (a name, a code, what stands on a card) is said into a headset only. Plugging one in turns
    the voice on, pulling it out turns it off: what was for one pair of ears never goes on for the hall.
    """

    def __init__(self, stage: Stage, loudspeaker: Loudspeaker, voice: Voice, clock: Clock) -> None:
        self._stage, self._loudspeaker, self._voice, self._clock = stage, loudspeaker, voice, clock
        self._headset: bool | None = None
        self._said: _Said | None = None
        self._speaking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Read aloud until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._mind_the_headset())
            tasks.create_task(self._mind_touches())
            while True:
                ring = self._stage.changed.next_ring()
                await self.look(tasks)
                await ring.wait()

    async def look(self, tasks: asyncio.TaskGroup) -> None:
        """Begin to say what the scene has new."""
        scene = self._stage.scene
        if scene is None or not scene.state.comfort.voice:
            self._said = None
            await self.hush()
            return
        if lines := self._new(scene):
            await self.hush()
            self._speaking = tasks.create_task(self._speak(lines, scene))

    async def finished(self) -> None:
        """Return when all that was begun is said."""
        if self._speaking:
            await self._speaking

    async def heed_headset(self) -> None:
        """See whether a headset was plugged in or pulled out."""
        now = await self._loudspeaker.headset()
        if now == self._headset:
            return
        was, self._headset = self._headset, now
        if now or was:
            await self.hush()
            await self._stage.speak(on=bool(now))

    async def hush(self) -> None:
        """Be silent at once."""
        if self._speaking:
            self._speaking.cancel()
            with suppress(asyncio.CancelledError):
                await self._speaking
            self._speaking = None

    def _new(self, scene: Scene) -> Sequence[Utterance]:
        comfort = scene.state.comfort
        said, before = utterances(scene), self._said
        shown = f"{scene.name} {scene.state.over or ''}"
        self._said = _Said(scene=shown, language=comfort.language, asked=comfort.asked_again, lines=said)
        if before is None or (before.scene, before.language, before.asked) != (
            shown,
            comfort.language,
            comfort.asked_again,
        ):
            return said
        return [each for each in said if each not in before.lines]

    async def _speak(self, lines: Sequence[Utterance], scene: Scene) -> None:
        comfort = scene.state.comfort
        for each in lines:
            if each.private and not self._headset:
                continue
            sound = await self._voice.sound(each.text, comfort.language)
            if sound is None:
                log.warning("no voice can say a sentence in %s: is espeak-ng installed?", comfort.language)
                return
            try:
                await self._loudspeaker.play(at_volume(sound, comfort.volume))
            except LoudspeakerError as fault:
                log.warning("not read aloud: %s", fault)
                return

    async def _mind_touches(self) -> None:
        while True:
            await self._stage.touched.next_ring().wait()
            await self.hush()

    async def _mind_the_headset(self) -> None:
        while True:
            await self.heed_headset()
            await self._clock.sleep(HEADSET_S)
