"""What a kiosk does from its start to its end: the tasks that run side by side, and the screen's server."""

import asyncio
from collections.abc import Coroutine, Iterator
from functools import partial
from socket import socket
from typing import Any, NoReturn

from agent.config import Config
from agent.devices.loudspeaker import Loudspeaker
from agent.journeys import settling
from agent.journeys.by_transfer import answer_strays_for_ever
from agent.journeys.collection import tell_last
from agent.journeys.in_service import show_lamp
from agent.journeys.late_copies import fetch_for_ever
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import expire_for_ever, go_on, recover, start
from agent.journeys.values import Wish
from agent.link import est
from agent.link.mqtt import Credentials
from agent.screen.api import Screen
from agent.screen.cash_desk import CashDesk
from agent.screen.dispenser import Dispenser
from agent.screen.feedback_desk import FeedbackDesk
from agent.screen.guide_desk import GuideDesk
from agent.screen.identity import StaffDoor
from agent.screen.page.activities import found
from agent.screen.page.routes import PageRoutes
from agent.screen.page.stage import Stage
from agent.screen.queue import QueueDesk
from agent.screen.server import ScreenServer
from agent.screen.voice import voices
from agent.screen.voice.reading_aloud import ReadingAloud
from agent.telemetry import tell_for_ever
from agent.upkeep import evidence_key
from agent.upkeep.jobs import Restart, work_for_ever
from agent.upkeep.program_update import ProgramUpdate, by_hand_for_ever
from agent.upkeep.renewal import renew_for_ever
from agent.upkeep.standing import watch_for_ever
from contract.service_manager import READY as STARTED
from contract.service_manager import ServiceManager

READY = "kiosk ready"


async def serve(
    kiosk: Kiosk, config: Config, credentials: Credentials, port: socket, manager: ServiceManager, restart: Restart
) -> None:
    """Take the visits up again that were open, then work until cancelled; a job may call `restart`."""

    def ready() -> None:
        print(READY, flush=True)
        manager.tell(STARTED)

    async with asyncio.TaskGroup() as tasks:

        async def begin(wish: Wish) -> str:
            visit = await start(kiosk, wish)
            tasks.create_task(go_on(kiosk, await kiosk.ledger.journal.visit(visit.id)))
            return visit.id

        await show_lamp(kiosk)
        for record in await recover(kiosk):
            tasks.create_task(go_on(kiosk, record))
        tasks.create_task(kiosk.link.run())
        tasks.create_task(expire_for_ever(kiosk))
        tasks.create_task(fetch_for_ever(kiosk))
        tasks.create_task(tell_for_ever(kiosk))
        program = ProgramUpdate(kiosk, config.update_place) if config.updates and config.updates.url else None
        tasks.create_task(work_for_ever(kiosk, restart, program))
        tasks.create_task(by_hand_for_ever(kiosk, config.update_place))
        for each in _kept_at_the_hub(kiosk, config, credentials):
            tasks.create_task(each)
        tasks.create_task(answer_strays_for_ever(kiosk))
        await tell_last(kiosk)
        await settling.tell_all(kiosk)
        stage = Stage(kiosk, begin, found(kiosk))
        tasks.create_task(stage.run())
        if loudspeaker := kiosk.device(Loudspeaker):  # type: ignore[type-abstract]
            voice = voices.of(config.voice.pack, {"vi": config.voice.piper_vi, "en": config.voice.piper_en})
            tasks.create_task(ReadingAloud(stage, loudspeaker, voice, kiosk.clock).run())
        desks = (
            PageRoutes(stage),
            CashDesk(kiosk, kiosk.collectors),
            StaffDoor(kiosk, kiosk.staff),
            FeedbackDesk(kiosk),
            GuideDesk(kiosk),
            Dispenser(kiosk),
            QueueDesk(kiosk, begin),
        )
        screen = Screen(kiosk, begin, [route for desk in desks for route in desk.routes()])
        server = ScreenServer(screen.app(), ready)
        tasks.create_task(server.serve(sockets=[port]))
        tasks.create_task(manager.prove_alive(kiosk.ledger.answer, kiosk.clock))


def _kept_at_the_hub(kiosk: Kiosk, config: Config, credentials: Credentials) -> Iterator[Coroutine[Any, Any, NoReturn]]:
    """Yield what asks the hub's enrolment for ever: certificate, standing, the key that evidence is sealed to."""
    if not (est_address := config.hub.est):
        return
    yield renew_for_ever(config.kiosk.id, est_address, credentials, kiosk.clock)
    yield watch_for_ever(kiosk, partial(est.placement, est_address, credentials))
    if kiosk.identity:
        path = evidence_key.place(config.kiosk.folder, credentials)
        yield evidence_key.follow_for_ever(kiosk.identity, path, est_address, credentials, kiosk.clock)
