"""Proof that images were purged (R13): what lies on the disk is compared with what may still lie there.

It does not ask whether a purge was recorded, it looks into the folders. A file counts as overdue when no paper that is
still on its way, or was certified less than 24 h ago and not handed over, names it,
and it is older than the sweep takes. A signed tail that nobody names (a hub died over it) is destroyed after 24 h.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.delivery import deliveries
from hub.register import identity, links, retention
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DecisionRow, FactRow, IdentityEvidenceRow, Issue, RequestRow, RequestState, Upgrade

GRACE = timedelta(minutes=5)
"""A sweep comes every 30 s; what it has not destroyed after ten of them stays by mistake."""
_ON_ITS_WAY = {RequestState.QUEUED, RequestState.DECIDED, RequestState.APPROVED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """A file that should be gone: which folder, its SHA-256, and the papers (ids) that named it."""

    store: str
    sha256: str
    requests: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was looked at and what should not be there; the purge is proven where `overdue` is empty."""

    at: datetime
    files: int
    purged_papers: int
    overdue: list[Overdue]


def prove(hub: Hub, login: str) -> Proof:
    """Look at every image kept and return the proof; that somebody looked, and what he saw, is in the audit trail."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        proof = _look(session, hub, now)
        subject = f"files={proof.files} overdue={len(proof.overdue)}"
        audit.append(session, at=now, who=login, what=audit.Act.PURGE_PROVEN, subject=subject)
    return proof


def _look(session: Session, hub: Hub, now: datetime) -> Proof:
    requests = session.scalars(select(RequestRow)).all()
    by_name: dict[str, list[str]] = {}
    for request in requests:
        by_name.setdefault(request.draft_sha256, []).append(request.id)
    kept = {request.draft_sha256 for request in requests if _may_be_kept(session, request, now - GRACE)}
    for row in session.scalars(select(IdentityEvidenceRow)):
        by_name.setdefault(row.sha256, []).append(row.request)
        if _evidence_may_be_kept(session, row.request, now - GRACE):
            kept.add(row.sha256)
    old = (now - GRACE).timestamp()
    drafts = {("drafts", name) for name in hub.drafts.names(before=old)}
    chunks = {("chunks", name) for name in hub.chunks.names(before=old)}
    evidence = {("evidence", name) for name in hub.evidence.names(before=old)}
    overdue = {(store, name) for store, name in drafts | chunks | evidence if name not in kept}
    tails = set(hub.tails.names(before=(now - GRACE - retention.KEPT_AT_MOST).timestamp()))
    overdue |= {("tails", name) for name in tails - retention.tails_kept(session)}
    return Proof(
        at=now,
        files=len(drafts) + len(chunks) + len(evidence) + len(tails),
        purged_papers=sum(request.draft_purged_at is not None for request in requests),
        overdue=[Overdue(store=store, sha256=name, requests=by_name.get(name, [])) for store, name in sorted(overdue)],
    )


def _may_be_kept(session: Session, request: RequestRow, at: datetime) -> bool:
    if request.state == RequestState.COLLECTING:
        return request.received_at + retention.KEPT_AT_MOST >= at
    if request.state == RequestState.APPROVED:
        return True  # it waits for its signature
    if request.state in _ON_ITS_WAY:
        assert request.promised_at is not None
        return request.promised_at + retention.KEPT_AT_MOST >= at
    assert request.ended_at is not None
    if request.state != RequestState.CERTIFIED:
        return request.ended_at >= at
    if deliveries.was_kept(session, request.id, at):
        return True
    if request.ended_at + retention.KEPT_AT_MOST < at:
        return False
    return (
        not _handed_over_before(session, request.id, at)
        or _to_raise_after(session, request.id, at)
        or links.was_open(session, request.id, at)
    )


def _evidence_may_be_kept(session: Session, request_id: str, at: datetime) -> bool:
    request, decision = session.get_one(RequestRow, request_id), session.get(DecisionRow, request_id)
    decided_at = decision.at if decision else request.ended_at
    return request.state in identity.UNDECIDED or decided_at is None or decided_at >= at


def _to_raise_after(session: Session, request_id: str, at: datetime) -> bool:
    """Whether the copy still waited after `at` to be raised to B-LTA, for which the scan is needed."""
    joined = select(Upgrade).join(Issue, Issue.copy_id == Upgrade.copy_id).where(Issue.request == request_id)
    upgrade = session.scalars(joined).first()
    return upgrade is not None and (upgrade.ended_at is None or upgrade.ended_at >= at)


def _handed_over_before(session: Session, request_id: str, at: datetime) -> bool:
    told = select(FactRow.kind).where(FactRow.request == request_id, FactRow.received_at < at)
    return set(session.scalars(told)) >= retention.HANDED_OVER
