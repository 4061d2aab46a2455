"""What the kiosk tells the fleet every minute: devices and vitals, nothing of people; not kept when offline."""

import shutil

from agent.journeys.parts import Kiosk
from agent.screen.status import devices
from contract.messages import VERSION, Telemetry, encode

EVERY_S = 60.0


async def tell_for_ever(kiosk: Kiosk) -> None:
    """Send telemetry until cancelled."""
    while True:
        await kiosk.link.say("telemetry", encode(await telemetry(kiosk)))
        await kiosk.clock.sleep(EVERY_S)


async def telemetry(kiosk: Kiosk) -> Telemetry:
    """Return the kiosk's devices and vitals as they are now."""
    return Telemetry(
        v=VERSION,
        at=kiosk.clock.now(),
        devices=tuple(await devices(kiosk)),
        vitals={
            "disk_free_mb": shutil.disk_usage(kiosk.ledger.folder).free / 1e6,
            "open_visits": float(len(await kiosk.ledger.journal.open_visits())),
            "unsent_messages": float(len(await kiosk.ledger.outbox.pending())),
        },
    )
