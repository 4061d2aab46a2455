"""Sealed evidence of who stood at a kiosk: taken for a request that announced it, until that is decided."""

from sqlalchemy import select

from contract.identity_evidence import MOST_BYTES
from contract.messages import EvidenceRequest, RequestEnvelope, SendChunks, Stored
from contract.topics import BlobTopic
from hub.intake import answers, chunks
from hub.intake.answers import Outgoing
from hub.intake.refusals import EvidenceLate, EvidenceTooLarge, EvidenceUnknown, NotYours
from hub.register.identity import UNDECIDED
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import IdentityEvidenceRow, Kiosk, RequestRow

EVIDENCE = "evidence"


def take(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Return that the evidence is here, or which chunks are missing.

    Raises EvidenceUnknown, NotYours, EvidenceTooLarge, EvidenceLate.
    """
    body = envelope.body
    assert isinstance(body, EvidenceRequest)
    with hub.database.reading() as session:
        row, request = session.get(IdentityEvidenceRow, body.request), session.get(RequestRow, body.request)
    if row is None or request is None:
        raise EvidenceUnknown(f"No request {body.request} has announced evidence.")
    if request.kiosk != kiosk.id or (row.sha256, row.size_bytes) != (body.blob.sha256, body.blob.size_bytes):
        raise NotYours(f"The request {body.request} has announced other evidence, or is not one of {kiosk.id}.")
    if row.size_bytes > MOST_BYTES:
        raise EvidenceTooLarge(f"The evidence has {row.size_bytes} bytes, at most {MOST_BYTES} are taken.")
    if row.purged_at is not None or request.state not in UNDECIDED:
        raise EvidenceLate(f"The paper {body.request} is decided; nobody may look at the evidence any more.")
    missing = () if row.stored_at else hub.chunks.missing(kiosk.id, row.sha256, row.size_bytes)
    is_stored = row.stored_at is not None or (not missing and _store(hub, kiosk, row))
    said = Stored() if is_stored else SendChunks(missing=missing or tuple(range(body.blob.chunks)))
    return [answers.reply(hub.clock, kiosk.id, EVIDENCE, envelope.id, said)]


def awaits(hub: Hub, chunk: BlobTopic) -> bool:
    """Return whether this is a chunk of evidence that the kiosk announced."""
    return bool(_announced(hub, chunk))


def take_chunk(hub: Hub, chunk: BlobTopic, content: bytes) -> None:
    """Keep a chunk as long as somebody may still look at the whole; raise ChunkSize."""
    if wanting := [row for row in _announced(hub, chunk) if row.stored_at is None and row.purged_at is None]:
        chunks.keep(hub, chunk, content, wanting[0].size_bytes)


def _announced(hub: Hub, chunk: BlobTopic) -> list[IdentityEvidenceRow]:
    joined = select(IdentityEvidenceRow).join(RequestRow, RequestRow.id == IdentityEvidenceRow.request)
    with hub.database.reading() as session:
        named = joined.where(RequestRow.kiosk == chunk.kiosk, IdentityEvidenceRow.sha256 == chunk.sha256)
        return list(session.scalars(named))


def _store(hub: Hub, kiosk: Kiosk, row: IdentityEvidenceRow) -> bool:
    content = chunks.take_whole(hub, kiosk.id, row.sha256, row.size_bytes)
    if content is None:
        return False
    now = hub.clock.now()
    with hub.database.writing() as session:
        request = session.get_one(RequestRow, row.request, with_for_update=True)
        if request.state not in UNDECIDED:
            raise EvidenceLate(f"The paper {row.request} was decided while its evidence came.")
        hub.evidence.put(content)
        session.get_one(IdentityEvidenceRow, row.request).stored_at = now
        subject = f"{row.request} {row.sha256}"
        audit.append(session, at=now, who=kiosk.id, what=audit.Act.EVIDENCE_STORED, subject=subject)
    return True
