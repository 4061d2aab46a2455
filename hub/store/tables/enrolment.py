"""Codes with which kiosks get their certificates, and the starts by which two machines of one identity differ."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class EnrolmentCode(Base):
    """Leave to get one certificate for one kiosk, once; the code is known here by its hash only.

    `key_sha256` is the public key that used it (its SubjectPublicKeyInfo): that key may ask again until `open_until`,
    if the answer was lost on the way.
    """

    __tablename__ = "enrolment_code"
    __table_args__ = (Index("ix_enrolment_code_kiosk", "kiosk", "made_at"),)

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    code_sha256: Mapped[Sha256] = mapped_column(unique=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    made_at: Mapped[datetime]
    open_until: Mapped[datetime]
    used_at: Mapped[datetime | None]
    key_sha256: Mapped[Sha256 | None]


class KioskStart(Base):
    """A start of a kiosk's program that was heard of: its number, counted by the kiosk, and the nonce drawn with it."""

    __tablename__ = "kiosk_start"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str]
    since: Mapped[datetime]
