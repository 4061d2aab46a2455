"""Calling a person: a request, repeated until somebody has taken it up, through restarts and without a network."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from agent.journeys.parts import Kiosk
from contract.ids import new_ulid
from contract.messages import HelpOverFact, HelpRequest, HelpTaken, Rejected, ReplyEnvelope, decode

LASTS: Final = timedelta(minutes=30)
"""After so long a call is taken back: who called has been helped, or has gone."""

_CALLS: Final = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that stands.

    `heard` says that the hub has it on the operators' list, `taken_at` when and `role` as what somebody has taken it
    up; `online` whether the hub is reached now, and `refused` that it does not take calls.
    """

    called_at: datetime
    online: bool
    heard: bool = False
    refused: bool = False
    role: str = ""
    taken_at: datetime | None = None


class Calls:
    """The calls of one kiosk's citizens, one at a time."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._request, self._called_at, self._known = "", kiosk.clock.now(), False

    async def call(self, scene: str) -> None:
        """Call a person to this screen, unless one is called already."""
        if await self.stands():
            return
        self._called_at = self._kiosk.clock.now()
        key = f"{_CALLS}/{new_ulid(self._called_at)}"
        self._request = await self._kiosk.link.request(key, _CALLS, HelpRequest(scene=scene))

    async def withdraw(self) -> None:
        """Take the call back."""
        await self._remember()
        if self._request:
            request, self._request = self._request, ""
            await self._kiosk.ledger.outbox.withdraw(_CALLS)
            await self._kiosk.link.tell(_over(request), _CALLS, HelpOverFact(request=request))

    async def stands(self) -> Call | None:
        """Return the call that stands, None where nobody is wanted."""
        await self._remember()
        if self._request and self._kiosk.clock.now() - self._called_at > LASTS:
            await self.withdraw()
        if not self._request:
            return None
        reply, _ = await self._kiosk.ledger.outbox.reply(self._request)
        body = decode(ReplyEnvelope, reply).body if reply else None
        return Call(
            called_at=self._called_at,
            online=self._kiosk.link.status.online,
            heard=body is not None,
            refused=isinstance(body, Rejected),
            role=body.role if isinstance(body, HelpTaken) else "",
            taken_at=body.at if isinstance(body, HelpTaken) else None,
        )

    async def _remember(self) -> None:
        """Find the call that a crash has left, once."""
        if self._known:
            return
        self._known = True
        outbox = self._kiosk.ledger.outbox
        if asked := await outbox.asked(_CALLS, _CALLS):
            last = asked[-1].id
            if not await outbox.has(_over(last)):
                self._request, self._called_at = last, await outbox.put_at(last)


def _over(request: str) -> str:
    return f"{_CALLS}/{request}/over"
