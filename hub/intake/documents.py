"""Digitised papers from kiosks: chunk by chunk like drafts, filed once archive and every backup hold them."""

from sqlalchemy import select

from contract.ids import sha256_hex
from contract.messages import DigitiseRequest, Filed, RequestEnvelope, SendChunks
from contract.topics import BlobTopic
from hub.dossiers import filing
from hub.intake import answers, chunks, drafts
from hub.intake.answers import Outgoing
from hub.intake.refusals import NoArchive, NotYours, ReplayedId
from hub.rooms import Hub
from hub.store.tables import DocumentUpload, DossierRow, Kiosk

DIGITISE = "digitise"


def take(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope, payload: bytes) -> list[Outgoing]:
    """Return the paper's code, or which chunks are missing.

    Raises NoArchive, ReplayedId, NotYours, DraftUnreadable, DraftPages; OSError where a backup can't be written.
    """
    body = envelope.body
    assert isinstance(body, DigitiseRequest)
    if hub.archive is None:
        raise NoArchive("This hub keeps no digitised documents.")
    upload = _announce(hub, kiosk, envelope.id, body, payload)
    code = upload.base_code
    missing = () if code else hub.chunks.missing(kiosk.id, upload.sha256, upload.size_bytes)
    if not code and not missing:
        code = _file(hub, kiosk, envelope.id, body)
    said = Filed(doc_code=f"{code}_V1") if code else SendChunks(missing=missing or tuple(range(body.draft.chunks)))
    return [answers.reply(hub.clock, kiosk.id, DIGITISE, envelope.id, said)]


def awaits(hub: Hub, chunk: BlobTopic) -> bool:
    """Return whether this is a chunk of a paper that the kiosk announced."""
    return _announced(hub, chunk) is not None


def take_chunk(hub: Hub, chunk: BlobTopic, content: bytes) -> None:
    """Keep a chunk; the kiosk then asks whether it was the last. Raise ChunkSize."""
    upload = _announced(hub, chunk)
    assert upload is not None
    if upload.base_code is None:
        chunks.keep(hub, chunk, content, upload.size_bytes)


def _announce(hub: Hub, kiosk: Kiosk, request: str, body: DigitiseRequest, payload: bytes) -> DocumentUpload:
    body_sha256 = sha256_hex(payload)
    with hub.database.writing() as session:
        dossier = session.get(DossierRow, body.dossier)
        if dossier is not None and (dossier.kiosk, dossier.secret_sha256) != (kiosk.id, body.secret_sha256):
            raise NotYours(f"The dossier {body.dossier} is another one.")
        upload = session.get(DocumentUpload, request)
        if upload is None:
            upload = DocumentUpload(
                request=request,
                kiosk=kiosk.id,
                sha256=body.draft.sha256,
                size_bytes=body.draft.size_bytes,
                body_sha256=body_sha256,
            )
            session.add(upload)
        if (upload.kiosk, upload.body_sha256) != (kiosk.id, body_sha256):
            raise ReplayedId(f"The id {request} was used for another paper.")
    return upload


def _announced(hub: Hub, chunk: BlobTopic) -> DocumentUpload | None:
    named = select(DocumentUpload).where(DocumentUpload.kiosk == chunk.kiosk, DocumentUpload.sha256 == chunk.sha256)
    with hub.database.reading() as session:
        return session.scalars(named.order_by(DocumentUpload.base_code.is_(None).desc()).limit(1)).first()


def _file(hub: Hub, kiosk: Kiosk, request: str, body: DigitiseRequest) -> str | None:
    """Return the code of the whole paper; None where its chunks did not make its hash and must be sent again."""
    content = chunks.take_whole(hub, kiosk.id, body.draft.sha256, body.draft.size_bytes)
    if content is None:
        return None
    if fault := drafts.fault_of(content, body.pages):
        raise fault
    return filing.file(hub, kiosk.id, request, body, content)
