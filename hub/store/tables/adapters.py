"""What systems of other agencies are told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class MojReportState(StrEnum):
    """Where a report is; REFUSED waits for a person."""

    WAITING = "WAITING"
    DONE = "DONE"
    REFUSED = "REFUSED"


class MojReport(Base):
    """An event of the register on its way to the Ministry's system; tried again from `next_at` on."""

    __tablename__ = "moj_report"
    __table_args__ = (Index("ix_moj_report_waiting", "state", "next_at"),)

    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"), primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default=MojReportState.WAITING)
    wanted_at: Mapped[datetime]
    next_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    last_fault: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
