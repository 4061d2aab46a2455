"""Transfers by VietQR: what kiosks announced, and what the bank told of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class TransferState(StrEnum):
    """Where a transfer's money is: every transfer is in exactly one of these places."""

    AWAITING_KIOSK = "AWAITING_KIOSK"
    TAKEN = "TAKEN"
    TO_REFUND = "TO_REFUND"
    REFUNDED = "REFUNDED"


class TransferOrder(Base):
    """A kiosk shows a code with this reference; `id` is its request's."""

    __tablename__ = "transfer_order"

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    reference: Mapped[str] = mapped_column(index=True)
    amount_vnd: Mapped[int] = mapped_column(BigInteger)
    valid_until: Mapped[datetime]
    received_at: Mapped[datetime]


class TransferRow(Base):
    """A transfer under the bank's own id. `memo` is blank once its money has come to rest: payers write names there.

    `tell_at` is when its kiosk is told next, None where it is told no more; `refunded_by` and `refunded_how` are a
    person's.
    """

    __tablename__ = "transfer"
    __table_args__ = (Index("ix_transfer_tell_at", "tell_at"), Index("ix_transfer_state", "state"))

    id: Mapped[str] = mapped_column(primary_key=True)
    body_sha256: Mapped[Sha256]
    order: Mapped[str | None] = mapped_column(ForeignKey("transfer_order.id"))
    amount_vnd: Mapped[int] = mapped_column(BigInteger)
    memo: Mapped[str]
    booked_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str]
    tell_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)
    refunded_at: Mapped[datetime | None]
    refunded_by: Mapped[str | None]
    refunded_how: Mapped[str | None]
