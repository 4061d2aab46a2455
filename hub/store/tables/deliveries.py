"""Copies on their way to a citizen who is not at the kiosk."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class DeliveryState(StrEnum):
    """Where a delivery is.

    WAITING is tried again from `next_at` on; TRYING is at its carrier just now. PRINTED, for post only: the sheets lie
    in their envelope. DELIVERED: the other side has said so. REFUSED, UNKNOWN (nobody knows whether it arrived) and
    EXPIRED (the copy may not be kept longer) wait for a person.
    """

    WAITING = "WAITING"
    TRYING = "TRYING"
    PRINTED = "PRINTED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"
    EXPIRED = "EXPIRED"


class Delivery(Base):
    """One copy by one way, at most once; `address` is its destination as JSON, emptied at the end.

    Scan and tail are kept for it until `keep_until` at most. `receipt` is what the other side gave: a Message-ID, a
    tracking number. `code_sha256` is of the receipt's code, under which its holder follows it. `paid_vnd` is the
    postage that the citizen paid for `copies` on paper; both are 0 for what is not posted. `settled_by` is who has seen
    to one that did not arrive, `word` what they say of it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("copy_id", "channel", name="uq_delivery_copy_id"),
        Index("ix_delivery_code", "code_sha256"),
        Index("ix_delivery_state", "channel", "state", "next_at"),
    )

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"))
    channel: Mapped[str]
    address: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING)
    made_at: Mapped[datetime]
    keep_until: Mapped[datetime]
    next_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    last_fault: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    code_sha256: Mapped[Sha256 | None]
    copies: Mapped[int]
    paid_vnd: Mapped[int] = mapped_column(BigInteger)
    settled_by: Mapped[str | None] = mapped_column(ForeignKey("officer.login"))
    settled_at: Mapped[datetime | None]
    word: Mapped[str] = mapped_column(default="")
