"""The kiosk's state in one answer: devices, link, open visits, mode."""

from collections.abc import Collection
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from msgspec import Struct

from agent.devices.status import DeviceState, DeviceStatus
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


class StaffLine(Struct, frozen=True, kw_only=True):
    """A device on the staff's screen; `said` is what there is to know and to do, in Vietnamese and English."""

    name: str
    state: str
    said: tuple[str, str]


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


async def seen_by_staff(kiosk: "Kiosk", *, printing: bool | None = None) -> tuple[StaffLine, ...]:
    """Return every device's line for the staff; `printing` given, they prove themselves as in `self_tests`."""
    if printing is None:
        statuses = await kiosk.board.statuses(kiosk.devices)
    else:
        async with kiosk.floor:
            statuses = await kiosk.board.proofs(kiosk.devices, kiosk.clock, printing=printing)
    shown = kiosk.board.shown(statuses, kiosk.clock)
    await kiosk.ledger.device_states.keep(kiosk.board.since)
    return tuple(staff_line(name, status) for name, (status, _) in shown.items())


def staff_line(name: str, status: DeviceStatus) -> StaffLine:
    """Return a device's line for the staff; what nobody has put into Vietnamese is told in English."""
    en = " – ".join(filter(None, (status.detail, status.remedy)))
    well = status.state in (DeviceState.READY, DeviceState.BUSY)
    return StaffLine(name=name, state=status.state, said=(status.vi or ("" if well else en), en))
