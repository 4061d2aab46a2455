"""Ra về với biên nhận: the citizen leaves while the officer is at work, with a slip that says when to come back (R8).

Nothing comes out of the kiosk into an empty room: copy, refusal and money wait until somebody comes back with the
slip's code. The original goes with the citizen, so a kiosk whose officer must hold it offers no such slip (R4).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import Struct

from agent.copies import receipt
from agent.journeys.delays import AWAY_LOOK_S, KEEP_COPY_S
from agent.journeys.links import draw_link
from agent.journeys.parts import Kiosk
from agent.journeys.receipts import receipt_of
from agent.journeys.slips import print_slip
from agent.journeys.touches import Touch
from agent.journeys.values import Order
from agent.ledger.journal import StepRecord, Visit
from contract.clock import Deadline
from contract.messages import Presented, PrintOutcome, QuoteLine, ReplyEnvelope, Waiting, decode

SLIP = "leaving.png"
LEFT, BACK, LEAVING_SLIP = "left", "back", "leaving slip"
COME_BACK = "come back"
"""The step that waits for who left."""


class Moved(Struct, frozen=True, kw_only=True):
    """When the citizen left, or came back."""

    at: datetime


def may_leave(kiosk: Kiosk) -> bool:
    """Whether the officer decides by what the kiosk saw, so that the original need not stay (R4)."""
    return kiosk.place.presented is Presented.KIOSK_BED_CAMERA


def is_gone(steps: list[StepRecord]) -> bool:
    """Return whether the citizen has left and not come back."""
    return _count(steps, LEFT) > _count(steps, BACK)


async def is_away(visit: Visit) -> bool:
    """Return whether the visit's citizen has left and not come back."""
    return is_gone(await visit.journal.steps(visit.id))


async def leave(visit: Visit, kiosk: Kiosk, order: Order, request: str, quote: QuoteLine) -> None:
    """Note that the citizen leaves, and print the slip; a kiosk that may not let them go does nothing."""
    if not may_leave(kiosk) or await is_away(visit):
        return
    turn = 1 + _count(await visit.journal.steps(visit.id), LEFT)
    await visit.note(f"{LEFT} {turn}", Moved(at=kiosk.clock.now()))
    await hand_slip(visit, kiosk, order, request, quote)


async def hand_slip(visit: Visit, kiosk: Kiosk, order: Order, request: str, quote: QuoteLine) -> None:
    """Print the slip of who has left, once for each time; after a power cut it still comes."""
    turn = _count(await visit.journal.steps(visit.id), LEFT)
    printed = await visit.recorded(f"{LEAVING_SLIP} {turn}", PrintOutcome)
    if printed is not None or not await is_away(visit):
        return
    if order.electronic:
        await draw_link(visit, kiosk)
    await kiosk.ledger.spool(visit.id).write(SLIP, await _slip(visit, kiosk, request, quote))
    await print_slip(visit, kiosk, f"{LEAVING_SLIP} {turn}", SLIP)


async def come_back(visit: Visit, kiosk: Kiosk) -> None:
    """Note that the citizen is back; no harm where they never left."""
    if not await is_away(visit):
        return
    turn = 1 + _count(await visit.journal.steps(visit.id), BACK)
    await visit.note(f"{BACK} {turn}", Moved(at=kiosk.clock.now()))
    kiosk.touches.press(visit.id, Touch.BACK)


async def be_back(visit: Visit, kiosk: Kiosk, name: str = COME_BACK) -> bool:
    """Wait as step `name` for a citizen who left, a day at most; return whether somebody stands at the kiosk."""

    async def wait(_key: str, _deadline: Deadline) -> bool:
        began_at = next(step.began_at for step in await visit.journal.steps(visit.id) if step.name == name)
        until = began_at + timedelta(seconds=KEEP_COPY_S)  # counted on through restarts (R13)
        while await is_away(visit) and kiosk.clock.now() < until:
            await kiosk.touches.wait(visit.id, Touch.BACK, Deadline.after(kiosk.clock, AWAY_LOOK_S))
        return not await is_away(visit)

    recorded = await visit.recorded(name, bool)
    if recorded is not None:
        return recorded
    return not await is_away(visit) or await visit.step(name, bool, wait)


async def _slip(visit: Visit, kiosk: Kiosk, request: str, quote: QuoteLine) -> bytes:
    slip = replace(await receipt_of(visit, kiosk, quote), promised_at=await promised_at(kiosk, request))
    return receipt.render(slip)


async def promised_at(kiosk: Kiosk, request: str) -> datetime | None:
    """Return when the hub has promised an answer to a request (R8), None where it has not spoken yet."""
    reply, _ = await kiosk.ledger.outbox.reply(request)
    body = decode(ReplyEnvelope, reply).body if reply else None
    return body.promised_at if isinstance(body, Waiting) else None


def _count(steps: list[StepRecord], name: str) -> int:
    return sum(step.name.startswith(f"{name} ") and step.result is not None for step in steps)
