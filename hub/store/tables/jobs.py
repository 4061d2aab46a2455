"""What operators asked kiosks to do from afar: jobs, rollouts to many kiosks, and the configuration wanted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hub.store.tables.base import Base, Sha256, Ulid


class JobPlace(StrEnum):
    """Where a job is: the contract's states, before them HELD (its turn has not come) and ASKED, and STOPPED."""

    HELD = "HELD"
    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    STOPPED = "STOPPED"


JOB_OPEN = (JobPlace.HELD, JobPlace.ASKED, JobPlace.ACCEPTED, JobPlace.RUNNING)


class RolloutState(StrEnum):
    """How far a rollout is.

    CANARY: the first kiosks are at it; REST: the others, ring by ring; PAUSED: nothing more is begun for now; HALTED:
    too many failed; STOPPED: by a person.
    """

    CANARY = "CANARY"
    REST = "REST"
    PAUSED = "PAUSED"
    DONE = "DONE"
    HALTED = "HALTED"
    STOPPED = "STOPPED"


class RolloutRow(Base):
    """One verb for many kiosks: `canary` of them first, the others in rings of `ring` (0: all at once).

    It halts where one of the first fails, or more than `most_failed` of the others.
    """

    __tablename__ = "rollout"

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    verb: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    ward: Mapped[str]
    canary: Mapped[int]
    ring: Mapped[int] = mapped_column(default=0)
    most_failed: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    asked_at: Mapped[datetime]
    state: Mapped[str]
    ended_at: Mapped[datetime | None]


class JobRow(Base):
    """One verb for one kiosk.

    `body` is what the verb brings (JSON, else empty), `version` a configuration's number once it is told. `step` is
    that of the newest fact; `tell_at` is when the kiosk is told next, None where it is told no more. `wave` is 0 for
    the first kiosks of a rollout, then the number of the ring. `bundle_sha256` names the logs that came, `bundle_at`
    is when they were whole.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_tell_at", "tell_at"),
        Index("ix_job_kiosk", "kiosk", "asked_at"),
        Index("ix_job_state", "state"),
        Index("ix_job_rollout", "rollout"),
    )

    id: Mapped[Ulid] = mapped_column(primary_key=True)
    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"))
    verb: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[str] = mapped_column(ForeignKey("officer.login"))
    asked_at: Mapped[datetime]
    lasts_s: Mapped[int]
    expires_at: Mapped[datetime | None]
    state: Mapped[str]
    percent: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(default="")
    step: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    tell_at: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(default=0)
    rollout: Mapped[Ulid | None] = mapped_column(ForeignKey("rollout.id"))
    wave: Mapped[int] = mapped_column(default=0)
    bundle_sha256: Mapped[Sha256 | None]
    bundle_bytes: Mapped[int | None]
    bundle_at: Mapped[datetime | None]

    @property
    def has_bundle(self) -> bool:
        """Return whether its logs are whole and still here."""
        return self.bundle_at is not None and self.bundle_sha256 is not None


class ShadowRow(Base):
    """The configuration wanted of a kiosk; what it reports stands in `last_seen`."""

    __tablename__ = "shadow"

    kiosk: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    version: Mapped[int]
    settings: Mapped[bytes] = mapped_column(LargeBinary)
    set_at: Mapped[datetime]
