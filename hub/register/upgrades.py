"""Copies signed below B-LTA, because a timestamp authority or a revocation source failed, are raised once it answers.

The scan stays for that at most 24 h after signing (R13). After that the upgrade is left to the holder of the copy, who
brings it to the verify page; the printed copy never depended on it: seal and draft hash are the same.
"""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from contract.ids import new_ulid
from hub.faults import ClockFault
from hub.register.extensions import Extensions
from hub.rooms import Hub
from hub.signing.faults import CertificateRevoked, SigningFault
from hub.store import audit
from hub.store.tables import Issue, RequestRow, Upgrade, UpgradeState

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
LEASE = timedelta(minutes=3)
LOOK_AGAIN_S = 10.0


def want(session: Session, copy_id: str, lacks: str, now: datetime) -> None:
    """Queue the upgrade of a copy in the caller's transaction; `lacks` says why it is needed."""
    session.add(
        Upgrade(copy_id=copy_id, state=UpgradeState.WAITING, lacks=lacks, wanted_at=now, next_at=now + FIRST_PAUSE)
    )
    audit.append(session, at=now, who="hub", what=audit.Act.SIGNED_BELOW_LTA, subject=copy_id)


def leave_to_holder(session: Session, copy_id: str, now: datetime) -> None:
    """Give up raising a copy whose scan may not stay longer; whoever holds the copy can have it raised."""
    upgrade = session.get(Upgrade, copy_id, with_for_update=True)
    if upgrade is not None and upgrade.state == UpgradeState.WAITING:
        upgrade.state, upgrade.ended_at = UpgradeState.LEFT_TO_HOLDER, now
        audit.append(session, at=now, who="hub", what=audit.Act.UPGRADE_LEFT_TO_HOLDER, subject=copy_id)


class UpgradeQueue:
    """Raises one copy at a time, those due first; several hubs share the work by leases."""

    def __init__(self, hub: Hub, extensions: Extensions) -> None:
        self._hub, self._extensions = hub, extensions
        self._name = new_ulid(hub.clock.now())

    async def run(self) -> None:
        """Raise copies for ever."""
        while True:
            while await asyncio.to_thread(self.upgrade_next):
                pass
            await self._hub.clock.sleep(LOOK_AGAIN_S)

    def upgrade_next(self) -> bool:
        """Try the upgrade that is due first; return whether there was one, raised or not."""
        copy_id = self._claimed()
        if copy_id is None:
            return False
        content = self._content(copy_id)
        if content is None:
            with self._hub.database.writing() as session:
                leave_to_holder(session, copy_id, self._hub.clock.now())
            return True
        try:
            self._extensions.append(copy_id, content, "hub")
        except CertificateRevoked as fault:
            self._give_up(copy_id, fault)
        except (SigningFault, ClockFault) as fault:
            self._put_off(copy_id, fault)
        return True

    def _claimed(self) -> str | None:
        now = self._hub.clock.now()
        with self._hub.database.reading() as session:
            if session.scalars(self._due(now)).first() is None:
                return None
        with self._hub.database.noting() as session:
            upgrade = session.scalars(self._due(now).with_for_update(skip_locked=True)).first()
            if upgrade is None:
                return None
            upgrade.claimed_by, upgrade.claimed_until = self._name, now + LEASE
            return upgrade.copy_id

    def _due(self, now: datetime) -> Select[Upgrade]:
        unclaimed = or_(Upgrade.claimed_until.is_(None), Upgrade.claimed_until <= now, Upgrade.claimed_by == self._name)
        due = select(Upgrade).where(Upgrade.state == UpgradeState.WAITING, Upgrade.next_at <= now, unclaimed)
        return due.order_by(Upgrade.next_at, Upgrade.copy_id).limit(1)

    def _content(self, copy_id: str) -> bytes | None:
        """Return the copy as it was issued, or None where its scan is gone already."""
        with self._hub.database.reading() as session:
            issue = session.get_one(Issue, copy_id)
            draft_sha256 = session.get_one(RequestRow, issue.request).draft_sha256
        draft, tail = self._hub.drafts.get(draft_sha256), self._hub.tails.get(issue.tail_sha256 or "-")
        return None if draft is None or tail is None else draft + tail

    def _put_off(self, copy_id: str, fault: SigningFault | ClockFault) -> None:
        now = self._hub.clock.now()
        with self._hub.database.writing() as session:
            upgrade = session.get_one(Upgrade, copy_id, with_for_update=True)
            upgrade.claimed_by = upgrade.claimed_until = None
            if upgrade.state != UpgradeState.WAITING:
                return
            if not upgrade.failures:
                audit.append(session, at=now, who="hub", what=audit.Act.UPGRADE_FAILED, subject=copy_id)
            upgrade.failures, upgrade.last_fault = upgrade.failures + 1, str(fault)
            upgrade.next_at = now + min(FIRST_PAUSE * 2 ** min(upgrade.failures, 10), LONGEST_PAUSE)

    def _give_up(self, copy_id: str, fault: CertificateRevoked) -> None:
        now = self._hub.clock.now()
        with self._hub.database.writing() as session:
            upgrade = session.get_one(Upgrade, copy_id, with_for_update=True)
            upgrade.state, upgrade.ended_at, upgrade.last_fault = UpgradeState.REVOKED, now, str(fault)
            upgrade.claimed_by = upgrade.claimed_until = None
            audit.append(session, at=now, who="hub", what=audit.Act.UPGRADE_REVOKED, subject=copy_id)
