"""The audit trail, gap-free counters, and replies that wait to be sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class AuditRow(Base):
    """Who did what to which thing, when; each row's hash covers the one before. Ids only, no personal data."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str]
    what: Mapped[str]
    subject: Mapped[str]
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Counter(Base):
    """The last number given out under a name; its row is the lock that keeps a sequence free of gaps (R7)."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class PendingReply(Base):
    """A request whose answer changed and must be told to its kiosk; the answer is computed when it is sent.

    `claimed_by` is the hub that is sending it, until `claimed_until`.
    """

    __tablename__ = "pending_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_by: Mapped[Ulid | None]
    claimed_until: Mapped[datetime | None]
