"""What is kept for ever: the register, the issues, the annulments and the log's leaves (R12)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class IssueState(StrEnum):
    """Whether the signature of an allotted number is made yet."""

    ALLOTTED = "ALLOTTED"
    SIGNED = "SIGNED"


class RegisterRow(Base):
    """One line of the certification register with the columns of the book (NĐ 23/2015 Art. 13); never changed."""

    __tablename__ = "register_row"
    __table_args__ = (UniqueConstraint("agency", "book_code", "year", "number"),)

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    agency: Mapped[str]
    book_code: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]
    book_no: Mapped[int]
    requester_name: Mapped[str]
    title: Mapped[str]
    signer_name: Mapped[str]
    signer_title: Mapped[str]
    copies: Mapped[int]
    fee_vnd: Mapped[int]
    note: Mapped[str]
    at: Mapped[datetime]


class Issue(Base):
    """One certified copy. Number, log index and statement are fixed when it is allotted; the rest when it is signed.

    `tail_purged_at` tells that the kiosk has handed the copy over and the appended bytes are no longer kept here.
    `claimed_by` is the signing worker that is at it, until `claimed_until`. The certificates that signed are named by
    fingerprint (`CertificateRow`); `level` is that of the copy as it was issued (`CopyExtension` may have raised it).
    """

    __tablename__ = "issue"
    __table_args__ = (Index("ix_issue_waiting", "state", "copy_id"),)

    copy_id: Mapped[Ulid] = mapped_column(primary_key=True)
    request: Mapped[Ulid] = mapped_column(ForeignKey("request.id"), unique=True)
    register_row: Mapped[Ulid] = mapped_column(ForeignKey("register_row.id"), unique=True)
    log_index: Mapped[int] = mapped_column(ForeignKey("log_leaf.index"), unique=True)
    document_kind: Mapped[str]
    pages_of_original: Mapped[int]
    legal_note: Mapped[str]
    issued_at: Mapped[datetime]
    state: Mapped[str]
    failures: Mapped[int] = mapped_column(default=0)
    last_fault: Mapped[str] = mapped_column(default="")
    tail_sha256: Mapped[Sha256 | None]
    tail_bytes: Mapped[int | None]
    copy_sha256: Mapped[Sha256 | None]
    copy_pages: Mapped[int | None]
    level: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    verify_url: Mapped[str | None]
    tail_purged_at: Mapped[datetime | None]
    claimed_by: Mapped[Ulid | None]
    claimed_until: Mapped[datetime | None]
    certifier_certificate: Mapped[Sha256 | None]
    agency_certificate: Mapped[Sha256 | None]


class LogLeaf(Base):
    """A leaf of the transparency log; without the salts its entry tells nothing.

    The holder of the copy is told `salt`, with what the paper says anyway; `private_salt` stays here.
    """

    __tablename__ = "log_leaf"

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    private_salt: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    copy_id: Mapped[Ulid]


class LogSubtree(Base):
    """The root of a full subtree of 256**level leaves; level 0 are the leaves themselves."""

    __tablename__ = "log_subtree"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpoint(Base):
    """A head of the log that was signed: `note` is published, and no later head may contradict it."""

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    at: Mapped[datetime]


class AnnulmentRow(Base):
    """A copy lost its value by a decision of the agency (TT 01/2020 Art. 7); never taken back."""

    __tablename__ = "annulment"

    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"), primary_key=True)
    decision_no: Mapped[str]
    reason_class: Mapped[str]
    text: Mapped[str]
    officer: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    log_index: Mapped[int] = mapped_column(ForeignKey("log_leaf.index"))
    at: Mapped[datetime]
