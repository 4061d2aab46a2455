"""What citizens think of the service, and what they were answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class FeedbackRow(Base):
    """One citizen's word: a face from 1 to 5, and `words` as long as they are kept, blank for none.

    `about` is the paper it is about, None where the citizen stays unknown. `code_sha256` is there where an answer was
    asked for.
    """

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_received_at", "received_at"),)

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    about: Mapped[Ulid | None] = mapped_column(ForeignKey("request.id"))
    face: Mapped[int]
    words: Mapped[str]
    code_sha256: Mapped[Sha256 | None] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    received_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("officer.login"))
    answered_at: Mapped[datetime | None]
