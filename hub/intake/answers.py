"""The answer that a request has now, computed from what is recorded: the same before and after a restart."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contract import messages, topics
from contract.clock import Clock
from contract.messages import (
    BlobRef,
    Certified,
    NotCertified,
    Priority,
    Rejected,
    Reply,
    ReplyEnvelope,
    Rescan,
    SendChunks,
    Waiting,
)
from hub.config import AgencyConfig
from hub.register.labels import register_label
from hub.store.blobs import ChunkStore
from hub.store.tables import DecisionRow, Issue, Officer, RegisterRow, RequestRow, RequestState


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to publish."""

    topic: str
    payload: bytes
    retain: bool = False


def reply(clock: Clock, kiosk: str, kind: str, request_id: str, body: Reply) -> Outgoing:
    """Return the message that answers a request on `down/reply/<kind>`."""
    envelope = ReplyEnvelope(v=messages.VERSION, id=request_id, at=clock.now(), body=body)
    return Outgoing(topic=topics.down(kiosk, "reply", kind), payload=messages.encode(envelope))


def current(session: Session, request: RequestRow, chunks: ChunkStore, agency: AgencyConfig) -> Reply:
    """Return the request's answer as things stand."""
    state = RequestState(request.state)
    if state is RequestState.COLLECTING:
        return SendChunks(missing=chunks.missing(request.kiosk, request.draft_sha256, request.draft_bytes))
    if state in (RequestState.QUEUED, RequestState.DECIDED, RequestState.APPROVED):
        return _waiting(session, request)
    if state is RequestState.CERTIFIED:
        return _certified(session, request, agency)
    if request.rejection is not None:
        return msgspec.json.decode(request.rejection, type=Rejected)
    return _decided(session, request)


def papers_before(session: Session, request: RequestRow) -> int:
    """Return how many papers wait before this one."""
    if request.state != RequestState.QUEUED:
        return 0
    same_moment = (RequestRow.queued_at == request.queued_at) & (RequestRow.id < request.id)
    older = or_(RequestRow.queued_at < request.queued_at, same_moment)
    first = RequestRow.priority != Priority.NONE
    before = first & older if request.priority != Priority.NONE else first | older
    return session.scalar(select(func.count()).where(RequestRow.state == RequestState.QUEUED, before)) or 0


def _waiting(session: Session, request: RequestRow) -> Waiting:
    assert request.promised_at is not None
    return Waiting(position=papers_before(session, request), promised_at=request.promised_at)


def _certified(session: Session, request: RequestRow, agency: AgencyConfig) -> Certified:
    issue = session.scalars(select(Issue).where(Issue.request == request.id)).one()
    row = session.get_one(RegisterRow, issue.register_row)
    tail, size = issue.tail_sha256, issue.tail_bytes
    assert tail and size and issue.signed_at and issue.level
    assert issue.copy_sha256 and issue.copy_pages
    return Certified(
        copy_id=issue.copy_id,
        register_label=register_label(row),
        certifier=row.signer_name,
        agency=agency.name,
        signed_at=issue.signed_at,
        level=issue.level,
        verify_url=issue.verify_url or "",  # forgotten after hand-over
        tail=BlobRef(sha256=tail, size_bytes=size),
        copy_sha256=issue.copy_sha256,
        copy_pages=issue.copy_pages,
    )


def _decided(session: Session, request: RequestRow) -> NotCertified | Rescan:
    decision = session.get_one(DecisionRow, request.id)
    if request.state == RequestState.RESCAN:
        return Rescan(page=decision.page, text=decision.text)
    officer = session.get_one(Officer, decision.officer)
    return NotCertified(ground=decision.ground, text=decision.text, decided_by=officer.name, decided_at=decision.at)
