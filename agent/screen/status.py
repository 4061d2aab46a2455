"""The kiosk's state in one answer: devices, link, open visits, mode."""

from collections.abc import Collection
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec import Struct

from agent.link.link import LinkStatus
from contract.messages import DeviceReading, LegalMode, Service

if TYPE_CHECKING:
    from agent.journeys.parts import Kiosk  # whoever only asks a kiosk for its state loads none


class StatusView(Struct, frozen=True, kw_only=True):
    """What `GET /status` says; `version` is the program's, `shut_out` why the hub refuses this kiosk."""

    version: str
    kiosk: str
    site: str
    legal_mode: LegalMode
    legal_decision: str
    now: datetime
    link: LinkStatus
    devices: list[DeviceReading]
    open_visits: list[str]
    screen_is_free: bool
    service: Service
    shut_out: str = ""


async def status(kiosk: "Kiosk") -> StatusView:
    """Return the kiosk's state as it is now."""
    return StatusView(
        version=version("tram"),
        kiosk=kiosk.place.kiosk,
        site=kiosk.place.site,
        legal_mode=kiosk.place.legal_mode,
        legal_decision=kiosk.place.legal_decision,
        now=kiosk.clock.now(),
        link=kiosk.link.status,
        devices=await devices(kiosk),
        open_visits=[record.id for record in await kiosk.ledger.journal.open_visits()],
        screen_is_free=not kiosk.floor.locked(),
        service=kiosk.door.shown,
        shut_out=kiosk.door.shut_out,
    )


async def devices(kiosk: "Kiosk") -> list[DeviceReading]:
    """Return every device's line, and remember since when it has been so."""
    lines = await kiosk.board.lines(kiosk.devices, kiosk.clock)
    await kiosk.ledger.device_states.keep(kiosk.board.since)
    return lines


async def self_tests(kiosk: "Kiosk", names: Collection[str], *, printing: bool) -> list[DeviceReading]:
    """Let the named devices prove themselves while nobody is served; return their lines."""
    async with kiosk.floor:
        asked = {name: device for name, device in kiosk.devices.items() if name in names}
        lines = await kiosk.board.self_tests(asked, kiosk.clock, printing=printing)
    await kiosk.ledger.device_states.keep(kiosk.board.since)
    return lines
