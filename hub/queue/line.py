"""The line of today: numbers are taken in once, and everybody's place in it is worked out from what is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from contract.messages import Priority, Queued, TicketRequest
from hub.queue import coming, desks
from hub.queue.estimate import Turn, turn_of, unsure
from hub.queue.hours import Hours, local_day
from hub.queue.order import Place
from hub.rooms import Hub
from hub.store import counters
from hub.store.tables import QueueTicket, TicketState

HUB_SERIES = 0
BREAK_MARGIN = 1.6
"""So much further than the range a turn must be from a break: who is told the wrong side of it waits for hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many are called before a waiting ticket, and the seconds until it is: expected, at least, at most.

    As `contract.waits` tells it, the range holds four times out of five. None where it can't be told: nobody comes to
    it today, or it may be before a break as well as after it.
    """

    before: int = 0
    wait_s: int | None = None
    from_s: int | None = None
    to_s: int | None = None


def take_in(hub: Hub, session: Session, ticket: QueueTicket) -> None:
    """Put a new ticket into the line in the caller's transaction, and note what its holder is told.

    Where another ticket has its number already, it is called by one of the hub's own series.
    """
    taken = select(QueueTicket.id).where(QueueTicket.day == ticket.day, QueueTicket.number == ticket.number)
    if session.scalars(taken).first() is not None:
        ticket.number = own_number(session, ticket.day, ticket.number[0])
    session.add(ticket)
    session.flush()
    told = standing(hub, session, ticket)
    ticket.told_before, ticket.told_wait_s = told.before, told.wait_s
    ticket.told_from_s, ticket.told_to_s = told.from_s, told.to_s


def issued(
    kiosk: str, ticket_id: str, body: TicketRequest, body_sha256: str, now: datetime, *, slot_at: datetime | None = None
) -> QueueTicket:
    """Return the row of a number; a kiosk's clock that is ahead does not make anybody come later than now."""
    came_at = min(body.issued_at, now)
    return QueueTicket(
        id=ticket_id, body_sha256=body_sha256, kiosk=kiosk, day=local_day(came_at), service=body.service,
        number=body.number, printed=body.number, priority=body.priority, came_at=came_at, received_at=now,
        slot_at=slot_at, told_before=0, told_wait_s=None,
        told_from_s=None, told_to_s=None, answered=ticket_id, state=TicketState.WAITING, counter="",
        calls=0, skips=0,
    )  # fmt: skip


def own_number(session: Session, day: date, letter: str) -> str:
    """Return the next number of the hub's own series."""
    return f"{letter}{HUB_SERIES}-{counters.take(session, f'queue {day} {letter}', first=1):03d}"


def queued(ticket: QueueTicket, told: Standing | None = None) -> Queued:
    """Return what a kiosk is told of a ticket: how it stood when it was taken in, or `told` now."""
    told = told or Standing(
        before=ticket.told_before, wait_s=ticket.told_wait_s, from_s=ticket.told_from_s, to_s=ticket.told_to_s
    )
    return Queued(
        ticket=ticket.id,
        service=ticket.service,
        number=ticket.number,
        before=told.before,
        wait_s=told.wait_s,
        wait_from_s=told.from_s,
        wait_to_s=told.to_s,
        slot_at=ticket.slot_at,
    )


def standing(hub: Hub, session: Session, ticket: QueueTicket) -> Standing:
    """Return where a waiting ticket stands; see Standing for where no wait is told."""
    now = hub.clock.now()
    if ticket.day != local_day(now) or ticket.state != TicketState.WAITING:
        return Standing()
    queue = hub.config.queue
    rows = list(session.scalars(of_day(ticket.day)))
    hours, waiting = Hours.of(queue, hub.calendar), places(rows)
    cases = desks.cases(queue, hours, rows)
    expected = [*coming.booked(session, hours.slot, now), *coming.with_priority(rows, hours, now)]

    def turn(pace: float) -> Turn:
        lengths = {code: each.mean * pace for code, each in cases.items()}
        at_work = desks.at_work(queue, hours, rows, lengths, now)
        return turn_of(ticket.id, waiting, expected, at_work, lengths, hours.open_from)

    usual = turn(1.0)
    by = unsure(usual, cases[ticket.service])
    early, late = turn(1.0 - by).at, turn(1.0 + by).at
    first, last = turn(1.0 / (1.0 + BREAK_MARGIN * by)).at, turn(1.0 + BREAK_MARGIN * by).at
    if usual.at is None or early is None or late is None or first is None or last is None:
        return Standing(before=usual.before)
    if hours.open_between(first, last) < last - first:
        return Standing(before=usual.before)
    wait_s, from_s, to_s = (max(0, round((at - now).total_seconds())) for at in (usual.at, early, late))
    return Standing(before=usual.before, wait_s=wait_s, from_s=from_s, to_s=to_s)


def of_day(day: date) -> Select[QueueTicket]:
    """Return the query of a day's tickets."""
    return select(QueueTicket).where(QueueTicket.day == day).order_by(QueueTicket.came_at, QueueTicket.number)


def places(rows: Sequence[QueueTicket]) -> list[Place]:
    """Return the places of those who wait."""
    return [
        Place(
            ticket=row.id,
            number=row.number,
            service=row.service,
            came_at=row.came_at,
            priority=Priority(row.priority),
            slot_at=row.slot_at,
        )
        for row in rows
        if row.state == TicketState.WAITING
    ]
