"""What the kiosk tells the fleet every minute: devices, consumables, vitals, nothing of people; not kept offline."""

import asyncio
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from agent.devices.cash import CashStatus
from agent.devices.printer_status import PagePrinterStatus
from agent.devices.status import DeviceStatus
from agent.devices.ticket_status import Roll, TicketPrinterStatus
from agent.journeys.collection import change_lasts_for
from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.upkeep.machine import Machine
from contract.clock import VIETNAM
from contract.messages import VERSION, Telemetry, encode

_ROLL_LEFT = {Roll.ENOUGH: 1.0, Roll.NEAR_END: 0.1, Roll.OUT: 0.0}
"""A roll has no gauge; its sensor knows these three."""


async def tell_for_ever(kiosk: Kiosk) -> None:
    """Send telemetry until cancelled."""
    while True:
        await kiosk.link.say("telemetry", encode(await telemetry(kiosk)))
        await kiosk.clock.sleep(kiosk.tuning.telemetry_every_s)


async def telemetry(kiosk: Kiosk) -> Telemetry:
    """Return the kiosk's devices, consumables and vitals as they are now."""
    statuses = await kiosk.board.statuses(kiosk.devices)
    left = await consumables(kiosk, statuses.values())
    machine = await asyncio.to_thread(Machine(folder=kiosk.ledger.folder).measure)
    figures = {**await _work(kiosk), **machine.figures, **left}
    unsaid = {name: "not known here: the device does not tell" for name, value in left.items() if value is None}
    return Telemetry(
        v=VERSION,
        at=kiosk.clock.now(),
        devices=tuple(kiosk.board.lines_of(statuses, kiosk.clock)),
        vitals={name: float(value) for name, value in figures.items() if value is not None},
        service=kiosk.door.shown,
        unknown={**machine.unknown, **unsaid},
    )


async def _work(kiosk: Kiosk) -> Mapping[str, float | None]:
    """Return what waits and what was done today, Vietnam's day."""
    now, ledger = kiosk.clock.now(), kiosk.ledger
    today = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    oldest = await ledger.outbox.oldest_put_at()
    return {
        "disk_free_mb": shutil.disk_usage(ledger.folder).free / 1e6,
        "open_visits": len(await ledger.journal.open_visits()),
        "unsent_messages": len(await ledger.outbox.pending()),
        "unsent_oldest_s": max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        "copies_today": await _certified_since(kiosk, today),
        "money_today_vnd": await ledger.money.earned_since(today),
        "certificate_days": (kiosk.certificate_until() - now).total_seconds() / 86_400,
    }


async def _certified_since(kiosk: Kiosk, moment: datetime) -> int:
    closed = await kiosk.ledger.journal.visits_closed_since(moment.astimezone(UTC))
    endings = (msgspec.json.decode(record.ending, type=Ending) for record in closed if record.ending)
    return sum(bool(ending.register_label) for ending in endings)


async def consumables(kiosk: Kiosk, statuses: Iterable[DeviceStatus]) -> Mapping[str, float | None]:
    """Return what will run out; None stands for what a device does not tell.

    `visits_left` is how many more visits the tubes can give change to, if those to come are like the last ones.
    """
    left: dict[str, float | None] = {}
    for status in statuses:
        match status:
            case PagePrinterStatus():
                left |= {"toner_percent": status.toner_percent, "tray_sheets": status.tray_sheets}
                left |= {"sheets_printed": status.sheets_total}
            case TicketPrinterStatus(roll=Roll() as roll):
                left |= {"ticket_roll": _ROLL_LEFT[roll]}
            case CashStatus(tubes=tubes) if tubes is not None:
                left |= {"change_vnd": status.change_vnd, "cassette_vnd": status.cassette_vnd}
                left |= {"visits_left": await change_lasts_for(kiosk, tubes)}
    return left
