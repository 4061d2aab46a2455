"""The line of today: numbers are taken in once, and everybody's place in it is worked out from what is recorded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from contract.messages import Priority, Queued, TicketRequest
from hub.config import QueueConfig
from hub.queue import coming
from hub.queue.estimate import RECENT_CASES, Desk, call_expected_at, case_length
from hub.queue.hours import Hours, local_day
from hub.queue.order import Place
from hub.rooms import Hub
from hub.store import counters
from hub.store.tables import QueueTicket, TicketState

AT_WORK = timedelta(minutes=30)
"""A counter that has called nobody for so long while it was open is not reckoned with."""
HUB_SERIES = 0
USUAL_CASE = timedelta(minutes=10)
"""Of a service that a kiosk knows and hub.toml does not."""


def take_in(hub: Hub, session: Session, ticket: QueueTicket) -> None:
    """Put a new ticket into the line in the caller's transaction, and note what its holder is told.

    Where another ticket has its number already, it is called by one of the hub's own series.
    """
    taken = select(QueueTicket.id).where(QueueTicket.day == ticket.day, QueueTicket.number == ticket.number)
    if session.scalars(taken).first() is not None:
        ticket.number = own_number(session, ticket.day, ticket.number[0])
    session.add(ticket)
    session.flush()
    ticket.told_before, ticket.told_wait_s = standing(hub, session, ticket)


def issued(
    kiosk: str, ticket_id: str, body: TicketRequest, body_sha256: str, now: datetime, *, slot_at: datetime | None = None
) -> QueueTicket:
    """Return the row of a number; a kiosk's clock that is ahead does not make anybody come later than now."""
    came_at = min(body.issued_at, now)
    return QueueTicket(
        id=ticket_id, body_sha256=body_sha256, kiosk=kiosk, day=local_day(came_at), service=body.service,
        number=body.number, printed=body.number, priority=body.priority, came_at=came_at, received_at=now,
        slot_at=slot_at, told_before=0, told_wait_s=None, answered=ticket_id, state=TicketState.WAITING, counter="",
        calls=0, skips=0,
    )  # fmt: skip


def own_number(session: Session, day: date, letter: str) -> str:
    """Return the next number of the hub's own series."""
    return f"{letter}{HUB_SERIES}-{counters.take(session, f'queue {day} {letter}', first=1):03d}"


def queued(ticket: QueueTicket, told: tuple[int, int | None] | None = None) -> Queued:
    """Return what a kiosk is told of a ticket: how it stood when it was taken in, or `told` now."""
    before, wait_s = told or (ticket.told_before, ticket.told_wait_s)
    return Queued(
        ticket=ticket.id,
        service=ticket.service,
        number=ticket.number,
        before=before,
        wait_s=wait_s,
        slot_at=ticket.slot_at,
    )


def standing(hub: Hub, session: Session, ticket: QueueTicket) -> tuple[int, int | None]:
    """Return how many are called before a waiting ticket, and the seconds until it is; None where it can't be told."""
    now = hub.clock.now()
    if ticket.day != local_day(now) or ticket.state != TicketState.WAITING:
        return 0, None
    queue = hub.config.queue
    rows = list(session.scalars(of_day(ticket.day)))
    hours = Hours.of(queue, hub.calendar)
    before, at = call_expected_at(
        ticket.id,
        places(rows),
        coming.expected(session, hours.slot, now),
        _desks(queue, hours, rows, now),
        _lengths(queue, hours, rows),
        hours.open_from,
    )
    return before, None if at is None else max(0, round((at - now).total_seconds()))


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


def booked_in_a_row(queue: QueueConfig, counter: str, rows: Sequence[QueueTicket]) -> int:
    """Return how many of the last first calls for a counter's services were of booked people."""
    own = (row for row in rows if row.first_called_at and serves(queue, counter, row.service))
    called = sorted(own, key=_first_called, reverse=True)
    run = 0
    for row in called:
        if row.slot_at is None:
            break
        run += 1
    return run


def serves(queue: QueueConfig, counter: str, service: str) -> bool:
    """Return whether a counter calls for a service; one that hub.toml does not know is everybody's: nobody is lost."""
    known = queue.service(service)
    return known is None or counter in known.counters


def _desks(queue: QueueConfig, hours: Hours, rows: Sequence[QueueTicket], now: datetime) -> list[Desk]:
    """Return the counters at work; before the first call of a day all of them are."""
    last: dict[str, QueueTicket] = {}
    for row in sorted((row for row in rows if row.called_at), key=_called):
        last[row.counter] = row
    services = {row.service for row in rows}
    lengths = _lengths(queue, hours, rows)
    return [
        Desk(
            name=counter,
            services=frozenset(each for each in services if serves(queue, counter, each)),
            free_at=_free_at(last.get(counter), lengths, now),
            booked_in_a_row=booked_in_a_row(queue, counter, rows),
        )
        for counter in queue.counters
        if not last or _is_at_work(last.get(counter), hours, now)
    ]


def _is_at_work(last: QueueTicket | None, hours: Hours, now: datetime) -> bool:
    if last is None:
        return False
    seen = last.finished_at or _called(last)
    return last.state == TicketState.CALLED or hours.open_between(seen, now) < AT_WORK


def _free_at(last: QueueTicket | None, lengths: Mapping[str, timedelta], now: datetime) -> datetime:
    if last is None or last.state != TicketState.CALLED:
        return now
    return max(now, _called(last) + lengths[last.service])


def _lengths(queue: QueueConfig, hours: Hours, rows: Sequence[QueueTicket]) -> dict[str, timedelta]:
    recent: dict[str, list[timedelta]] = defaultdict(list)
    for row in sorted((row for row in rows if row.finished_at), key=_finished):
        if row.state == TicketState.DONE:
            recent[row.service].append(hours.open_between(_called(row), _finished(row)))
    known = {each.code: timedelta(minutes=each.minutes) for each in queue.services}
    return {
        code: case_length(known.get(code, USUAL_CASE), recent[code][-RECENT_CASES:])
        for code in known.keys() | {row.service for row in rows}
    }


def _first_called(row: QueueTicket) -> datetime:
    assert row.first_called_at is not None
    return row.first_called_at


def _called(row: QueueTicket) -> datetime:
    assert row.called_at is not None
    return row.called_at


def _finished(row: QueueTicket) -> datetime:
    assert row.finished_at is not None
    return row.finished_at
