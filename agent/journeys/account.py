"""Vào tài khoản của tôi: the electronic copy also goes into the citizen's account, where they wish it (DOMAIN F28).

It is offered where the hub can send there and the chip of the card has just proven whose account it is. The number
leaves the kiosk's memory for the visit's spool only with the wish; a crash before means that nothing is sent.
"""

from msgspec import Struct

from agent.journeys.delays import ACCOUNT_S
from agent.journeys.parts import Kiosk
from agent.journeys.touches import Touch, wait_unless_cancelled
from agent.ledger.journal import Visit
from contract.clock import Deadline
from contract.destinations import Channel, Destination, IhanoiTo, PortalTo

STEP = "account"
NUMBER = "account.number"
TOUCHES = {Touch.TO_PORTAL: Channel.PORTAL, Touch.TO_IHANOI: Channel.IHANOI}


class Chosen(Struct, frozen=True, kw_only=True):
    """Where the copy goes besides; None: nowhere."""

    channel: Channel | None = None


async def offer(visit: Visit, kiosk: Kiosk) -> None:
    """Ask, once, whether the copy is sent to an account; may be run again."""
    desk = kiosk.identity
    if desk is None or not kiosk.accounts:
        return

    async def ask(_key: str, deadline: Deadline) -> Chosen:
        number = desk.holders.pop(visit.id, "")
        if not number:
            return Chosen()
        touches = (*(touch for touch, channel in TOUCHES.items() if channel in kiosk.accounts), Touch.NO_ACCOUNT)
        touch = await wait_unless_cancelled(kiosk.touches, visit, touches, deadline)
        if touch not in TOUCHES:
            return Chosen()
        await kiosk.ledger.spool(visit.id).write(NUMBER, number.encode())
        return Chosen(channel=TOUCHES[touch])

    await visit.step(STEP, Chosen, ask, within_s=ACCOUNT_S)


async def channel_of(visit: Visit) -> Channel | None:
    """Return the way to the account that was chosen, None where none was."""
    chosen = await visit.recorded(STEP, Chosen)
    return chosen.channel if chosen else None


async def destinations(visit: Visit, kiosk: Kiosk) -> tuple[Destination, ...]:
    """Return where the copy goes besides what was ordered."""
    channel = await channel_of(visit)
    if channel is None:
        return ()
    number = (await kiosk.ledger.spool(visit.id).read(NUMBER)).decode()
    return (PortalTo(number=number) if channel is Channel.PORTAL else IhanoiTo(number=number),)
