"""A digitised paper enters the archive: its serial number is allotted in the transaction that records it."""

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from contract.digital import MOST_DOCUMENTS, DocCode, Metadata, type_of
from contract.messages import DigitiseRequest
from hub.faults import DocumentMalformed, NoDocuments
from hub.rooms import Hub
from hub.store import audit, counters
from hub.store.archive import Archive
from hub.store.tables import DocumentRow, DocumentState, DocumentUpload, DocumentVersion, DossierRow


def archive_of(hub: Hub) -> Archive:
    """Return the hub's archive; raise NoDocuments."""
    if hub.archive is None:
        raise NoDocuments("This hub keeps no digitised documents.")
    return hub.archive


def file(hub: Hub, kiosk: str, request: str, body: DigitiseRequest, draft: bytes) -> str:
    """File a kiosk's paper and return its code without version; the same request is filed once.

    The draft is in the archive and in every backup before a number is taken. Raises OSError.
    """
    draft_sha256, now = archive_of(hub).put(draft), hub.clock.now()
    with hub.database.writing() as session:
        upload = session.get_one(DocumentUpload, request, with_for_update=True)
        if upload.base_code is not None:
            return upload.base_code
        _keep_dossier(session, kiosk, body, now)
        code = allot(session, hub.config.agency.code, type_of(body.kind))
        session.add(
            DocumentRow(
                base_code=code.base,
                dossier=body.dossier,
                component=body.component,
                kind=body.kind,
                condition=body.condition,
                pages_counted=body.pages_counted,
                pages=body.pages,
                digitised_at=body.digitised_at,
                digitised_on=body.digitised_at.astimezone(VIETNAM).date(),
                source=kiosk,
                filed_at=now,
                state=DocumentState.WAITING,
                draft_sha256=draft_sha256,
                reason="",
                lacks="",
                last_fault="",
            )
        )
        session.flush()
        add_version(session, code, body.metadata, now, kiosk)
        upload.base_code = code.base
        audit.append(session, at=now, who=kiosk, what=audit.Act.DOCUMENT_FILED, subject=f"{code} {draft_sha256}")
    return code.base


def bring_in(hub: Hub, client: str, kind: str, metadata: Metadata, content: bytes, pages: int) -> DocCode:
    """File a document that another system has digitised and signed; return its code. Raises OSError."""
    sha256, now = archive_of(hub).put(content), hub.clock.now()
    with hub.database.writing() as session:
        code = allot(session, hub.config.agency.code, kind)
        session.add(
            DocumentRow(
                base_code=code.base,
                component="",
                kind="",
                condition=metadata.format[:50],
                pages_counted=pages,
                pages=pages,
                digitised_at=now,
                digitised_on=now.astimezone(VIETNAM).date(),
                source=client,
                filed_at=now,
                state=DocumentState.AS_BROUGHT,
                file_sha256=sha256,
                reason="",
                lacks="",
                last_fault="",
            )
        )
        session.flush()
        add_version(session, code, metadata, now, client)
        audit.append(session, at=now, who=client, what=audit.Act.DOCUMENT_FILED, subject=f"{code} {sha256}")
    return code


def allot(session: Session, agency: str, type_: str) -> DocCode:
    """Return the next code of an agency's type, without gaps; raise DocumentMalformed where all are used."""
    serial = counters.take(session, f"document {agency} {type_}", first=1)
    if serial > MOST_DOCUMENTS:
        raise DocumentMalformed(f"All {MOST_DOCUMENTS} numbers of {agency}_{type_} are used.")
    return DocCode(agency=agency, type=type_, serial=serial)


def add_version(session: Session, code: DocCode, metadata: Metadata, now: datetime, by: str) -> None:
    """Record the metadata of a version, its code in them; nothing changes them afterwards."""
    body = msgspec.json.encode(msgspec.structs.replace(metadata, doc_code=str(code)))
    session.add(DocumentVersion(base_code=code.base, version=code.version, body=body, made_at=now, made_by=by))
    session.flush()


def _keep_dossier(session: Session, kiosk: str, body: DigitiseRequest, now: datetime) -> None:
    if session.get(DossierRow, body.dossier) is None:
        session.add(
            DossierRow(
                id=body.dossier,
                kiosk=kiosk,
                procedure=body.procedure,
                documents=body.documents,
                secret_sha256=body.secret_sha256,
                created_at=now,
                portal_failures=0,
                portal_fault="",
            )
        )
        session.flush()
