"""What is known of a digitised document, every version of it, and what a person decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract.digital import DocCode, MalformedDocCode, Metadata, file_name
from hub.dossiers.filing import add_version, archive_of
from hub.faults import (
    DecisionIncomplete,
    DocumentDecided,
    DocumentNotReady,
    DocumentSuperseded,
    ImagesPurged,
    UnknownThing,
)
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DocumentRow, DocumentState, DocumentVersion

GIVEN_OUT = (DocumentState.SIGNED, DocumentState.AS_BROUGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A document's file under the name that the guidance gives it."""

    name: str
    content: bytes


def parsed(text: str) -> DocCode:
    """Return the code; raise UnknownThing for what is none."""
    try:
        return DocCode.parse(text)
    except MalformedDocCode as fault:
        raise UnknownThing(f"There is no document {text[:40]!r}: {fault}.") from fault


def metadata(hub: Hub, code: DocCode, who: str) -> Metadata:
    """Return the metadata of this version; that they were read is recorded. Raise UnknownThing."""
    with hub.database.writing() as session:
        found = version(session, code)
        _note(session, hub, who, audit.Act.DOCUMENT_READ, str(code))
    return found


def change(hub: Hub, code: DocCode, changed: Metadata, who: str) -> DocCode:
    """Record changed metadata as the next version and return its code; raise UnknownThing or DocumentSuperseded."""
    with hub.database.writing() as session:
        version(session, code)
        after = _next(session, code)
        add_version(session, after, changed, hub.clock.now(), who)
        _note(session, hub, who, audit.Act.DOCUMENT_CHANGED, str(after))
    return after


def file(hub: Hub, code: DocCode, who: str) -> File:
    """Return the signed file of a document; raise UnknownThing or DocumentNotReady."""
    with hub.database.writing() as session:
        found, row = version(session, code), session.get_one(DocumentRow, code.base)
        if row.state not in GIVEN_OUT or row.file_sha256 is None:
            raise DocumentNotReady(f"The document {code} is {row.state}.")
        _note(session, hub, who, audit.Act.DOCUMENT_READ, f"{code} {row.file_sha256}")
    content = archive_of(hub).get(row.file_sha256)
    if content is None:
        raise ImagesPurged(f"No sound copy of {code} is in the archive or its backups.")
    return File(name=file_name(code, row.digitised_on, found.type_name), content=content)


def waiting(hub: Hub) -> Sequence[tuple[DocumentRow, Metadata]]:
    """Return the documents that a person has to look at, oldest first."""
    with hub.database.reading() as session:
        rows = session.scalars(
            select(DocumentRow)
            .where(DocumentRow.state == DocumentState.WAITING)
            .order_by(DocumentRow.filed_at, DocumentRow.base_code)
        )
        return [(row, newest(session, row.base_code)[1]) for row in rows]


def draft(hub: Hub, base_code: str, who: str, *, page: int | None = None) -> bytes:
    """Return the scan that waits for a person, who looks at all of it or at one page.

    Raises UnknownThing, also for a page that it has not, or DocumentDecided.
    """
    with hub.database.writing() as session:
        row = _waiting(session, base_code)
        if page and page > row.pages:
            raise UnknownThing(f"The document {base_code} has {row.pages} pages.")
        assert row.draft_sha256 is not None
        _note(session, hub, who, audit.Act.DOCUMENT_SEEN, f"{base_code} {page}" if page else base_code)
    content = archive_of(hub).get(row.draft_sha256)
    if content is None:
        raise ImagesPurged(f"No sound copy of {base_code} is in the archive or its backups.")
    return content


def accept(hub: Hub, base_code: str, checked: Metadata, who: str) -> None:
    """Record that a person has compared the scan and its metadata; the agency's key then signs it.

    Corrected metadata are the document's next version. Raises UnknownThing, DocumentDecided, DecisionIncomplete.
    """
    if lacking := checked.lacking:
        raise DecisionIncomplete(f"The guidance asks for {', '.join(lacking)}.")
    with hub.database.writing() as session:
        row = _waiting(session, base_code)
        code, before = newest(session, base_code)
        now = hub.clock.now()
        if msgspec.structs.replace(checked, doc_code=before.doc_code) != before:
            add_version(session, _next(session, code), checked, now, who)
        row.state, row.accepted_by, row.accepted_at = DocumentState.ACCEPTED, who, now
        _note(session, hub, who, audit.Act.DOCUMENT_ACCEPTED, base_code)
    hub.to_archive.ring()


def send_back(hub: Hub, base_code: str, reason: str, who: str) -> None:
    """Record why a scan is not good enough, and destroy it; its number stays taken. Raises like `accept`."""
    if not reason.strip():
        raise DecisionIncomplete("A scan is sent back with a reason.")
    with hub.database.writing() as session:
        row = _waiting(session, base_code)
        sha256, row.draft_sha256 = row.draft_sha256, None
        row.state, row.accepted_by, row.accepted_at = DocumentState.SENT_BACK, who, hub.clock.now()
        row.reason = reason.strip()
        _note(session, hub, who, audit.Act.DOCUMENT_SENT_BACK, base_code)
        shared = session.scalar(select(DocumentRow.base_code).where(DocumentRow.draft_sha256 == sha256).limit(1))
    if sha256 and shared is None:
        archive_of(hub).delete(sha256)


def version(session: Session, code: DocCode) -> Metadata:
    """Return one version's metadata; raise UnknownThing."""
    found = session.get(DocumentVersion, (code.base, code.version))
    if found is None:
        raise UnknownThing(f"There is no document {code}.")
    return msgspec.json.decode(found.body, type=Metadata)


def newest(session: Session, base_code: str) -> tuple[DocCode, Metadata]:
    """Return code and metadata of the newest version."""
    last = session.scalars(
        select(DocumentVersion).where(DocumentVersion.base_code == base_code).order_by(DocumentVersion.version.desc())
    ).first()
    if last is None:
        raise UnknownThing(f"There is no document {base_code[:40]!r}.")
    return DocCode.parse(f"{base_code}_V{last.version}"), msgspec.json.decode(last.body, type=Metadata)


def _next(session: Session, code: DocCode) -> DocCode:
    last = session.scalar(select(func.max(DocumentVersion.version)).where(DocumentVersion.base_code == code.base))
    if last != code.version:
        raise DocumentSuperseded(f"The newest version of {code.base} is V{last}, not V{code.version}.")
    return DocCode(agency=code.agency, type=code.type, serial=code.serial, version=code.version + 1)


def _waiting(session: Session, base_code: str) -> DocumentRow:
    row = session.get(DocumentRow, base_code, with_for_update=True)
    if row is None:
        raise UnknownThing(f"There is no document {base_code[:40]!r}.")
    if row.state != DocumentState.WAITING:
        raise DocumentDecided(f"The document {base_code} is {row.state}.")
    return row


def _note(session: Session, hub: Hub, who: str, act: audit.Act, subject: str) -> None:
    audit.append(session, at=hub.clock.now(), who=who, what=act, subject=subject)
