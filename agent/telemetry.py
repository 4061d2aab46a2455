"""What the kiosk tells the fleet every minute: devices, consumables, vitals, nothing of people; not kept offline."""

import shutil
from collections.abc import Iterable, Mapping

from agent.devices.cash import CashStatus
from agent.devices.cash_change import visits_left
from agent.devices.printer_status import PagePrinterStatus
from agent.devices.status import DeviceStatus
from agent.devices.ticket_status import Roll, TicketPrinterStatus
from agent.journeys.parts import Kiosk
from agent.screen.cash_desk import CHANGES_LOOKED_AT
from contract.messages import VERSION, Telemetry, encode

EVERY_S = 60.0
_ROLL_LEFT = {Roll.ENOUGH: 1.0, Roll.NEAR_END: 0.1, Roll.OUT: 0.0}
"""A roll has no gauge; its sensor knows these three."""


async def tell_for_ever(kiosk: Kiosk) -> None:
    """Send telemetry until cancelled."""
    while True:
        await kiosk.link.say("telemetry", encode(await telemetry(kiosk)))
        await kiosk.clock.sleep(EVERY_S)


async def telemetry(kiosk: Kiosk) -> Telemetry:
    """Return the kiosk's devices, consumables and vitals as they are now."""
    statuses = await kiosk.board.statuses(kiosk.devices)
    left = await consumables(kiosk, statuses.values())
    return Telemetry(
        v=VERSION,
        at=kiosk.clock.now(),
        devices=tuple(kiosk.board.lines_of(statuses, kiosk.clock)),
        vitals={
            "disk_free_mb": shutil.disk_usage(kiosk.ledger.folder).free / 1e6,
            "open_visits": float(len(await kiosk.ledger.journal.open_visits())),
            "unsent_messages": float(len(await kiosk.ledger.outbox.pending())),
            **{name: float(value) for name, value in left.items() if value is not None},
        },
    )


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
                changes = await kiosk.ledger.money.changes_given(CHANGES_LOOKED_AT)
                left |= {"change_vnd": status.change_vnd, "cassette_vnd": status.cassette_vnd}
                left |= {"visits_left": visits_left(tubes, changes)}
    return left
