"""A kiosk of simulated devices that a real browser looks at, in real time."""

import asyncio
from pathlib import Path
from threading import Event, Thread

from kiosk_doubles import Hub, Town

from agent.identity.attendant import Attendant
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import go_on, start
from agent.journeys.values import Order, PickUp
from agent.screen.api import Screen
from agent.screen.page.routes import PageRoutes
from agent.screen.page.stage import Stage
from agent.screen.server import ScreenServer, listen
from contract.clock import SystemClock


class Served:
    """A kiosk of simulated devices with its screen, in a thread of its own."""

    def __init__(self, folder: Path, attendant: Attendant | None = None) -> None:
        clock = SystemClock()
        self.town = Town(folder=folder, clock=clock, hub=Hub(clock), notes=[], touches=())  # type: ignore[arg-type]
        self.town.officer_takes_s, self.town.attendant = 0.3, attendant
        self._socket = listen(0)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(20)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    def insert(self, *notes_vnd: int) -> None:
        for each in notes_vnd:
            assert self._kiosk.cash.box.insert(each)  # type: ignore[attr-defined]

    async def _serve(self) -> None:
        async with self.town.kiosk() as kiosk, asyncio.TaskGroup() as tasks:
            self._kiosk = kiosk

            async def begin(wish: Order | PickUp) -> str:
                visit = await start(kiosk, wish)
                tasks.create_task(go_on(kiosk, await kiosk.ledger.journal.visit(visit.id)))
                return visit.id

            stage = Stage(kiosk, begin)
            looking = tasks.create_task(stage.run())
            self._server = ScreenServer(Screen(kiosk, begin, PageRoutes(stage).routes()).app(), self._ready.set)
            await self._server.serve(sockets=[self._socket])
            looking.cancel()

    _kiosk: Kiosk
    _server: ScreenServer
