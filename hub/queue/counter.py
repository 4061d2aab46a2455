"""What an officer does at a counter: call, call again, pass over, finish, send on, take back into the line.

Each act names the ticket that the officer has in mind. So a key pressed twice, or a page that is old, changes nothing:
the act finds another ticket at the counter, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from hub.faults import CalledTooSeldom, NotAtCounter, NotSkipped, UnknownThing
from hub.queue import desks, line
from hub.queue.hours import local_day
from hub.queue.order import next_of
from hub.rooms import Hub
from hub.store.tables import QueueTicket, TicketState

CALLS_BEFORE_SKIP = 2
RETURNS = 1
"""So often somebody who was passed over may come back to the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCounter:
    """What a counter's page shows: who is there, who comes next, who waits for it, who was passed over."""

    ticket: QueueTicket | None
    coming: QueueTicket | None
    waiting: tuple[QueueTicket, ...]
    skipped: tuple[QueueTicket, ...]


def look(hub: Hub, counter: str) -> AtCounter:
    """Return how things stand at a counter; raise UnknownThing."""
    _require_counter(hub, counter)
    with hub.database.reading() as session:
        rows = _today(hub, session)
    own = [row for row in rows if desks.serves(hub.config.queue, counter, row.service)]
    return AtCounter(
        ticket=_there(rows, counter),
        coming=_next(hub, rows, counter),
        waiting=tuple(row for row in own if row.state == TicketState.WAITING),
        skipped=tuple(row for row in own if row.state == TicketState.SKIPPED),
    )


def call_next(hub: Hub, counter: str, after: str) -> QueueTicket | None:
    """Finish the ticket `after` (blank: nobody is there) and call the next one; None where nobody waits.

    Asked again it returns who was called; raise NotAtCounter where somebody else is there, UnknownThing.
    """
    _require_counter(hub, counter)
    with hub.database.writing() as session:
        rows = _today(hub, session)
        there = _there(rows, counter)
        if there is not None and there.id != after:
            return there
        if there is not None:
            _end(hub, there, TicketState.DONE)
        called = _next(hub, rows, counter)
        if called is not None:
            now = hub.clock.now()
            called.state, called.counter, called.calls = TicketState.CALLED, counter, 1
            called.called_at = now
            called.first_called_at = called.first_called_at or now
        return called


def recall(hub: Hub, counter: str, ticket: str) -> QueueTicket:
    """Call the ticket at the counter once more; raise NotAtCounter."""
    with hub.database.writing() as session:
        there = _at(hub, session, counter, ticket)
        there.calls += 1
        there.called_at = hub.clock.now()
        return there


def skip(hub: Hub, counter: str, ticket: str) -> QueueTicket:
    """Pass over a ticket that nobody came with; raise NotAtCounter, CalledTooSeldom.

    Who reports back stands in the line where they stood, once; passed over again the number is void.
    """
    with hub.database.writing() as session:
        there = _at(hub, session, counter, ticket)
        if there.calls < CALLS_BEFORE_SKIP:
            raise CalledTooSeldom(f"{there.number} was called {there.calls} time.")
        there.skips += 1
        _end(hub, there, TicketState.SKIPPED if there.skips <= RETURNS else TicketState.NO_SHOW)
        return there


def finish(hub: Hub, counter: str, ticket: str) -> QueueTicket:
    """End the case at the counter; raise NotAtCounter."""
    with hub.database.writing() as session:
        there = _at(hub, session, counter, ticket)
        _end(hub, there, TicketState.DONE)
        return there


def transfer(hub: Hub, counter: str, ticket: str, service: str) -> QueueTicket:
    """Send who is at the counter to another service, in whose line the first arrival counts; raise NotAtCounter."""
    if hub.config.queue.service(service) is None:
        raise UnknownThing(f"There is no service {service}.")
    with hub.database.writing() as session:
        there = _at(hub, session, counter, ticket)
        there.service, there.state, there.slot_at = service, TicketState.WAITING, None
        return there


def bring_back(hub: Hub, ticket: str) -> QueueTicket:
    """Take who was passed over back into the line; raise NotSkipped, UnknownThing."""
    with hub.database.writing() as session:
        row = session.get(QueueTicket, ticket, with_for_update=True)
        if row is None:
            raise UnknownThing(f"There is no ticket {ticket}.")
        return back_in_line(hub, row)


def back_in_line(hub: Hub, row: QueueTicket) -> QueueTicket:
    """Let a ticket that was passed over wait again, in the caller's transaction; raise NotSkipped."""
    if row.state != TicketState.SKIPPED or row.day != local_day(hub.clock.now()):
        raise NotSkipped(f"{row.number} was not passed over today.")
    row.state, row.finished_at = TicketState.WAITING, None
    return row


def _today(hub: Hub, session: Session) -> list[QueueTicket]:
    return list(session.scalars(line.of_day(local_day(hub.clock.now()))))


def _next(hub: Hub, rows: Sequence[QueueTicket], counter: str) -> QueueTicket | None:
    queue = hub.config.queue
    own = [row for row in rows if desks.serves(queue, counter, row.service)]
    place = next_of(line.places(own), hub.clock.now(), desks.booked_in_a_row(queue, counter, rows))
    return next((row for row in own if place and row.id == place.ticket), None)


def _there(rows: Sequence[QueueTicket], counter: str) -> QueueTicket | None:
    return next((row for row in rows if row.state == TicketState.CALLED and row.counter == counter), None)


def _at(hub: Hub, session: Session, counter: str, ticket: str) -> QueueTicket:
    there = _there(_today(hub, session), counter)
    if there is None or there.id != ticket:
        raise NotAtCounter(f"{there.number if there else 'Nobody'} is at counter {counter} now.")
    return there


def _end(hub: Hub, row: QueueTicket, state: TicketState) -> None:
    row.state, row.finished_at = state, hub.clock.now()


def _require_counter(hub: Hub, counter: str) -> None:
    if counter not in hub.config.queue.counters:
        raise UnknownThing(f"hub.toml has no counter {counter!r}.")
