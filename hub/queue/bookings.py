"""Places booked from a phone: a service, a day, a slot, and a code; nobody is asked who they are.

A slot has so many places as hub.toml says, never more: they are counted in the transaction that takes one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract.ids import new_ulid
from hub.faults import BookingOver, SlotFull, UnknownThing
from hub.queue.hours import Hours, local_day
from hub.queue.settings import QueueServiceConfig
from hub.rooms import Hub
from hub.store.tables import QueueBooking

CODE_LETTERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A slot, and how many of its places are free."""

    at: datetime
    free: int


def new_code(hub: Hub) -> str:
    """Return a fresh code: 40 random bits, as letters that nobody mistakes."""
    return new_ulid(hub.clock.now())[-CODE_LETTERS:]


def services(hub: Hub) -> list[QueueServiceConfig]:
    """Return the services that can be booked."""
    return [each for each in hub.config.queue.services if each.places]


def service(hub: Hub, code: str) -> QueueServiceConfig:
    """Return one of them; raise UnknownThing."""
    found = next((each for each in services(hub) if each.code == code), None)
    if found is None:
        raise UnknownThing(f"No service {code} can be booked.")
    return found


def days(hub: Hub, wanted: QueueServiceConfig) -> dict[date, list[Slot]]:
    """Return the bookable days with the slots that have not begun; a day without any is left out."""
    now, hours = hub.clock.now(), Hours.of(hub.config.queue, hub.calendar)
    with hub.database.reading() as session:
        count = _taken(session, wanted.code, now)
    ahead = {day: [at for at in hours.slots(day) if at > now] for day in hours.bookable_days(local_day(now))}
    return {
        day: [Slot(at=at, free=max(0, wanted.places - count.get(at, 0))) for at in slots]
        for day, slots in ahead.items()
        if slots
    }


def book(hub: Hub, code: str, wanted: QueueServiceConfig, at: datetime) -> QueueBooking:
    """Book a place under a code that the page has drawn; the same call again is one booking.

    Raise SlotFull, or BookingOver where the code stands for another booking.
    """
    with hub.database.writing() as session:
        known = session.get(QueueBooking, code)
        if known is not None:
            if (known.service, known.slot_at, known.cancelled_at) == (wanted.code, at, None):
                return known
            raise BookingOver(f"The code {code} was used before.")
        return place(hub, session, code, wanted, at)


def place(hub: Hub, session: Session, code: str, wanted: QueueServiceConfig, at: datetime) -> QueueBooking:
    """Book a place under a fresh code in the caller's transaction; raise SlotFull."""
    _require_free(hub, session, wanted, at)
    made = QueueBooking(code=code, service=wanted.code, slot_at=at, made_at=hub.clock.now())
    session.add(made)
    session.flush()
    return made


def find(hub: Hub, code: str) -> QueueBooking:
    """Return a booking; raise UnknownThing."""
    with hub.database.reading() as session:
        return _known(session, code)


def cancel(hub: Hub, code: str) -> QueueBooking:
    """Give the place back; raise UnknownThing, or BookingOver where its holder has a number already."""
    with hub.database.writing() as session:
        return give_back(hub, _known(session, code))


def give_back(hub: Hub, booking: QueueBooking) -> QueueBooking:
    """Give the place back in the caller's transaction; raise BookingOver where its holder has a number already."""
    if booking.ticket:
        raise BookingOver("The holder has checked in.")
    booking.cancelled_at = booking.cancelled_at or hub.clock.now()
    return booking


def move(hub: Hub, code: str, at: datetime) -> QueueBooking:
    """Book another slot of the same service instead; raise UnknownThing, BookingOver, SlotFull: then it stays."""
    with hub.database.writing() as session:
        booking = _known(session, code)
        if booking.ticket or booking.cancelled_at:
            raise BookingOver("It was cancelled, or the holder has checked in.")
        if booking.slot_at != at:
            _require_free(hub, session, service(hub, booking.service), at)
            booking.slot_at = at
        return booking


def _known(session: Session, code: str) -> QueueBooking:
    booking = session.get(QueueBooking, code)
    if booking is None:
        raise UnknownThing("Nothing is booked under this code.")
    return booking


def _require_free(hub: Hub, session: Session, wanted: QueueServiceConfig, at: datetime) -> None:
    now, hours = hub.clock.now(), Hours.of(hub.config.queue, hub.calendar)
    day = local_day(at)
    if at <= now or day not in hours.bookable_days(local_day(now)) or at not in hours.slots(day):
        raise SlotFull("The slot has begun, or there is none at that time.")
    if _taken(session, wanted.code, at).get(at, 0) >= wanted.places:
        raise SlotFull("All places of the slot are booked.")


def _taken(session: Session, code: str, since: datetime) -> dict[datetime, int]:
    """Return how many places are booked in each slot that begins at `since` or later."""
    wanted = (
        select(QueueBooking.slot_at, func.count())
        .where(QueueBooking.service == code, QueueBooking.slot_at >= since, QueueBooking.cancelled_at.is_(None))
        .group_by(QueueBooking.slot_at)
    )
    return {at: count for at, count in session.execute(wanted)}
