"""Collections of cash."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class ClosingRow(Base):
    """A collection at a kiosk; the whole account lies in its fact. `difference_vnd` is machine less books."""

    __tablename__ = "closing"
    __table_args__ = (Index("ix_closing_kiosk", "kiosk", "number"),)

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    number: Mapped[int]
    collector: Mapped[str]
    finished_at: Mapped[datetime]
    fee_vnd: Mapped[int] = mapped_column(BigInteger)
    print_vnd: Mapped[int] = mapped_column(BigInteger)
    post_vnd: Mapped[int] = mapped_column(BigInteger, server_default="0")
    collected_vnd: Mapped[int] = mapped_column(BigInteger)
    left_vnd: Mapped[int] = mapped_column(BigInteger)
    difference_vnd: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
