"""The officers' desk: who is at which paper, decisions that may still be taken back, and how long papers take."""

from datetime import date, datetime

from sqlalchemy import Float, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Ulid


class Claim(Base):
    """A lease on a waiting paper: until then nobody but `officer` decides it. `handed_by` gave it to him."""

    __tablename__ = "claim"

    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"), primary_key=True)
    officer: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    handed_by: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime]
    until: Mapped[datetime]


class HeldDecision(Base):
    """A decision that has no effect yet; it takes effect after `effective_at`, an approval once the key is open."""

    __tablename__ = "held_decision"

    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"), primary_key=True)
    officer: Mapped[str] = mapped_column(ForeignKey("officer.login"), index=True)
    verdict: Mapped[str]
    ground: Mapped[str]
    text: Mapped[str]
    page: Mapped[int]
    original_seen: Mapped[str]
    seconds: Mapped[float | None] = mapped_column(Float)
    decided_at: Mapped[datetime]
    effective_at: Mapped[datetime] = mapped_column(index=True)


class PaperTime(Base):
    """How long somebody looked at a paper before deciding. Neither who, nor which paper, nor the hour is kept."""

    __tablename__ = "paper_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str]
    pages: Mapped[int]
    verdict: Mapped[str]
    seconds: Mapped[float] = mapped_column(Float)
