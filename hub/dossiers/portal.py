"""Handing dossiers on to the public service portal: an adapter, and a simulator of the other side.

The portal's own interface for taking dossiers (LGSP) is not published; what is sent is the package of package.py under
the dossier's id, which the other side must take as an idempotency key.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import func, or_, select

from contract.ids import sha256_hex
from hub.dossiers.package import package
from hub.faults import DocumentFault, Gone
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DocumentRow, DocumentState, DossierRow

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
LOOK_AGAIN_S = 15.0


class PortalDown(Exception):
    """The portal did not take the dossier; it is offered again later."""


class Portal(Protocol):
    """Where dossiers go."""

    def deliver(self, dossier: str, content: bytes) -> str:
        """Return the portal's receipt; the same dossier again gives the same one. Raise PortalDown."""


class SimulatedPortal:
    """A folder that takes packages; fails for the next `failures` calls, or takes one and dies before it answers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.failures = 0
        self.dies_after_taking = False

    def deliver(self, dossier: str, content: bytes) -> str:
        """Keep the package under the dossier's id."""
        if self.failures:
            self.failures -= 1
            raise PortalDown("The simulated portal was told to fail")
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{dossier}.zip").write_bytes(content)
        if self.dies_after_taking:
            self.dies_after_taking = False
            raise PortalDown("The simulated portal took the dossier and did not answer")
        return f"SIM-{sha256_hex(content)[:16]}"


class HandingOn:
    """Offers whole dossiers to the portal, oldest first, with growing pauses after a failure."""

    def __init__(self, hub: Hub, portal: Portal) -> None:
        self._hub, self._portal = hub, portal

    async def run(self) -> None:
        """Hand on for ever."""
        while True:
            while await asyncio.to_thread(self.hand_on_next):
                pass
            await self._hub.clock.sleep(LOOK_AGAIN_S)

    def hand_on_next(self) -> bool:
        """Offer the dossier that is due first; return whether there was one."""
        dossier = self._due()
        if dossier is None:
            return False
        try:
            with self._hub.database.reading() as session:
                content = package(self._hub, session, dossier)
            receipt = self._portal.deliver(dossier, content)
        except (PortalDown, DocumentFault, Gone, OSError) as fault:
            self._put_off(dossier, fault)
        else:
            self._keep(dossier, receipt)
        return True

    def _due(self) -> str | None:
        now = self._hub.clock.now()
        ended = (
            select(func.count())
            .where(
                DocumentRow.dossier == DossierRow.id,
                DocumentRow.state.in_((DocumentState.SIGNED, DocumentState.SENT_BACK)),
            )
            .scalar_subquery()
        )
        signed = (
            select(DocumentRow.base_code)
            .where(DocumentRow.dossier == DossierRow.id, DocumentRow.state == DocumentState.SIGNED)
            .exists()
        )
        due = select(DossierRow.id).where(
            DossierRow.handed_on_at.is_(None),
            or_(DossierRow.portal_next_at.is_(None), DossierRow.portal_next_at <= now),
            ended >= DossierRow.documents,
            signed,
        )
        with self._hub.database.reading() as session:
            return session.scalar(due.order_by(DossierRow.created_at, DossierRow.id).limit(1))

    def _keep(self, dossier: str, receipt: str) -> None:
        now = self._hub.clock.now()
        with self._hub.database.writing() as session:
            row = session.get_one(DossierRow, dossier, with_for_update=True)
            row.handed_on_at, row.portal_receipt, row.portal_fault = now, receipt, ""
            audit.append(session, at=now, who="hub", what=audit.Act.DOSSIER_HANDED_ON, subject=f"{dossier} {receipt}")

    def _put_off(self, dossier: str, fault: Exception) -> None:
        with self._hub.database.writing() as session:
            row = session.get_one(DossierRow, dossier, with_for_update=True)
            pause = min(FIRST_PAUSE * 2 ** min(row.portal_failures, 10), LONGEST_PAUSE)
            row.portal_failures, row.portal_fault = row.portal_failures + 1, str(fault)[:500]
            row.portal_next_at = self._hub.clock.now() + pause
