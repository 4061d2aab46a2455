"""Drafts on their way in: chunks are kept as they come, the whole is checked before it joins the officers' queue."""

from sqlalchemy import select

from contract import messages
from contract.ids import sha256_hex
from contract.topics import BlobTopic
from hub import draft_pdf
from hub.intake import chunks
from hub.intake.refusals import ChunkUnexpected, DraftHash, DraftPages, DraftUnreadable, Refusal
from hub.rooms import Hub
from hub.signing.draft import open_draft
from hub.signing.faults import DraftFault
from hub.store import audit
from hub.store.tables import RequestRow, RequestState


def take_chunk(hub: Hub, chunk: BlobTopic, content: bytes) -> list[str]:
    """Keep a chunk and return the requests (ids) whose draft it makes whole.

    A chunk that comes late, of a draft that was whole before, is passed over. Raises ChunkSize, ChunkUnexpected.
    """
    with hub.database.reading() as session:
        announced = select(RequestRow).where(RequestRow.kiosk == chunk.kiosk, RequestRow.draft_sha256 == chunk.sha256)
        requests = list(session.scalars(announced))
    if not requests:
        raise ChunkUnexpected(f"No request of {chunk.kiosk} announced the draft {chunk.sha256}.")
    waiting = [request for request in requests if request.state == RequestState.COLLECTING]
    if waiting:
        chunks.keep(hub, chunk, content, waiting[0].draft_bytes)
    return [r.id for r in waiting if not hub.chunks.missing(chunk.kiosk, chunk.sha256, r.draft_bytes)]


def complete(hub: Hub, request_id: str) -> None:
    """Move a request whose chunks are all here into the queue; one that still lacks some is left as it is.

    Raises DraftHash (the chunks are discarded; the request goes on waiting for them). A draft that can never be
    certified ends the request with a recorded rejection instead.
    """
    with hub.database.reading() as session:
        request = session.get_one(RequestRow, request_id)
    kiosk, sha256, size = request.kiosk, request.draft_sha256, request.draft_bytes
    if request.state != RequestState.COLLECTING or hub.chunks.missing(kiosk, sha256, size):
        return
    draft = hub.chunks.joined(kiosk, sha256, size)
    if sha256_hex(draft) != sha256:
        _discard(hub, request)
        raise DraftHash(f"The chunks have the hash {sha256_hex(draft)} instead of {sha256}.")
    fault = fault_of(draft, request.pages)
    if fault is None:
        hub.drafts.put(draft)
    _commit(hub, request_id, fault)


def fault_of(draft: bytes, declared_pages: int) -> Refusal | None:
    """Return why a draft can't be signed, None for one that can."""
    try:
        pages = draft_pdf.page_count(draft)
        open_draft(draft)
    except (draft_pdf.Unreadable, DraftFault) as fault:
        return DraftUnreadable(f"The draft can't be certified: {fault}")
    if pages != declared_pages:
        return DraftPages(f"The draft has {pages} pages, declared were {declared_pages}.")
    return None


def _commit(hub: Hub, request_id: str, fault: Refusal | None) -> None:
    now = hub.clock.now()
    with hub.database.writing() as session:
        request = session.get_one(RequestRow, request_id, with_for_update=True)
        if request.state != RequestState.COLLECTING:
            return
        if fault is None:
            request.state, request.queued_at = RequestState.QUEUED, now
            request.promised_at = hub.calendar.promised_at(now)
        else:
            request.state, request.ended_at = RequestState.REJECTED, now
            request.rejection = messages.encode(fault.as_reply())
        act = audit.Act.REJECTED if fault else audit.Act.DRAFT_WHOLE
        audit.append(session, at=now, who=request.kiosk, what=act, subject=request_id)
    _forget_chunks(hub, request)


def _forget_chunks(hub: Hub, request: RequestRow) -> None:
    with hub.database.reading() as session:
        others = select(RequestRow.id).where(
            RequestRow.kiosk == request.kiosk,
            RequestRow.draft_sha256 == request.draft_sha256,
            RequestRow.state == RequestState.COLLECTING,
        )
        if session.scalar(others.limit(1)) is None:
            hub.chunks.discard(request.kiosk, request.draft_sha256)


def _discard(hub: Hub, request: RequestRow) -> None:
    hub.chunks.discard(request.kiosk, request.draft_sha256)
    subject = f"{request.id} {request.draft_sha256}"
    now = hub.clock.now()
    with hub.database.writing() as session:
        audit.append(session, at=now, who=request.kiosk, what=audit.Act.DRAFT_DISCARDED, subject=subject)
