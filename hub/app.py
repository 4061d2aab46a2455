"""The hub's process: intake, signing, retention and web in one event loop, ended cleanly by SIGTERM."""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import DatabaseError

from contract.clock import Clock, SystemClock
from contract.service_manager import READY as STARTED
from contract.service_manager import STOPPING, ServiceManager
from hub import config as hub_config
from hub.adapters.ihanoi import HttpIhanoi
from hub.adapters.moj_register import HttpMojRegister
from hub.adapters.moj_reports import MojReports
from hub.adapters.portal import HttpPortal
from hub.config import HttpConfig, HubConfig
from hub.console.app import create_app
from hub.delivery.accounts import IhanoiCarrier, PortalCarrier
from hub.delivery.carrier import Carrier
from hub.delivery.mail import MailCarrier
from hub.delivery.worker import DeliveryWorker
from hub.dossiers.portal import HandingOn
from hub.dossiers.signing import DocumentQueue
from hub.enrolment.devices import Devices
from hub.enrolment.server import EstServer
from hub.faults import HubFault, PortTaken
from hub.fleet import upkeep
from hub.intake.handler import Intake
from hub.intake.transport import Transport
from hub.log import checkpoints
from hub.register import archive, certificates, held, restored, retention
from hub.register.extensions import Extensions
from hub.register.signing_queue import SigningQueue
from hub.register.upgrades import UpgradeQueue
from hub.rooms import Hub
from hub.roster import Role
from hub.signing import founding, officer_keys
from hub.signing import pki as signing_pki
from hub.signing import services as trust_services
from hub.signing.certify import Certifier
from hub.signing.digitised import Digitiser
from hub.signing.faults import SigningFault
from hub.signing.pki import Officer, Pki
from hub.signing.services import TrustServices
from hub.store import roster
from hub.verify.published import PublishedTrust

READY = "hub ready"
_LOG = logging.getLogger(__name__)
_HANGS_SAID_EVERY_S = 10.0
_OPEN_ANSWERS_MAY_TAKE_S = 3


async def run(config_path: Path) -> None:
    """Serve until SIGTERM or SIGINT; a fault at start ends the process (exit 1) with a sentence on stderr."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    for talkative in ("alembic", "fontTools"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    try:
        config = hub_config.load(config_path)
        await serve(config, SystemClock())
    except (HubFault, SigningFault) as fault:
        sys.exit(f"The hub does not start: {fault}")
    except (OSError, DatabaseError) as fault:
        sys.exit(
            f"The hub stopped, its disk or database does not work: {fault}. Check free space and rights of data_dir, "
            "then start it again; what was committed is there."
        )


async def serve(config: HubConfig, clock: Clock) -> None:
    """Open everything and serve until the process is told to end; raise HubFault or SigningFault."""
    hub = Hub.open(config, clock)
    roster.take_over(hub.database, config, clock.now())
    restored.take_over(hub)
    pki = open_pki(config, clock)
    certificates.keep_all(hub, pki)
    certificates.keep_devices(hub, pki)
    services = trust_services.of(config.evidence, pki, clock, hub.sources)
    signing = SigningQueue(hub, Certifier(pki, clock, services))
    extensions = Extensions(hub, services)
    published = PublishedTrust(hub, pki, services.lists)
    intake = Intake(hub, published)
    transport = Transport(hub, intake)
    devices = Devices(hub, pki)
    manager = ServiceManager.of(os.environ)
    with _listening(config.http) as listener:
        web = _Web(
            create_app(
                hub,
                published,
                officer_keys.of(config, pki, clock, hub.sources),
                extensions,
                devices,
            ),
            lambda: manager.tell(STARTED),
        )
        _end_on_signal(web)
        log_keeping = checkpoints.run(hub, pki.log_signer(config.verify_base_url))
        raising = UpgradeQueue(hub, extensions)
        keys = certificates.follow(hub, pki)
        signed = (signing.run(), raising.run(), archive.run(hub, extensions), keys)
        kept = (held.run(hub), retention.run(hub), upkeep.run(hub), log_keeping)
        enrolling = [EstServer(config.enrolment, devices, pki).run_for_ever()] if config.enrolment else []
        other = (*enrolling, *_digitising(hub, pki, clock, services), *_telling(hub))
        watched = [manager.prove_alive(lambda: _works(hub, signing), clock)] if manager.watches else []
        running = (transport.run(), *signed, *kept, *other, *watched)  # the first that ends is the hub's end
        workers = [asyncio.create_task(each) for each in running]
        try:
            await _until_ended(web, listener, workers)
        finally:
            manager.tell(STOPPING)
            await asyncio.to_thread(intake.need.close)
            hub.database.close()
            gc.freeze()  # else the collector walks through all that lives, a second's work, before the process ends


async def _works(hub: Hub, signing: SigningQueue) -> None:
    """Return once the database answers and the signing queue is at work; meanwhile nothing says that this hub lives."""
    await asyncio.to_thread(hub.database.answer)
    while signing.silent_s > hub.config.signing_lease_s:
        _LOG.error("the signing queue has done nothing for %.0f s", signing.silent_s)
        await hub.clock.sleep(_HANGS_SAID_EVERY_S)


def _carriers(hub: Hub) -> list[Carrier]:
    carriers: list[Carrier] = [MailCarrier(hub)] if hub.config.mail else []
    if portal := hub.config.adapters.portal:
        carriers.append(PortalCarrier(hub, HttpPortal(portal, hub.config.agency.code), portal))
    if ihanoi := hub.config.adapters.ihanoi:
        carriers.append(IhanoiCarrier(hub, HttpIhanoi(ihanoi), ihanoi))
    return carriers


def _digitising(hub: Hub, pki: Pki, clock: Clock, services: TrustServices) -> Iterator[Coroutine[None, None, None]]:
    if hub.config.documents is None:
        return
    yield DocumentQueue(hub, Digitiser(pki, clock, services)).run()
    if portal := hub.config.adapters.portal:
        yield HandingOn(hub, HttpPortal(portal, hub.config.agency.code), portal).run()


def _telling(hub: Hub) -> Iterator[Coroutine[None, None, None]]:
    """Yield the workers that tell other agencies' systems what is here."""
    if moj := hub.config.adapters.moj:
        yield MojReports(hub, HttpMojRegister(moj), moj.url).run()
    if carriers := _carriers(hub):
        yield DeliveryWorker(hub, carriers).run()


def open_pki(config: HubConfig, clock: Clock) -> Pki:
    """Return the keys in the data folder (made on the first run), with a certificate for every certifier's key, for the
    broker under the name that kiosks know, and for this hub.
    """
    tokens = officer_keys.public_keys(config)
    certifiers = [
        Officer(name=each.name, title=each.title)
        for each in config.officers
        if each.role is Role.CERTIFIER and (not officer_keys.lie_elsewhere(config) or each.name in tokens)
    ]
    folder = config.data_dir / "pki"
    pki = signing_pki.ensure(folder, clock, agency=config.agency.name, certifiers=certifiers, tokens=tokens)
    with founding.alone(folder):
        pki.broker.keep_current(config.enrolment.broker.rpartition(":")[0] if config.enrolment else "")
    return pki


class _Web(uvicorn.Server):
    """uvicorn under our own signal handling."""

    def __init__(self, app: FastAPI, started: Callable[[], None]) -> None:
        self._say_started = started
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,  # addresses carry seals
                log_level="warning",
                server_header=False,
                proxy_headers=False,  # whose word is taken for an address is said by [http] client_address_header
                timeout_graceful_shutdown=_OPEN_ANSWERS_MAY_TAKE_S,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start serving, then say so in one line."""
        await super().startup(sockets)
        print(READY, flush=True)
        self._say_started()


async def _until_ended(web: _Web, listener: socket.socket, workers: list[asyncio.Task[None]]) -> None:
    serving = asyncio.create_task(web.serve([listener]))
    done, _ = await asyncio.wait([serving, *workers], return_when=asyncio.FIRST_COMPLETED)
    web.should_exit = True
    for worker in workers:
        worker.cancel()
    await asyncio.gather(serving, *workers, return_exceptions=True)
    for fault in filter(None, (task.exception() for task in done)):
        raise _first(fault)  # a worker that died takes the process with it; the restart finds what is committed


def _first(fault: BaseException) -> BaseException:
    return _first(fault.exceptions[0]) if isinstance(fault, BaseExceptionGroup) else fault


def _end_on_signal(web: _Web) -> None:
    def end() -> None:
        web.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)


@contextmanager
def _listening(http: HttpConfig) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((http.host, http.port))
        except OSError as fault:
            raise PortTaken(f"{http.host}:{http.port} can't be listened on: {fault.strerror}.") from fault
        yield listener
