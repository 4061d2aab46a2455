"""Kiosks, and what each said last about itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from contract.messages import LegalMode
from hub.store.tables.base import Base


class Kiosk(Base):
    """An enrolled kiosk; `id` is the common name of its certificate. Revoked for good once `revoked_at` is set."""

    __tablename__ = "kiosk"

    id: Mapped[str] = mapped_column(primary_key=True)
    certificate_serial: Mapped[str]
    site: Mapped[str]
    legal_mode: Mapped[str]
    legal_decision: Mapped[str]
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def mode(self) -> LegalMode:
        """What the kiosk may do where it stands (R3)."""
        return LegalMode(self.legal_mode)


class LastSeen(Base):
    """The newest message of a kiosk in a room (`state`, `telemetry`), as it came."""

    __tablename__ = "last_seen"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    room: Mapped[str] = mapped_column(primary_key=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
