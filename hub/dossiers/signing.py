"""Accepted documents are signed with the agency's key, oldest first; a fault is written beside the document.

The signed file is in the archive and every backup before the scan it was made from is destroyed there.
"""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from hub.dossiers import documents
from hub.dossiers.filing import archive_of
from hub.faults import ClockFault
from hub.register import clock_guard
from hub.rooms import Hub
from hub.signing.digitised import Digitiser, Particulars, SignedDocument
from hub.signing.faults import SigningFault
from hub.store import audit
from hub.store.tables import DocumentRow, DocumentState

LEASE = timedelta(minutes=2)
"""So long another hub leaves a document to this one; after a fault it is tried again when this is over."""
LOOK_AGAIN_S = 5.0


class DocumentQueue:
    """Signs what was accepted, one at a time; several hubs share the work by leases."""

    def __init__(self, hub: Hub, digitiser: Digitiser) -> None:
        self._hub, self._digitiser = hub, digitiser

    async def run(self) -> None:
        """Sign for ever; woken by the hub's bell."""
        while True:
            while await asyncio.to_thread(self.sign_next):
                pass
            await self._hub.to_archive.wait(LOOK_AGAIN_S)

    def sign_next(self) -> bool:
        """Sign the oldest document that is due; return whether there was one, signed or not."""
        claimed = self._claimed()
        if claimed is None:
            return False
        base_code, draft_sha256, particulars = claimed
        try:
            self._keep(base_code, self._signed(draft_sha256, particulars))
        except (SigningFault, ClockFault, OSError) as fault:
            with self._hub.database.writing() as session:
                session.get_one(DocumentRow, base_code).last_fault = str(fault)[:500]
        return True

    def _claimed(self) -> tuple[str, str, Particulars] | None:
        now = self._hub.clock.now()
        with self._hub.database.writing() as session:
            row = session.scalars(self._due(now).with_for_update(skip_locked=True)).first()
            if row is None:
                return None
            row.claimed_until = now + LEASE
            code, _ = documents.newest(session, row.base_code)
            assert row.draft_sha256 is not None
            said = Particulars(doc_code=str(code), agency=self._hub.config.agency.name, digitised_at=row.digitised_at)
            return row.base_code, row.draft_sha256, said

    def _due(self, now: datetime) -> Select[DocumentRow]:
        free = or_(DocumentRow.claimed_until.is_(None), DocumentRow.claimed_until <= now)
        due = select(DocumentRow).where(DocumentRow.state == DocumentState.ACCEPTED, free)
        return due.order_by(DocumentRow.accepted_at, DocumentRow.base_code).limit(1)

    def _signed(self, draft_sha256: str, particulars: Particulars) -> SignedDocument:
        with self._hub.database.reading() as session:
            clock_guard.require_true_time(self._hub, session)
        draft = archive_of(self._hub).get(draft_sha256)
        if draft is None:
            raise OSError(f"No sound copy of the scan {draft_sha256} is in the archive or its backups")
        return self._digitiser.sign(draft, particulars)

    def _keep(self, base_code: str, signed: SignedDocument) -> None:
        archive = archive_of(self._hub)
        sha256 = archive.put(signed.content)
        with self._hub.database.writing() as session:
            row = session.get_one(DocumentRow, base_code, with_for_update=True)
            if row.state != DocumentState.ACCEPTED:  # another hub was quicker
                archive.delete(sha256)
                return
            draft_sha256, row.draft_sha256 = row.draft_sha256, None
            row.state, row.file_sha256, row.last_fault = DocumentState.SIGNED, sha256, ""
            row.signed_at, row.level, row.lacks = signed.signed_at, signed.level, signed.lacks[:500]
            session.flush()
            shared = session.scalar(
                select(DocumentRow.base_code).where(DocumentRow.draft_sha256 == draft_sha256).limit(1)
            )
            now = self._hub.clock.now()
            audit.append(session, at=now, who="hub", what=audit.Act.DOCUMENT_SIGNED, subject=f"{base_code} {sha256}")
        if draft_sha256 and shared is None:
            archive.delete(draft_sha256)
