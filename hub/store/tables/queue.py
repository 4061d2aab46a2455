"""The line of people: numbers given by kiosks, and places booked from a phone. Nobody's name is in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class TicketState(StrEnum):
    """Where a ticket is; SKIPPED may come back to the line once, the last two are ends."""

    WAITING = "WAITING"
    CALLED = "CALLED"
    SKIPPED = "SKIPPED"
    DONE = "DONE"
    NO_SHOW = "NO_SHOW"


class QueueTicket(Base):
    """A number of one day. `printed` is what stands on the paper, `number` what is called: they differ only where two
    kiosks gave the same one. `slot_at` is the slot that a booking keeps; `told_before` and the wait (expected, at
    least, at most) were told when it was taken in; `answered` is the check-in that was answered last. A case lasts from
    the last call (`called_at`) to `finished_at`.
    """

    __tablename__ = "queue_ticket"
    __table_args__ = (
        Index("ix_queue_ticket_day", "day", "state"),
        Index("ux_queue_number", "day", "number", unique=True),
    )

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    body_sha256: Mapped[Sha256]
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    day: Mapped[date]
    service: Mapped[str]
    number: Mapped[str]
    printed: Mapped[str]
    priority: Mapped[str]
    came_at: Mapped[datetime]
    received_at: Mapped[datetime]
    slot_at: Mapped[datetime | None]
    told_before: Mapped[int]
    told_wait_s: Mapped[int | None]
    told_from_s: Mapped[int | None]
    told_to_s: Mapped[int | None]
    answered: Mapped[Ulid]
    state: Mapped[str]
    counter: Mapped[str]
    calls: Mapped[int]
    skips: Mapped[int]
    first_called_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class QueueBooking(Base):
    """A booked place under a code; `ticket` is the number that its holder got at check-in."""

    __tablename__ = "queue_booking"
    __table_args__ = (Index("ix_queue_booking_slot", "service", "slot_at"),)

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    service: Mapped[str]
    slot_at: Mapped[datetime]
    made_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    ticket: Mapped[Ulid | None]


class PartnerBooking(Base):
    """A booking that the city's application made under its own id; `account_sha256` is the hash of its account."""

    __tablename__ = "partner_booking"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_sha256: Mapped[Sha256] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(ForeignKey("queue_booking.code"))
    slot_at: Mapped[datetime]
