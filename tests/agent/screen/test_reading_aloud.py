"""The voice over a real stage: it begins with a scene, stops at a touch, and keeps what is private for a headset."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from kiosk_doubles import Town

from agent.devices.errors import LoudspeakerUnreachable
from agent.devices.loudspeaker import Loudspeaker, LoudspeakerStatus
from agent.devices.status import DeviceState
from agent.screen.page.stage import Stage
from agent.screen.page.state import Deed, Language, Tap
from agent.screen.voice.reading_aloud import ReadingAloud
from contract.clock import SystemClock


def silence() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8_000)
        written.writeframes(b"\0\0" * 80)
    return out.getvalue()


@dataclass
class Ear(Loudspeaker):
    """Hears the end of a sound only when the test lets it; knows what was broken off."""

    plugged: bool | None = False
    begun: int = 0
    ended: int = 0
    cut: int = 0
    fault: bool = False
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, sound: bytes) -> None:
        if self.fault:
            raise LoudspeakerUnreachable
        self.begun += 1
        try:
            await self.goes_on.wait()
            self.ended += 1
        except asyncio.CancelledError:
            self.cut += 1
            raise

    async def headset(self) -> bool | None:
        return self.plugged

    async def status(self) -> LoudspeakerStatus:
        return LoudspeakerStatus(state=DeviceState.READY, detail="a test's")


@dataclass
class Mouth:
    """Remembers what it was to say."""

    said: list[tuple[str, str]] = field(default_factory=list)

    async def sound(self, text: str, language: Language) -> bytes:
        self.said.append((language, text))
        return silence()


@dataclass
class Room:
    """The parts, moved on by hand: as `ReadingAloud.run` does it, but when the test wants it."""

    stage: Stage
    ear: Ear
    mouth: Mouth
    town: Town
    reading: ReadingAloud
    tasks: asyncio.TaskGroup

    async def tap(self, do: Deed, value: str = "") -> None:
        await self.stage.look()
        assert self.stage.scene
        await self.stage.tap(Tap(scene=self.stage.scene.name, do=do, value=value))
        await self.reading.hush()
        await self.listen()

    async def listen(self) -> None:
        begun = self.ear.begun
        await self.reading.look(self.tasks)
        if self.ear.goes_on.is_set():
            await self.reading.finished()
        elif self.stage.state.comfort.voice and not self.ear.fault:
            while self.ear.begun == begun:
                await asyncio.sleep(0)

    @property
    def words(self) -> str:
        return " | ".join(text for _, text in self.mouth.said).lower()


async def no_visit(wish: object) -> str:
    raise AssertionError("nothing is begun here")


@pytest.fixture
async def room(town: Town) -> AsyncIterator[Room]:
    async with town.kiosk() as kiosk, asyncio.TaskGroup() as tasks:
        stage, ear, mouth = Stage(kiosk, no_visit), Ear(), Mouth()
        await stage.look()
        reading = ReadingAloud(stage, ear, mouth, SystemClock())
        yield Room(stage, ear, mouth, town, reading, tasks)
        await reading.hush()


async def test_nothing_is_said_until_somebody_wants_it(room: Room) -> None:
    await room.tap(Deed.WAKE)
    assert room.mouth.said == []
    await room.tap(Deed.VOICE)
    assert room.mouth.said[0] == ("vi", "Bạn cần làm gì?")


async def test_a_touch_silences_at_once_and_the_next_scene_begins(room: Room) -> None:
    await room.tap(Deed.VOICE)
    assert (room.ear.begun, room.ear.cut) == (1, 0)
    await room.tap(Deed.WAKE)
    assert room.ear.cut == 1
    assert room.mouth.said[-1][1] == "Bạn cần làm gì?"
    assert room.ear.ended == 0


async def test_a_scene_is_said_whole_once_and_again_when_asked_and_in_the_other_language(room: Room) -> None:
    room.ear.goes_on.set()
    await room.tap(Deed.WAKE)
    await room.tap(Deed.VOICE)
    whole = len(room.mouth.said)
    await room.listen()
    assert len(room.mouth.said) == whole
    await room.tap(Deed.AGAIN)
    assert room.mouth.said[whole:] == room.mouth.said[:whole]
    await room.tap(Deed.LANGUAGE)
    assert ("en", "What would you like to do?") in room.mouth.said


async def test_what_is_new_in_a_scene_is_said_alone(room: Room) -> None:
    room.ear.goes_on.set()
    for do in (Deed.WAKE, Deed.COPY, Deed.GO_ON, Deed.GO_ON, Deed.VOICE):
        await room.tap(do)
    before = len(room.mouth.said)
    await room.tap(Deed.KEY, "a")
    assert [text for _, text in room.mouth.said[before:]] == ["Nút: Tiếp tục"]


async def test_a_name_is_said_into_a_headset_only_and_pulling_it_out_is_silence(room: Room) -> None:
    room.ear.goes_on.set()
    for do, value in ((Deed.WAKE, ""), (Deed.COPY, ""), (Deed.GO_ON, ""), (Deed.GO_ON, ""), (Deed.KEY, "a")):
        await room.tap(do, value)
    await room.tap(Deed.VOICE)
    assert "họ và tên" in room.words and "| a |" not in room.words
    await room.tap(Deed.VOICE)
    room.mouth.said.clear()
    room.ear.plugged = True
    await room.reading.heed_headset()
    await room.listen()
    assert "| a |" in room.words
    room.ear.plugged = False
    await room.reading.heed_headset()
    assert not room.stage.state.comfort.voice
    said = len(room.mouth.said)
    await room.tap(Deed.KEY, "n")
    assert len(room.mouth.said) == said


async def test_a_dead_loudspeaker_stops_nothing(room: Room) -> None:
    room.ear.fault = True
    await room.tap(Deed.VOICE)
    await room.tap(Deed.WAKE)
    room.ear.fault = False
    room.ear.goes_on.set()
    await room.tap(Deed.COPY)
    assert room.ear.begun > 1 and "có thể bạn không cần" in room.words


async def test_the_next_citizen_is_not_spoken_to(room: Room) -> None:
    for do in (Deed.VOICE, Deed.WAKE, Deed.LOUDER):
        await room.tap(do)
    room.town.clock.advance(1_000)
    await room.stage.look()
    assert not room.stage.state.comfort.voice and room.stage.state.comfort.volume == 3


async def test_by_itself_it_follows_the_screen_the_touches_and_the_headset(town: Town) -> None:
    async with town.kiosk() as kiosk:
        stage, ear, mouth = Stage(kiosk, no_visit), Ear(plugged=True), Mouth()
        await stage.look()
        running = asyncio.create_task(ReadingAloud(stage, ear, mouth, SystemClock()).run())
        async with asyncio.timeout(30):
            while not ear.begun:
                await asyncio.sleep(0.005)
            await stage.tap(Tap(scene="attract", do=Deed.WAKE))
            while not (ear.cut and mouth.said[-1][1] == "Bạn cần làm gì?"):
                await asyncio.sleep(0.005)
        assert not running.done()
        running.cancel()
