"""Digitised dossiers: their papers, every version of a paper's metadata, and uploads on their way."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class DocumentState(StrEnum):
    """Where a digitised paper is: a person looks at it, the agency's key signs it, it is given out.

    `AS_BROUGHT` came from another system, which answers for its signature; it is given out as it came.
    """

    WAITING = "WAITING"
    ACCEPTED = "ACCEPTED"
    SIGNED = "SIGNED"
    SENT_BACK = "SENT_BACK"
    AS_BROUGHT = "AS_BROUGHT"


class DossierRow(Base):
    """A dossier as a kiosk made it, `documents` papers in all.

    Who holds the receipt proves it by the secret of `secret_sha256`, once (`reused_at`). `portal_receipt` is what the
    portal answered when it took the package.
    """

    __tablename__ = "dossier"

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    procedure: Mapped[str]
    documents: Mapped[int]
    secret_sha256: Mapped[Sha256]
    created_at: Mapped[datetime]
    reused_at: Mapped[datetime | None]
    handed_on_at: Mapped[datetime | None]
    portal_receipt: Mapped[str | None]
    portal_next_at: Mapped[datetime | None]
    portal_failures: Mapped[int] = mapped_column(default=0)
    portal_fault: Mapped[str] = mapped_column(default="")


class DocumentUpload(Base):
    """A paper that a kiosk has announced; `base_code` once all of it is here."""

    __tablename__ = "document_upload"

    request: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    sha256: Mapped[Sha256] = mapped_column(index=True)
    size_bytes: Mapped[int]
    body_sha256: Mapped[Sha256]
    base_code: Mapped[str | None] = mapped_column(ForeignKey("document.base_code"))


class DocumentRow(Base):
    """A digitised paper under its code without version; `draft_sha256` is None once the signed file stands for it.

    `source` is the kiosk or the system that brought it. `accepted_by` is who compared it, or sent it back, and why.
    """

    __tablename__ = "document"

    base_code: Mapped[str] = mapped_column(primary_key=True)
    dossier: Mapped[str | None] = mapped_column(ForeignKey("dossier.id"), index=True)
    component: Mapped[str]
    kind: Mapped[str]
    condition: Mapped[str]
    pages_counted: Mapped[int]
    pages: Mapped[int]
    digitised_at: Mapped[datetime]
    digitised_on: Mapped[date] = mapped_column(Date())
    source: Mapped[str]
    filed_at: Mapped[datetime]
    state: Mapped[str]
    draft_sha256: Mapped[str | None]
    file_sha256: Mapped[str | None]
    accepted_by: Mapped[str | None] = mapped_column(ForeignKey("officer.login"))
    accepted_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    level: Mapped[str | None]
    lacks: Mapped[str] = mapped_column(default="")
    last_fault: Mapped[str] = mapped_column(default="")
    claimed_until: Mapped[datetime | None]


class DocumentVersion(Base):
    """One version of a document's metadata (JSON, contract.digital.Metadata); the database refuses to change it."""

    __tablename__ = "document_version"

    base_code: Mapped[str] = mapped_column(ForeignKey("document.base_code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
