"""Kiosks, what each said last about itself, what is kept of what it said before, and the alerts made of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from contract.messages import LegalMode
from hub.store.tables.base import Base, Ulid


class Kiosk(Base):
    """An enrolled kiosk; `id` is the common name of its certificate. Revoked for good once `revoked_at` is set.

    While `quarantined_at` is set two machines seem to be this kiosk: nothing that it asks for is done.
    Starts before `starts_from` say nothing about that any more.
    `ward` is the group that operators see it in; empty where it has none.
    """

    __tablename__ = "kiosk"

    id: Mapped[str] = mapped_column(primary_key=True)
    certificate_serial: Mapped[str]
    site: Mapped[str]
    ward: Mapped[str] = mapped_column(default="", server_default="")
    legal_mode: Mapped[str]
    legal_decision: Mapped[str]
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    quarantined_at: Mapped[datetime | None]
    quarantine_cause: Mapped[str] = mapped_column(default="", server_default="")
    starts_from: Mapped[datetime | None]

    @property
    def group(self) -> str:
        """The ward, or the site where there is none."""
        return self.ward or self.site

    @property
    def mode(self) -> LegalMode:
        """What the kiosk may do where it stands (R3)."""
        return LegalMode(self.legal_mode)


class LastSeen(Base):
    """The newest message of a kiosk in a room (`state`, `telemetry`, `shadow`), as it came."""

    __tablename__ = "last_seen"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    room: Mapped[str] = mapped_column(primary_key=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]


class VitalsKept(Base):
    """A kiosk's vitals as they were: `span` is `minute` (the newest of that minute) or `hour` (mean, lowest, highest).

    `at` is the beginning of the span by the hub's clock; `body` is JSON.
    """

    __tablename__ = "vitals_kept"
    __table_args__ = (Index("ix_vitals_kept_span", "span", "at"),)

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    span: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class KioskEvent(Base):
    """A change at a kiosk: online, offline, a device's state, the program's version, in or out of service."""

    __tablename__ = "kiosk_event"
    __table_args__ = (Index("ix_kiosk_event_kiosk", "kiosk", "at"),)

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    remedy: Mapped[str]


class AlertRow(Base):
    """One cause of concern at one kiosk, from `since` on; it is an alert from `raised_at`, and over at `cleared_at`.

    `quiet_since` is when the cause was seen to be gone; it must stay so for a while before the alert is over.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "ux_alert_open",
            "kiosk",
            "rule",
            "cause",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
        Index("ix_alert_cleared_at", "cleared_at"),
    )

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    rule: Mapped[str]
    cause: Mapped[str]
    severity: Mapped[str]
    detail: Mapped[str]
    remedy: Mapped[str]
    since: Mapped[datetime]
    raised_at: Mapped[datetime | None]
    quiet_since: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(ForeignKey("officer.login"))
    acknowledged_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
