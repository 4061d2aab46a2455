"""The kiosk that kiosk.toml describes, put together from its parts."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from agent.catalogue.shelf import Shelf
from agent.config import Config, PersonSection, build, fill
from agent.configured import at_work, devices_of
from agent.desk import DeskSettings, ReadingDesk, check_weights
from agent.devices.board import Board
from agent.devices.time_source import ChronyTimeSource, SimulatedTimeSource, TimeSource
from agent.identity.attendant import Attendant
from agent.journeys.identity_desk import IdentityDesk
from agent.journeys.line import LineService, QueueLine
from agent.journeys.parts import Kiosk, Place
from agent.journeys.pins import Pins
from agent.journeys.service import ServiceDoor
from agent.ledger.ledger import Ledger
from agent.ledger.starts import Start
from agent.link.device_key import valid_until
from agent.link.link import Link
from agent.link.mqtt import Credentials, MqttTransport
from agent.update.measuring import contents_of
from agent.upkeep import evidence_key
from contract.clock import Clock
from contract.postage import PostalRate


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
