"""What kiosks asked and reported, and what persons decided."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class RequestState(StrEnum):
    """Where a paper is on its way; the last five are ends. DECIDED: held, the officer may still take it back."""

    COLLECTING = "COLLECTING"
    QUEUED = "QUEUED"
    DECIDED = "DECIDED"
    APPROVED = "APPROVED"
    CERTIFIED = "CERTIFIED"
    REFUSED = "REFUSED"
    RESCAN = "RESCAN"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class Verdict(StrEnum):
    """A person's decision."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RESCAN = "rescan"


class RequestRow(Base):
    """One certify request. `body` is the message as it came, emptied with the images (R13); its hash stays.

    `rejection` is the encoded `Rejected` of a request that the hub will not treat.
    """

    __tablename__ = "request"
    __table_args__ = (Index("ix_request_queue", "state", "queued_at", "id"), Index("ix_request_draft", "draft_sha256"))

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    kind: Mapped[str]
    body_sha256: Mapped[Sha256]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    rejection: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str]
    draft_sha256: Mapped[Sha256]
    draft_bytes: Mapped[int]
    pages: Mapped[int]
    legal_mode: Mapped[str]
    priority: Mapped[str] = mapped_column(default="NONE")
    received_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    promised_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    draft_purged_at: Mapped[datetime | None]


class DecisionRow(Base):
    """A person's decision on a paper, once and for all (R1); `original_seen` says how the original was seen (R4)."""

    __tablename__ = "decision"

    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"), primary_key=True)
    officer: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    verdict: Mapped[str]
    ground: Mapped[str]
    text: Mapped[str]
    page: Mapped[int]
    original_seen: Mapped[str]
    at: Mapped[datetime]


class FactRow(Base):
    """Something that happened at a kiosk, inserted once; `request` may be unknown here (a visit that never asked)."""

    __tablename__ = "fact"

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    kind: Mapped[str]
    request: Mapped[Ulid] = mapped_column(index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
