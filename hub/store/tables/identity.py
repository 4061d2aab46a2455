"""What kiosks sealed for the officer of a case: where it is, and what he said of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class IdentityEvidenceRow(Base):
    """Sealed evidence that a request announced (contract.identity_evidence); only its hash outlives the decision (R13).

    `case` is what it was sealed for. `same_person` is the officer's own word, None where he gave none.
    """

    __tablename__ = "identity_evidence"
    __table_args__ = (Index("ix_identity_evidence_sha256", "sha256"),)

    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"), primary_key=True)
    case: Mapped[Ulid]
    sha256: Mapped[Sha256]
    size_bytes: Mapped[int]
    stored_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    same_person: Mapped[bool | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("officer.login"))
    answered_at: Mapped[datetime | None]
