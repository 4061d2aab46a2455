"""Whoever booked, or was passed over, reports at a kiosk with the code on the phone or on the ticket."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import CheckInOverFact, CheckInRequest, Priority, Queued, TicketRequest
from hub.faults import BookingOver, UnknownThing
from hub.queue import counter, line
from hub.queue.hours import local_day
from hub.rooms import Hub
from hub.store.tables import FactRow, Kiosk, QueueBooking, QueueTicket, TicketState

OVER = CheckInOverFact.__struct_config__.tag


def check_in(hub: Hub, session: Session, kiosk: str, request: str, body: CheckInRequest, body_sha256: str) -> Queued:
    """Return how the ticket of who reports stands, in the caller's transaction; the same report again changes nothing.

    Raise UnknownThing where nothing is known under the code, BookingOver where it was cancelled, is for another day,
    the ticket's time is over, or the report was taken back.
    """
    if _is_over(session, request):
        raise BookingOver("The kiosk has told its holder that this report was not answered.")
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


def take_back(session: Session, kiosk: Kiosk, report: str, now: datetime) -> None:
    """Undo a report whose answer came too late for its holder, in the caller's transaction.

    Nobody knows the number that it gave: the ticket goes, and the booking can be used again. Who was back in the line
    by it is passed over again. It stays where the holder has reported once more since, or was called already.
    """
    ticket = session.scalars(select(QueueTicket).where(QueueTicket.answered == report).with_for_update()).first()
    if ticket is None or ticket.state != TicketState.WAITING:
        return
    if ticket.id != report:
        ticket.state, ticket.finished_at = TicketState.SKIPPED, now
    elif ticket.kiosk == kiosk.id and (booking := _booking_of(session, report)) is not None:
        booking.ticket = None
        session.delete(ticket)


def _is_over(session: Session, report: str) -> bool:
    wanted = select(FactRow.id).where(FactRow.request == report, FactRow.kind == OVER)
    return session.scalars(wanted).first() is not None


def _booking_of(session: Session, ticket: str) -> QueueBooking | None:
    return session.scalars(select(QueueBooking).where(QueueBooking.ticket == ticket)).first()


def _reported(hub: Hub, session: Session, request: str, ticket: QueueTicket) -> Queued:
    if ticket.state == TicketState.SKIPPED and request not in (ticket.answered, ticket.id):
        counter.back_in_line(hub, ticket)
    if ticket.state not in (TicketState.WAITING, TicketState.CALLED) and ticket.answered != request:
        raise BookingOver(f"{ticket.number} was served, or is void.")
    if request != ticket.id:
        ticket.answered = request
    session.flush()
    return line.queued(ticket, line.standing(hub, session, ticket))


def _ticket_of(hub: Hub, session: Session, code: str) -> QueueTicket:
    """Return today's ticket whose id ends with the code; raise UnknownThing."""
    today = local_day(hub.clock.now())
    wanted = select(QueueTicket).where(QueueTicket.day == today, QueueTicket.id.endswith(code, autoescape=True))
    found = session.scalars(wanted.with_for_update()).first()
    if found is None:
        raise UnknownThing("Nothing is known under this code today.")
    return found
