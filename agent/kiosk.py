"""The kiosk: built from kiosk.toml, recovered from the ledger, run until SIGTERM."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from socket import socket
from typing import Any, NoReturn

from agent.catalogue.shelf import Shelf
from agent.config import Config, PersonSection, build, fill, load
from agent.configured import at_work, credentials_of, devices_of
from agent.desk import DeskSettings, ReadingDesk, check_weights
from agent.devices.board import Board
from agent.devices.loudspeaker import Loudspeaker
from agent.devices.time_source import ChronyTimeSource, SimulatedTimeSource, TimeSource
from agent.identity.attendant import Attendant
from agent.journeys import settling
from agent.journeys.by_transfer import answer_strays_for_ever
from agent.journeys.collection import tell_last
from agent.journeys.identity_desk import IdentityDesk
from agent.journeys.in_service import show_lamp
from agent.journeys.late_copies import fetch_for_ever
from agent.journeys.line import LineService, QueueLine
from agent.journeys.parts import Kiosk, Place
from agent.journeys.pins import Pins
from agent.journeys.recovery import expire_for_ever, go_on, recover, start
from agent.journeys.service import ServiceDoor
from agent.journeys.values import Wish
from agent.ledger.faults import LedgerFault
from agent.ledger.ledger import Ledger
from agent.ledger.starts import Start
from agent.link import est
from agent.link.device_key import valid_until
from agent.link.faults import LinkFault
from agent.link.link import Link
from agent.link.mqtt import Credentials, MqttTransport
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
from agent.screen.server import PortTaken, ScreenServer, listen
from agent.screen.voice import voices
from agent.screen.voice.reading_aloud import ReadingAloud
from agent.telemetry import tell_for_ever
from agent.update.measuring import contents_of
from agent.upkeep import evidence_key, logbook
from agent.upkeep.jobs import Restart, work_for_ever
from agent.upkeep.program_update import ProgramUpdate, by_hand_for_ever
from agent.upkeep.renewal import renew_for_ever
from agent.upkeep.standing import watch_for_ever
from contract.clock import Clock, SystemClock
from contract.postage import PostalRate
from contract.service_manager import READY as STARTED
from contract.service_manager import STOPPING, ServiceManager
from contract.settings import SettingsFault
from models.manifest import ModelError

READY = "kiosk ready"

_EXPECTED = (LedgerFault, LinkFault, ModelError, PortTaken, SettingsFault)


async def run(path: Path) -> bool:
    """Run the kiosk of `path` until SIGTERM, or until a job asks for a restart: only then return True.

    Ends the process with a sentence where the kiosk can't run.
    """
    logging.basicConfig(level=os.environ.get("TRAM_LOG", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    main = asyncio.current_task()
    assert main is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, main.cancel)
    again = False

    def restart() -> None:
        nonlocal again
        again = True
        main.cancel()

    try:
        await _run(load(path), path.parent, restart)
    except asyncio.CancelledError:
        pass
    except _EXPECTED as fault:
        raise SystemExit(_sentence(fault)) from fault
    except BaseExceptionGroup as group:
        known, unknown = group.split(_EXPECTED)
        if unknown or not known:
            raise
        raise SystemExit("\n".join(sorted({_sentence(fault) for fault in _leaves(known)}))) from group
    return again


async def _run(config: Config, base: Path, restart: Restart) -> None:
    clock = SystemClock()
    manager = ServiceManager.of(os.environ)
    port = listen(config.screen.port)
    ledger = await Ledger.open(config.kiosk.folder, clock)
    logbook.keep(config.kiosk.folder)
    try:
        credentials = credentials_of(config.hub)
        async with assembled(config, base, credentials, ledger, clock) as kiosk:
            await _serve(kiosk, config, credentials, port, manager, restart)
    finally:
        manager.tell(STOPPING)
        await ledger.close()


@asynccontextmanager
async def assembled(
    config: Config, base: Path, credentials: Credentials, ledger: Ledger, clock: Clock
) -> AsyncIterator[Kiosk]:
    """Yield the kiosk that the configuration describes; raise SettingsFault, LinkFault or ModelError."""
    reading = fill("desk", config.desk, DeskSettings, base=base)
    check_weights(reading)
    desk = ReadingDesk(reading)
    try:
        board, devices = devices_of(config, base, clock)
        kiosk = Kiosk(
            place=_place(config),
            clock=clock,
            ledger=ledger,
            link=_link(config, credentials, ledger, clock, await ledger.starts.begin()),
            desk=desk,
            pays_by_transfer=config.kiosk.pays_by_transfer,
            digitises=config.kiosk.digitises,
            asks_vneid=config.kiosk.asks_vneid,
            mails=config.delivery.mail,
            accounts=config.delivery.accounts,
            postal_rates=_postal_rates(config),
            time_source=_time_source(config),
            identity=_identity(config, base, clock, devices, credentials),
            line=_line(config),
            device_signer=credentials.signer,
            certificate_until=lambda: valid_until(credentials.certificate),
            contents=partial(contents_of, Path(sys.prefix)),
            keep_for_demo_dir=config.stand_ins.keep_for_demo_dir if config.stand_ins else None,
            board=Board(await ledger.device_states.all()),
            door=ServiceDoor(await ledger.remote.service()),
            guide=await asyncio.to_thread(_guide, config),
            collectors=_pins(config.collectors, clock),
            staff=_pins(config.identity.staff if config.identity else (), clock),
            **devices,
        )
        async with at_work(board, ledger):
            yield kiosk
    finally:
        await desk.close()


async def _serve(
    kiosk: Kiosk, config: Config, credentials: Credentials, port: socket, manager: ServiceManager, restart: Restart
) -> None:
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


def _pins(people: Sequence[PersonSection], clock: Clock) -> Pins:
    return Pins({each.name: each.pin for each in people}, clock)


def _identity(
    config: Config, base: Path, clock: Clock, devices: Mapping[str, Any], credentials: Credentials
) -> IdentityDesk | None:
    """Return the identity desk; its attendant may ask for clock, cabinet, and a device of [devices.*] by its name."""
    if (section := config.identity) is None:
        return None
    given = {"clock": clock, "cabinet": devices.get("cabinet")} | {
        name.replace(" ", "_"): each for name, each in devices["others"].items()
    }
    attendant = build("identity.attendant", section.attendant, Attendant, base=base, **given)  # type: ignore[type-abstract]
    return IdentityDesk(
        attendant=attendant,
        sealing_key=evidence_key.known(evidence_key.place(config.kiosk.folder, credentials), section.key()),
        has_staff=bool(section.staff),
        asks_population=section.population,
    )


def _time_source(config: Config) -> TimeSource:
    """Return what judges the clock; only a set of stand-ins may do without chrony."""
    return SimulatedTimeSource() if config.stand_ins and config.stand_ins.own_clock else ChronyTimeSource()


def _guide(config: Config) -> Shelf:
    shelf = Shelf(config.kiosk.folder / "catalogue", config.guide.verifier() if config.guide else None)
    shelf.warm()
    return shelf


def _line(config: Config) -> QueueLine | None:
    if (section := config.queue) is None:
        return None
    services = tuple(
        LineService(code=each.code, vi=each.vi, en=each.en, letter=each.letter) for each in section.services
    )
    return QueueLine(series=section.series, services=services)


def _postal_rates(config: Config) -> tuple[PostalRate, ...]:
    return tuple(
        PostalRate(basis=each.basis, first_day=each.first_day, last_day=each.last_day, item_vnd=each.item_vnd)
        for each in config.delivery.post
    )


def _place(config: Config) -> Place:
    here = config.kiosk
    return Place(
        kiosk=here.id,
        site=here.site,
        province=here.province,
        legal_mode=here.legal_mode,
        legal_decision=here.legal_decision,
        presented=here.presented,
        print_cost_per_page_vnd=here.print_cost_per_page_vnd,
        public_url=config.hub.public_url.rstrip("/"),
        help_phone=here.help_phone,
    )


def _link(config: Config, credentials: Credentials, ledger: Ledger, clock: Clock, start: Start) -> Link:
    hub = config.hub
    return Link(
        kiosk=config.kiosk.id,
        outbox=ledger.outbox,
        inbox=ledger.inbox,
        remote=ledger.remote,
        transport=MqttTransport(config.kiosk.id, hub.host, hub.port, credentials, clock),
        clock=clock,
        version=version("tram"),
        legal_mode=config.kiosk.legal_mode,
        start=start,
    )


def _sentence(fault: BaseException) -> str:
    remedy = getattr(fault, "remedy", "")
    told = str(fault)
    return f"{told.removesuffix('.')}. {remedy}" if remedy and remedy not in told else told


def _leaves(fault: BaseException) -> Iterator[BaseException]:
    if isinstance(fault, BaseExceptionGroup):
        for each in fault.exceptions:
            yield from _leaves(each)
    else:
        yield fault
