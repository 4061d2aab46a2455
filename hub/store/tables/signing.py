"""What becomes of signatures after signing: copies to be raised to B-LTA, evidence appended, certificates used."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class UpgradeState(StrEnum):
    """Where the raising of a copy to B-LTA is."""

    WAITING = "WAITING"
    DONE = "DONE"
    LEFT_TO_HOLDER = "LEFT_TO_HOLDER"
    REVOKED = "REVOKED"


class Upgrade(Base):
    """A copy that was signed below B-LTA because a service outside failed; tried again from `next_at` on.

    `LEFT_TO_HOLDER`: the scan may not stay longer (R13), so who has the copy brings it to the verify page. `REVOKED`: a
    certificate was revoked before the signature was proven; an officer must decide whether the copy is annulled.
    """

    __tablename__ = "upgrade"
    __table_args__ = (Index("ix_upgrade_waiting", "state", "next_at"),)

    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"), primary_key=True)
    state: Mapped[str]
    lacks: Mapped[str]
    wanted_at: Mapped[datetime]
    next_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    last_fault: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    claimed_by: Mapped[Ulid | None]
    claimed_until: Mapped[datetime | None]


class CopyExtension(Base):
    """Bytes that were appended to an issued copy (or to an extension of it): certificates and timestamps, no scan.

    `sha256` is that of the whole extended file, `base_sha256` that of the file which it extends, `appended_sha256` that
    of the appended bytes, which are kept for good. `protected_until` is when a further one will be needed.
    """

    __tablename__ = "copy_extension"

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    copy_id: Mapped[Ulid] = mapped_column(ForeignKey("issue.copy_id"), index=True)
    base_sha256: Mapped[Sha256] = mapped_column(unique=True)
    appended_sha256: Mapped[Sha256]
    appended_bytes: Mapped[int]
    level: Mapped[str]
    protected_until: Mapped[datetime]
    made_at: Mapped[datetime]


class CertificateRow(Base):
    """A certificate that this hub signs, seals, stamps or connects with, or did.

    `whose` is a person's name or a kiosk's id, empty where there is one of the role; `retired_at` is when another took
    its place.
    """

    __tablename__ = "certificate"

    sha256: Mapped[Sha256] = mapped_column(primary_key=True)
    role: Mapped[str]
    whose: Mapped[str]
    pem: Mapped[str]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    first_seen_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
