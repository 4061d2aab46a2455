"""Lấy số thứ tự: the citizen says what for, and gets a number on paper, with a QR code to follow it on the phone.

The kiosk gives the number by itself, so that it does so without a network too, and tells the hub, which merges it with
all others by the time at which it was given. Where the hub has not answered, the ticket says so and promises no time.
Whoever has booked a place, or was called and not there, reports with the code instead: that only the hub can take.
Drawing a number costs nothing, and nobody is asked who they are.
"""

import asyncio
from typing import Final

from agent.copies.queue_slip import QueueSlip, render
from agent.journeys import queue_words
from agent.journeys.delays import CHECK_IN_S, QUEUE_ANSWER_S
from agent.journeys.endings import Ending
from agent.journeys.leaving import leave
from agent.journeys.line import LineService
from agent.journeys.parts import Kiosk
from agent.journeys.slips import print_slip
from agent.journeys.values import CheckIn, Drawn, DrawNumber, Placed
from agent.ledger.journal import Visit
from agent.link.bell import first
from contract.clock import Deadline
from contract.messages import (
    CheckInOverFact,
    CheckInRequest,
    PrintOutcome,
    Priority,
    Queued,
    Rejected,
    ReplyEnvelope,
    TicketRequest,
    decode,
)

DRAWN: Final = "queue number"
TOLD: Final = "queue ticket"
PLACED: Final = "queue answer"
TAKEN_BACK: Final = "queue report taken back"
SLIP: Final = "queue slip"
_FILE: Final = "ticket.png"


async def draw_number(visit: Visit, kiosk: Kiosk, wish: DrawNumber) -> Ending:
    """Give a number; may be run again after a crash at any moment: it is the same number."""
    service = _service(kiosk, wish.service)
    drawn = await visit.step(DRAWN, Drawn, lambda _key, _deadline: _draw(visit, kiosk, service))
    body = TicketRequest(service=service.code, number=drawn.number, issued_at=drawn.at, priority=wish.priority)
    request = await visit.step(TOLD, str, lambda key, _: kiosk.link.request(key, visit.id, body))
    placed = await visit.step(
        PLACED, Placed, lambda _, deadline: _answer(kiosk, request, deadline), within_s=QUEUE_ANSWER_S
    )
    if wish.printed:
        await _print(visit, kiosk, _slip(kiosk, drawn, request, placed, wish.priority))
    return await _end(visit, kiosk, await _drawn_code(visit))


async def check_in(visit: Visit, kiosk: Kiosk, wish: CheckIn) -> Ending:
    """Report somebody at the hub; may be run again after a crash at any moment."""
    body = CheckInRequest(code=wish.code, at=(await kiosk.ledger.journal.visit(visit.id)).opened_at)
    request = await visit.step(TOLD, str, lambda key, _: kiosk.link.request(key, visit.id, body))
    placed = await visit.step(
        PLACED, Placed, lambda _, deadline: _answer(kiosk, request, deadline), within_s=CHECK_IN_S
    )
    if (queued := placed.queued) is None:
        if not placed.refused:
            await visit.step(TAKEN_BACK, str, lambda key, _: _take_back(visit, kiosk, key, request))
        return await _end(visit, kiosk, queue_words.refusal_code(placed.refused))
    drawn = Drawn(service=queued.service, number=queued.number, at=body.at)
    if wish.printed:
        await _print(visit, kiosk, _slip(kiosk, drawn, queued.ticket, placed, Priority.NONE))
    return await _end(visit, kiosk, "CHECKED_IN")


def address(kiosk: Kiosk, ticket: str) -> str:
    """Return the public address under which a ticket is followed."""
    return f"{kiosk.place.public_url}/q/{ticket}"


async def _take_back(visit: Visit, kiosk: Kiosk, key: str, request: str) -> str:
    """Ask no longer, and have the hub undo what it may have done: its answer may be all that was lost."""
    await kiosk.ledger.outbox.withdraw(visit.id)
    return await kiosk.link.tell(key, visit.id, CheckInOverFact(request=request))


async def _draw(visit: Visit, kiosk: Kiosk, service: LineService) -> Drawn:
    assert kiosk.line is not None
    prefix = f"{service.letter}{kiosk.line.series}"
    ticket = await kiosk.ledger.tickets.draw(visit.id, prefix)
    return Drawn(service=service.code, number=f"{prefix}-{ticket.serial:03d}", at=ticket.drawn_at)


async def _answer(kiosk: Kiosk, request: str, deadline: Deadline) -> Placed:
    """Return the hub's answer if it comes in time; without a network nothing is waited for."""
    while True:
        news = kiosk.link.next_news()
        reply, final = await kiosk.ledger.outbox.reply(request)
        if reply is not None and final:
            return placed_by(reply)
        if deadline.passed or not kiosk.link.status.may_answer:
            return Placed()
        await first(news.wait(), kiosk.clock.sleep(deadline.remaining_s))


def placed_by(reply: bytes) -> Placed:
    """Return what a reply of the hub says of a number."""
    envelope = decode(ReplyEnvelope, reply)
    match envelope.body:
        case Queued() as queued:
            return Placed(queued=queued, at=envelope.at)
        case Rejected(code=code):
            return Placed(refused=code, at=envelope.at)
    return Placed()


def _service(kiosk: Kiosk, code: str) -> LineService:
    """Return the service; one that was taken out of kiosk.toml while the number was drawn keeps its code's letter."""
    known = kiosk.line.service(code) if kiosk.line else None
    return known or LineService(code=code, vi=code, en=code, letter=code[0])


def _slip(kiosk: Kiosk, drawn: Drawn, ticket: str, placed: Placed, priority: Priority) -> QueueSlip:
    service, queued = _service(kiosk, drawn.service), placed.queued
    wait = queue_words.wait(placed)
    return QueueSlip(
        site=kiosk.place.site,
        number=queued.number if queued else drawn.number,
        service=service.vi,
        service_en=service.en,
        when=drawn.at,
        right=queue_words.RIGHTS[priority][0],
        before=queued.before if queued else None,
        wait=wait[0] if wait else "",
        slot_at=queued.slot_at if queued else None,
        follow=address(kiosk, ticket),
        code=ticket[-8:],
    )


async def _print(visit: Visit, kiosk: Kiosk, slip: QueueSlip) -> None:
    spool = kiosk.ledger.spool(visit.id)

    async def draw(_key: str, _deadline: Deadline) -> None:
        await spool.write(_FILE, await asyncio.to_thread(render, slip))

    await visit.step("queue picture", type(None), draw)
    await print_slip(visit, kiosk, SLIP, _FILE)
    await visit.step("purge", type(None), lambda _key, _deadline: spool.purge())


async def _drawn_code(visit: Visit) -> str:
    outcome = await visit.recorded(SLIP, PrintOutcome)
    return queue_words.BY_OUTCOME[outcome]


async def _end(visit: Visit, kiosk: Kiosk, code: str) -> Ending:
    vi, en = queue_words.ENDINGS[code]
    ending = Ending(
        code=code,
        vi=vi,
        en=en,
        paper_vi="",
        paper_en="",
        money_vi="Lấy số không mất tiền.",
        money_en="A number costs nothing.",
    )
    return await leave(visit, kiosk, ending, None)
