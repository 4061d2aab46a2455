"""A kiosk that the hub refuses as a whole (revoked, or two machines with one identity) serves nobody until pardoned.

It hears of it by a refusal over the broker, or by asking where it enrolled: at its start, while the broker takes it no
more, and again and again until the hub says that all is well. Requests that wait are ended as the hub would end them,
so that visits return the money they hold; facts wait for the hub, however long.
"""

import logging
import random
from collections.abc import Awaitable, Callable
from typing import NoReturn

from agent.journeys.in_service import show_lamp
from agent.journeys.parts import Kiosk
from agent.link.bell import first
from agent.link.faults import BadCredentials, EnrolmentFault, ShutOut
from contract.messages import Rejected

log = logging.getLogger(__name__)

LOOK_S = 5.0
SHUT_OUT_S, OFFLINE_S = 60.0, 300.0
"""So often the hub is asked while the kiosk is shut out, and while the broker is not reached."""
SPREAD_S = 20.0
"""Within so long after the broker was lost a kiosk asks for the first time: not all of a fleet at once."""
_CODE, _REMEDY = "KIOSK_SHUT_OUT", "The kiosk is out of service; the citizen gets everything back."


async def watch_for_ever(kiosk: Kiosk, ask: Callable[[], Awaitable[object]]) -> NoReturn:
    """Keep the door as the hub's word is, until cancelled; `ask` raises ShutOut where the hub refuses the kiosk."""
    standing = Standing(kiosk, ask)
    while True:
        ring = kiosk.link.next_news()
        await standing.look()
        await first(ring.wait(), kiosk.clock.sleep(LOOK_S))


class Standing:
    """What the hub thinks of one kiosk."""

    def __init__(self, kiosk: Kiosk, ask: Callable[[], Awaitable[object]]) -> None:
        self._kiosk, self._ask = kiosk, ask
        self._ask_at_s, self._was_online = 0.0, False

    async def look(self) -> None:
        """Shut the door at a refusal; ask the hub where it is not known how it stands, and when it is time."""
        kiosk = self._kiosk
        if kiosk.link.refusal and not kiosk.door.shut_out:
            await self._shut(kiosk.link.refusal.cause)
            self._ask_again_in(SHUT_OUT_S)
        if not kiosk.door.shut_out and kiosk.link.status.online:
            self._was_online = True
            return
        if self._was_online and not kiosk.link.status.online:
            self._was_online = False
            self._ask_again_in(SPREAD_S * random.random())  # noqa: S311 - no secret
        if kiosk.clock.monotonic() >= self._ask_at_s:
            await self._ask_hub()

    async def _ask_hub(self) -> None:
        try:
            await self._ask()
        except ShutOut as fault:
            await self._shut(str(fault))
        except (EnrolmentFault, BadCredentials) as fault:
            log.info("the hub does not say how this kiosk stands: %s", fault)
        else:
            await self._open()
        self._ask_again_in(SHUT_OUT_S if self._kiosk.door.shut_out else OFFLINE_S)

    async def _shut(self, cause: str) -> None:
        door, is_news = self._kiosk.door, not self._kiosk.door.shut_out
        door.shut_out = cause
        await self._kiosk.link.reject_open_requests(Rejected(code=_CODE, cause=cause, remedy=_REMEDY, final=True))
        if is_news:
            log.error("out of service, the hub refuses this kiosk: %s. %s", cause, ShutOut.remedy)
            await show_lamp(self._kiosk)

    async def _open(self) -> None:
        self._kiosk.link.pardoned()
        if self._kiosk.door.shut_out:
            self._kiosk.door.shut_out = ""
            log.warning("the hub treats this kiosk again")
            await show_lamp(self._kiosk)

    def _ask_again_in(self, seconds: float) -> None:
        self._ask_at_s = self._kiosk.clock.monotonic() + seconds
