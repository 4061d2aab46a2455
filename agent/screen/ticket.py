"""What the screen and the local API show of a queue number, from the ledger alone."""

import msgspec
from msgspec import Struct

from agent.journeys import queue_words
from agent.journeys.parts import Kiosk
from agent.journeys.queue import DRAWN, PLACED, SLIP, TOLD, address, placed_by
from agent.journeys.recovery import CHECK_IN, DRAW_NUMBER
from agent.journeys.values import Drawn, Placed
from agent.ledger.journal import StepRecord, VisitRecord
from contract import waits
from contract.messages import PrintOutcome


class TicketView(Struct, frozen=True, kw_only=True):
    """A number: blank while none is there; `before` and `wait_min` are None where the hub has not told, and the waits
    in words (Vietnamese, English) are blank.

    `follow` is the address under which it can be followed, `code` what its holder reports with; `slot` the booked time.
    """

    number: str
    vi: str
    en: str
    confirmed: bool
    before: int | None
    wait_min: int | None
    wait_vi: str
    wait_en: str
    slot: str
    follow: str
    code: str
    printed: PrintOutcome | None


async def ticket_view(kiosk: Kiosk, record: VisitRecord, steps: list[StepRecord]) -> TicketView | None:
    """Return the number of a visit; None where the visit is for something else."""
    if record.journey not in (DRAW_NUMBER, CHECK_IN):
        return None
    results = {step.name: step.result for step in steps if step.result is not None}
    drawn = msgspec.json.decode(results[DRAWN], type=Drawn) if DRAWN in results else None
    request = msgspec.json.decode(results[TOLD], type=str) if TOLD in results else ""
    late = request if record.journey == DRAW_NUMBER else ""
    placed = await _placed(kiosk, late, results.get(PLACED))
    queued, wait = placed.queued, queue_words.wait(placed) or ("", "")
    service = queued.service if queued else drawn.service if drawn else ""
    known = kiosk.line.service(service) if kiosk.line else None
    ticket = queued.ticket if queued else request if drawn else ""
    return TicketView(
        number=queued.number if queued else drawn.number if drawn else "",
        vi=known.vi if known else service,
        en=known.en if known else service,
        confirmed=queued is not None,
        before=queued.before if queued else None,
        wait_min=waits.minutes(queued.wait_s) if queued and queued.wait_s is not None else None,
        wait_vi=wait[0],
        wait_en=wait[1],
        slot=queue_words.clock(queued.slot_at) if queued and queued.slot_at else "",
        follow=address(kiosk, ticket) if ticket else "",
        code=ticket[-8:],
        printed=PrintOutcome(msgspec.json.decode(results[SLIP], type=str)) if SLIP in results else None,
    )


async def _placed(kiosk: Kiosk, request: str, recorded: bytes | None) -> Placed:
    """Return what the hub said in time, or has said of a drawn number since; a late report was taken back."""
    in_time = msgspec.json.decode(recorded, type=Placed) if recorded else Placed()
    if in_time.queued or in_time.refused or not request:
        return in_time
    reply, final = await kiosk.ledger.outbox.reply(request)
    return placed_by(reply) if reply is not None and final else in_time
