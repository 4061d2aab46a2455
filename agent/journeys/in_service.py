"""Opening and shutting the kiosk for new visits, by a remote job or by staff who stand before it."""

import contextlib

from agent.devices.cabinet import Light
from agent.devices.errors import DeviceError
from agent.journeys.parts import Kiosk
from contract.messages import Service


async def set_service(kiosk: Kiosk, mode: Service) -> None:
    """Take new visits or take none from now on, also after a restart; visits under way go on."""
    await kiosk.ledger.remote.set_service(mode)
    kiosk.door.mode = mode
    await show_lamp(kiosk)


async def show_lamp(kiosk: Kiosk) -> None:
    """Let the lamp ring say whether visits are taken; a kiosk whose lamp is silent works all the same."""
    if kiosk.cabinet:
        with contextlib.suppress(DeviceError):
            await kiosk.cabinet.show(Light.FREE if kiosk.door.is_open else Light.ATTENTION)
