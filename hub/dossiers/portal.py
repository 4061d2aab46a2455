"""Handing whole dossiers over to the National Public Service Portal, oldest first, through any outage of it."""

import asyncio
from typing import NoReturn
from urllib.parse import quote

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contract.digital import file_name
from contract.dossiers import PROCEDURES
from hub.adapters.pauses import LEASE, LOOK_EVERY_S, pause_after
from hub.adapters.peer import AdapterFault, Source
from hub.adapters.portal import RECEIVED, Attachment, Portal, Record, written
from hub.adapters.settings import PortalConfig
from hub.dossiers import documents
from hub.dossiers.package import papers_of
from hub.faults import DocumentFault, Gone
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DocumentRow, DocumentState, DossierRow

KIND = "portal"


class HandingOn:
    """Writes each whole dossier into the portal once; what fails is offered again with growing pauses."""

    def __init__(self, hub: Hub, portal: Portal, config: PortalConfig) -> None:
        self._hub, self._portal = hub, portal
        self._downloads = f"{config.downloads.rstrip('/')}/api/v1/documents/download"
        self._source = Source(hub, KIND, config.url)

    async def run(self) -> NoReturn:
        """Hand on for ever."""
        while True:
            await asyncio.to_thread(self.hand_on_all)
            await self._hub.clock.sleep(LOOK_EVERY_S)

    def hand_on_all(self) -> None:
        """Hand on what is due, until nothing is or the portal rests after a fault."""
        while not self._source.rests and self._hand_on_next():
            pass

    def _hand_on_next(self) -> bool:
        """Offer the dossier that is due first; return whether there was one."""
        dossier = self._claimed()
        if dossier is None:
            return False
        try:
            record = self._record(dossier)
            receipt = self._source.tried(lambda: self._portal.write(record))
        except (AdapterFault, DocumentFault, Gone) as fault:
            self._put_off(dossier, fault)
        else:
            self._keep(dossier, receipt)
        return True

    def _claimed(self) -> str | None:
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
        due = select(DossierRow).where(
            DossierRow.handed_on_at.is_(None),
            or_(DossierRow.portal_next_at.is_(None), DossierRow.portal_next_at <= now),
            ended >= DossierRow.documents,
            signed,
        )
        first = due.order_by(DossierRow.created_at, DossierRow.id).limit(1)
        with self._hub.database.noting() as session:
            row = session.scalars(first.with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.portal_next_at = now + LEASE
            return row.id

    def _record(self, dossier: str) -> Record:
        with self._hub.database.reading() as session:
            row = session.get_one(DossierRow, dossier)
            papers = [self._attachment(session, each) for each in papers_of(session, row)]
        known = next((each for each in PROCEDURES if each.code == row.procedure), None)
        name = known.vi if known else row.procedure
        return Record(
            code=row.id,
            procedure=row.procedure,
            procedure_name=name,
            about=name,
            received=written(row.created_at),
            state=RECEIVED,
            by=self._hub.config.agency.name,
            papers=papers,
        )

    def _attachment(self, session: Session, row: DocumentRow) -> Attachment:
        code, metadata = documents.newest(session, row.base_code)
        return Attachment(
            code=str(code),
            name=file_name(code, row.digitised_on, metadata.type_name),
            component=row.component,
            address=f"{self._downloads}/{quote(str(code))}",
        )

    def _keep(self, dossier: str, receipt: str) -> None:
        now = self._hub.clock.now()
        with self._hub.database.writing() as session:
            row = session.get_one(DossierRow, dossier, with_for_update=True)
            row.handed_on_at, row.portal_receipt, row.portal_fault = now, receipt, ""
            audit.append(session, at=now, who="hub", what=audit.Act.DOSSIER_HANDED_ON, subject=f"{dossier} {receipt}")

    def _put_off(self, dossier: str, fault: Exception) -> None:
        with self._hub.database.noting() as session:
            row = session.get_one(DossierRow, dossier, with_for_update=True)
            row.portal_failures, row.portal_fault = row.portal_failures + 1, str(fault)[:500]
            row.portal_next_at = self._hub.clock.now() + pause_after(row.portal_failures)
