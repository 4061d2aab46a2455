"""Whoever booked, or was passed over, reports at a kiosk with the code on the phone or on the ticket."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import CheckInRequest, Priority, Queued, TicketRequest
from hub.faults import BookingOver, UnknownThing
from hub.queue import counter, line
from hub.queue.hours import local_day
from hub.rooms import Hub
from hub.store.tables import QueueBooking, QueueTicket, TicketState


def check_in(hub: Hub, session: Session, kiosk: str, request: str, body: CheckInRequest, body_sha256: str) -> Queued:
    """Return how the ticket of who reports stands, in the caller's transaction; the same report again changes nothing.

    Raise UnknownThing where nothing is known under the code, BookingOver where it was cancelled, is for another day,
    or the ticket's time is over.
    """
    booking = session.get(QueueBooking, body.code)
    if booking is None:
        return _reported(hub, session, request, _ticket_of(hub, session, body.code))
    if booking.ticket is not None:
        return _reported(hub, session, request, session.get_one(QueueTicket, booking.ticket))
    now = hub.clock.now()
    if booking.cancelled_at is not None or local_day(booking.slot_at) != local_day(now):
        raise BookingOver("The booking was cancelled, or is for another day.")
    came_at = min(body.at, now)
    is_late = came_at >= booking.slot_at + timedelta(minutes=hub.config.queue.slot_min)
    known = hub.config.queue.service(booking.service)
    number = line.own_number(session, local_day(now), known.letter if known else "H")
    told = TicketRequest(service=booking.service, number=number, issued_at=came_at, priority=Priority.NONE)
    ticket = line.issued(kiosk, request, told, body_sha256, now, slot_at=None if is_late else booking.slot_at)
    line.take_in(hub, session, ticket)
    booking.ticket = ticket.id
    return line.queued(ticket)


def _reported(hub: Hub, session: Session, request: str, ticket: QueueTicket) -> Queued:
    if ticket.state == TicketState.SKIPPED and ticket.answered != request:
        counter.back_in_line(hub, ticket)
        ticket.answered = request
        session.flush()
    if ticket.state not in (TicketState.WAITING, TicketState.CALLED) and ticket.answered != request:
        raise BookingOver(f"{ticket.number} was served, or is void.")
    return line.queued(ticket, line.standing(hub, session, ticket))


def _ticket_of(hub: Hub, session: Session, code: str) -> QueueTicket:
    """Return today's ticket whose id ends with the code; raise UnknownThing."""
    today = local_day(hub.clock.now())
    wanted = select(QueueTicket).where(QueueTicket.day == today, QueueTicket.id.endswith(code, autoescape=True))
    found = session.scalars(wanted.with_for_update()).first()
    if found is None:
        raise UnknownThing("Nothing is known under this code today.")
    return found
