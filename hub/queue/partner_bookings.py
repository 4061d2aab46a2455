"""Places booked through the city's application: each under its own id there, so that a repeated call is one booking.

What is kept of an account is its hash, until the day after the slot: enough to list and to cancel, not to know whose.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contract.ids import sha256_hex
from hub.faults import PartnerContradiction, UnknownThing
from hub.queue import bookings
from hub.rooms import Hub
from hub.store.tables import PartnerBooking, QueueBooking

KEPT = timedelta(days=1)
"""After the slot."""


class Standing(StrEnum):
    """Where a booking is."""

    BOOKED = "BOOKED"
    CANCELLED = "CANCELLED"
    CHECKED_IN = "CHECKED_IN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A booking as its holder sees it; with `code` they report at the kiosk from `slot_at` to `until`."""

    booking: str
    code: str
    service: str
    slot_at: datetime
    until: datetime
    standing: Standing


def book(hub: Hub, booking: str, account: str, service: str, at: datetime) -> Booked:
    """Book a place; the same call again is one booking. Raise UnknownThing, SlotFull or PartnerContradiction."""
    wanted = bookings.service(hub, service)
    with hub.database.writing() as session:
        known = session.get(PartnerBooking, booking)
        if known is None:
            place = bookings.place(hub, session, bookings.new_code(hub), wanted, at)
            known = PartnerBooking(id=booking, account_sha256=_hashed(account), code=place.code, slot_at=at)
            session.add(known)
        place = session.get_one(QueueBooking, known.code)
        if (known.account_sha256, place.service, known.slot_at) != (_hashed(account), service, at):
            raise PartnerContradiction(f"The id {booking} stands for another booking.")
        return _said(hub, known, place)


def cancel(hub: Hub, booking: str, account: str) -> Booked:
    """Give the place back, once or again; raise UnknownThing, PartnerContradiction or BookingOver."""
    with hub.database.writing() as session:
        known = session.get(PartnerBooking, booking)
        if known is None:
            raise UnknownThing("Nothing is booked under this id.")
        if known.account_sha256 != _hashed(account):
            raise PartnerContradiction(f"The booking {booking} is another account's.")
        return _said(hub, known, bookings.give_back(hub, session.get_one(QueueBooking, known.code)))


def of_account(hub: Hub, account: str) -> list[Booked]:
    """Return the bookings of an account, the next one first."""
    wanted = (
        select(PartnerBooking, QueueBooking)
        .join(QueueBooking, QueueBooking.code == PartnerBooking.code)
        .where(PartnerBooking.account_sha256 == _hashed(account))
        .order_by(QueueBooking.slot_at, PartnerBooking.id)
    )
    with hub.database.reading() as session:
        return [_said(hub, known, place) for known, place in session.execute(wanted)]


def forget_old(session: Session, now: datetime) -> None:
    """Forget whose bookings are over."""
    session.execute(delete(PartnerBooking).where(PartnerBooking.slot_at < now - KEPT))


def _said(hub: Hub, known: PartnerBooking, place: QueueBooking) -> Booked:
    standing = Standing.CANCELLED if place.cancelled_at else Standing.BOOKED
    return Booked(
        booking=known.id,
        code=place.code,
        service=place.service,
        slot_at=place.slot_at,
        until=place.slot_at + timedelta(minutes=hub.config.queue.slot_min),
        standing=Standing.CHECKED_IN if place.ticket else standing,
    )


def _hashed(account: str) -> str:
    return sha256_hex(account.encode())
