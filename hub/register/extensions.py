"""Evidence appended to issued copies, kept for good (it holds no scan): raised copies, renewed timestamps.

Only a file that this hub issued, byte for byte, or made out of such a one is ever extended; it is found by its SHA-256.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contract.ids import sha256_hex
from hub.register import clock_guard
from hub.rooms import Hub
from hub.signing import extend, level
from hub.signing.faults import CopyUnextendable
from hub.signing.services import TrustServices
from hub.store import audit
from hub.store.tables import AnnulmentRow, CopyExtension, Issue, Upgrade, UpgradeState


class NotOurs(CopyUnextendable):
    """The file is not one that this hub gave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """A copy at its best: the whole file, whether it is more than was brought, and until when it is protected."""

    copy_id: str
    content: bytes
    is_new: bool
    protected_until: datetime


class Extensions:
    """Appends what a copy lacks, once: who brings the same file again gets the same bytes."""

    def __init__(self, hub: Hub, services: TrustServices) -> None:
        self._hub, self._services = hub, services

    def extended(self, brought: bytes, who: str) -> Extended:
        """Return the copy with all evidence that is recorded, and new evidence where it needs some now.

        Raises NotOurs, ClockFault, and what `hub.signing.extend.extension` raises.
        """
        copy_id = self._copy_of(brought)
        content = self._recorded(brought)
        protected = extend.protection(content)
        if protected.ends_at is None or protected.ends_at - self._hub.clock.now() < self._renew_before:
            content = self._recorded(self.append(copy_id, content, who))
            protected = extend.protection(content)
        assert protected.ends_at is not None
        return Extended(copy_id=copy_id, content=content, is_new=content != brought, protected_until=protected.ends_at)

    def append(self, copy_id: str, content: bytes, who: str) -> bytes:
        """Return `content` with a new extension, recorded; of two made at a time one counts. Raise ClockFault, too."""
        with self._hub.database.reading() as session:
            clock_guard.require_true_time(self._hub, session)
        appended = extend.extension(content, self._services, self._hub.clock)
        ends_at = extend.protection(content + appended).ends_at
        assert ends_at is not None
        self._hub.extensions.put(appended)
        now, base = self._hub.clock.now(), sha256_hex(content)
        try:
            with self._hub.database.writing() as session:
                session.add(
                    CopyExtension(
                        sha256=sha256_hex(content + appended),
                        copy_id=copy_id,
                        base_sha256=base,
                        appended_sha256=sha256_hex(appended),
                        appended_bytes=len(appended),
                        level=level.B_LTA,
                        protected_until=ends_at,
                        made_at=now,
                    )
                )
                session.flush()
                upgrade = session.get(Upgrade, copy_id, with_for_update=True)
                if upgrade is not None and upgrade.state != UpgradeState.DONE:
                    upgrade.state, upgrade.ended_at, upgrade.last_fault = UpgradeState.DONE, now, ""
                    upgrade.claimed_by = upgrade.claimed_until = None
                audit.append(session, at=now, who=who, what=audit.Act.COPY_EXTENDED, subject=f"{copy_id} {ends_at:%F}")
        except IntegrityError:  # somebody was quicker
            self._hub.extensions.delete(sha256_hex(appended))
            return content
        return content + appended

    @property
    def _renew_before(self) -> timedelta:
        return timedelta(days=self._hub.config.evidence.renew_before_days)

    def _copy_of(self, content: bytes) -> str:
        with self._hub.database.reading() as session:
            copy_id = copy_of(session, sha256_hex(content))
            if copy_id is None:
                raise NotOurs("This file is not one that the agency gave out, byte for byte")
            if session.get(AnnulmentRow, copy_id) is not None:
                raise CopyUnextendable("The copy was annulled and has no value that could be kept")
            return copy_id

    def _recorded(self, content: bytes) -> bytes:
        """Return the file with all extensions recorded for it, one after the other."""
        while (appended := self._next(sha256_hex(content))) is not None:
            content += appended
        return content

    def _next(self, base_sha256: str) -> bytes | None:
        with self._hub.database.reading() as session:
            found = session.scalars(select(CopyExtension).where(CopyExtension.base_sha256 == base_sha256)).first()
        return self._hub.extensions.get(found.appended_sha256) if found else None


def copy_of(session: Session, sha256: str) -> str | None:
    """Return which copy a file is, as issued or extended, or None where this hub did not make it."""
    issued = session.scalar(select(Issue.copy_id).where(Issue.copy_sha256 == sha256))
    extension = session.get(CopyExtension, sha256) if issued is None else None
    return extension.copy_id if extension else issued


def newest(session: Session, copy_id: str) -> CopyExtension | None:
    """Return the last extension of a copy."""
    made = select(CopyExtension).where(CopyExtension.copy_id == copy_id)
    return session.scalars(made.order_by(CopyExtension.made_at.desc(), CopyExtension.appended_bytes.desc())).first()
