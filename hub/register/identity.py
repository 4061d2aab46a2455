"""Who was there, for the officer who has the paper before him: he looks at sealed evidence, and says what he sees.

It is opened in memory for him alone, while the paper waits and is his; every look is recorded. With the decision it is
destroyed (R13): hash, and the officer's word where he gave one, remain.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from contract.identity_evidence import IdentityEvidence, Unsealable, sealed_to, unseal
from contract.messages import IdentityCheck
from hub.faults import EvidenceDamaged, ImagesPurged, UnknownThing
from hub.register import claims
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import IdentityEvidenceRow, RequestRow, RequestState

UNDECIDED = (RequestState.COLLECTING, RequestState.QUEUED, RequestState.DECIDED)
"""As long as a paper is one of these its evidence is kept."""


def announce(session: Session, request_id: str, check: IdentityCheck | None) -> None:
    """Note what evidence a request has, in the transaction that records the request."""
    if check is None or check.evidence is None:
        return
    row = IdentityEvidenceRow(
        request=request_id, case=check.case, sha256=check.evidence.sha256, size_bytes=check.evidence.size_bytes
    )
    session.add(row)


def is_here(session: Session, request_id: str) -> bool:
    """Return whether there is evidence to be looked at."""
    row = session.get(IdentityEvidenceRow, request_id)
    return row is not None and row.stored_at is not None and row.purged_at is None


def word_on(session: Session, request_id: str) -> bool | None:
    """Return what an officer has said: the same person, another one, or nothing yet."""
    row = session.get(IdentityEvidenceRow, request_id)
    return row.same_person if row else None


def look(hub: Hub, login: str, request_id: str, part: str) -> IdentityEvidence:
    """Return the evidence after recording that the officer sees `part` of it.

    Raises PaperNotOpen, ClaimedByColleague, UnknownThing, ImagesPurged, EvidenceDamaged.
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        claims.require_own(session, request_id, login, now)
        row = _row(session, request_id)
        kiosk = session.get_one(RequestRow, request_id).kiosk
        subject = f"{request_id} {part}"
        audit.append(session, at=now, who=login, what=audit.Act.IDENTITY_SEEN, subject=subject)
    sealed = hub.evidence.get(row.sha256)
    if sealed is None:
        raise ImagesPurged(f"The evidence of paper {request_id} is not here.")
    try:
        return unseal(sealed, hub.evidence_keys.all, kiosk=kiosk, case=row.case)
    except Unsealable as fault:
        raise EvidenceDamaged(f"The evidence of paper {request_id} can't be opened: {fault}.") from fault


def answer(hub: Hub, login: str, request_id: str, *, same_person: bool) -> None:
    """Record the officer's own word, the last one counts; raise what `look` raises."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        claims.require_own(session, request_id, login, now)
        row = _row(session, request_id)
        row.same_person, row.answered_by, row.answered_at = same_person, login, now
        subject = f"{request_id} {'same' if same_person else 'other'}"
        audit.append(session, at=now, who=login, what=audit.Act.IDENTITY_JUDGED, subject=subject)


def purge_decided(hub: Hub, now: datetime) -> None:
    """Destroy the evidence of papers that are decided, each with an audit record."""
    due = (
        select(IdentityEvidenceRow.request)
        .join(RequestRow, RequestRow.id == IdentityEvidenceRow.request)
        .where(IdentityEvidenceRow.purged_at.is_(None), RequestRow.state.not_in(UNDECIDED))
    )
    with hub.database.reading() as session:
        requests = list(session.scalars(due))
    for request_id in requests:
        _purge(hub, request_id, now)


def destroy_old_keys(hub: Hub, now: datetime) -> None:
    """Destroy the keys that were replaced long ago and to which nothing is sealed that is still here (R13)."""
    due = set(hub.evidence_keys.overdue(now))
    if not due:
        return
    here = [hub.evidence.get(name) or b"" for name in hub.evidence.names(before=now.timestamp() + 1)]
    needed = {sealed_to(sealed) for sealed in here if sealed}
    going = sorted(due - needed) if "" not in needed else []
    hub.evidence_keys.destroy(going)
    with hub.database.writing() as session:
        for each in going:
            audit.append(session, at=now, who="hub", what=audit.Act.KEY_DESTROYED, subject=f"evidence {each}")


def _purge(hub: Hub, request_id: str, now: datetime) -> None:
    with hub.database.writing() as session:
        row = session.get_one(IdentityEvidenceRow, request_id, with_for_update=True)
        if row.purged_at is not None:
            return  # another hub was quicker
        if not _needed_elsewhere(session, row):
            hub.chunks.discard(session.get_one(RequestRow, request_id).kiosk, row.sha256)
            hub.evidence.delete(row.sha256)
        row.purged_at = now
        subject = f"{request_id} {row.sha256}"
        audit.append(session, at=now, who="hub", what=audit.Act.EVIDENCE_PURGED, subject=subject)


def _needed_elsewhere(session: Session, row: IdentityEvidenceRow) -> bool:
    """Whether another request of the case has it too: a page was asked for again."""
    same = exists().where(
        IdentityEvidenceRow.sha256 == row.sha256,
        IdentityEvidenceRow.request != row.request,
        IdentityEvidenceRow.purged_at.is_(None),
        RequestRow.id == IdentityEvidenceRow.request,
        RequestRow.state.in_(UNDECIDED),
    )
    return bool(session.scalar(select(same)))


def _row(session: Session, request_id: str) -> IdentityEvidenceRow:
    row = session.get(IdentityEvidenceRow, request_id, with_for_update=True)
    if row is None or row.stored_at is None:
        raise UnknownThing(f"There is no evidence of identity with paper {request_id[:40]}.")
    if row.purged_at is not None:
        raise ImagesPurged(f"The evidence of paper {request_id} is destroyed.")
    return row
