"""A kiosk of simulated devices with its screen and its voice, in real time, for a browser to stand before."""

import asyncio
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from kiosk_doubles import Hub, Town

from agent.devices.loudspeaker import SimulatedLoudspeaker
from agent.identity.attendant import Attendant
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import go_on, start
from agent.journeys.values import Wish
from agent.screen.api import Screen
from agent.screen.page.activities import found
from agent.screen.page.routes import PageRoutes
from agent.screen.page.stage import Stage
from agent.screen.server import ScreenServer, listen
from agent.screen.voice.reading_aloud import ReadingAloud
from agent.screen.voice.voices import Voice
from contract.clock import SystemClock


class Served:
    """A kiosk of simulated devices with its screen, in a thread of its own."""

    def __init__(
        self, folder: Path, voice: Voice | None = None, attendant: Attendant | None = None, **parts: object
    ) -> None:
        """Speak with `voice` into `loudspeaker`, where there is one; `parts` are the kiosk's besides the town's."""
        self._voice, self.loudspeaker = voice, SimulatedLoudspeaker(folder / "heard")
        self._parts = parts
        clock = SystemClock()
        self.town = Town(folder=folder, clock=clock, hub=Hub(clock), notes=[], touches=())  # type: ignore[arg-type]
        self.town.officer_takes_s, self.town.attendant = 0.3, attendant
        self._socket = listen(0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60), "the kiosk did not start within a minute"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def insert(self, *notes_vnd: int) -> None:
        for each in notes_vnd:
            assert self._kiosk.cash.box.insert(each)  # type: ignore[attr-defined]

    def code_of_the_first_visit(self) -> str:
        """What stands on the slip of the citizen who came first."""
        first = asyncio.run_coroutine_threadsafe(self._kiosk.ledger.journal.open_visits(), self._loop).result(5)[0]
        return first.id[-8:]

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with self.town.kiosk() as kiosk, asyncio.TaskGroup() as tasks:
            kiosk = replace(kiosk, **self._parts)  # type: ignore[arg-type]
            if self._voice:
                kiosk = replace(kiosk, others={"loudspeaker": self.loudspeaker})
            self._kiosk = kiosk

            async def begin(wish: Wish) -> str:
                visit = await start(kiosk, wish)
                tasks.create_task(go_on(kiosk, await kiosk.ledger.journal.visit(visit.id)))
                return visit.id

            stage = Stage(kiosk, begin, found(kiosk))
            working = [tasks.create_task(stage.run())]
            if self._voice:
                reading = ReadingAloud(stage, self.loudspeaker, self._voice, kiosk.clock)
                working.append(tasks.create_task(reading.run()))
            self._server = ScreenServer(Screen(kiosk, begin, PageRoutes(stage).routes()).app(), self._ready.set)
            await self._server.serve(sockets=[self._socket])
            for each in working:
                each.cancel()

    _loop: asyncio.AbstractEventLoop
    _kiosk: Kiosk
    _server: ScreenServer
