"""Scans don't stay (R13, NĐ 23/2015 Art. 14): images and what was read from them go, register row and hashes remain."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contract import messages
from contract.clock import VIETNAM
from contract.messages import Rejected
from hub.delivery import deliveries
from hub.feedback import book as feedback
from hub.queue import partner_bookings
from hub.register import identity, links, paper_times, upgrades
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import FactRow, HeldDecision, Issue, PendingReply, RequestRow, RequestState, Upgrade, UpgradeState

KEPT_AT_MOST = timedelta(hours=24)
"""After the end of a paper, or after the promised time of one that nobody decided."""
SWEEP_EVERY_S = 30.0
_ENDED_AT_ONCE = (RequestState.REFUSED, RequestState.RESCAN, RequestState.REJECTED, RequestState.EXPIRED)
HANDED_OVER = {"handed-over", "purged"}
"""The facts after which nothing of a certified paper is needed here."""


async def run(hub: Hub) -> None:
    """Sweep for ever."""
    while True:
        await asyncio.to_thread(sweep, hub)
        await hub.clock.sleep(SWEEP_EVERY_S)


def sweep(hub: Hub) -> None:
    """Expire what waited too long, then destroy what must no longer be kept, each with an audit record."""
    now = hub.clock.now()
    _expire(hub, now)
    identity.purge_decided(hub, now)
    identity.destroy_old_keys(hub, now)
    deliveries.give_up(hub, now)
    for request_id in _due(hub, now):
        _purge_draft(hub, request_id, now)
    for copy_id in _delivered(hub, now):
        _purge_tail(hub, copy_id, now)
    _destroy_strays(hub, now)
    with hub.database.writing() as session:
        paper_times.forget_old(session, now.astimezone(VIETNAM).date())
        feedback.forget_old(session, now)
        partner_bookings.forget_old(session, now)


def _expire(hub: Hub, now: datetime) -> None:
    too_old = now - KEPT_AT_MOST
    forgotten = or_(
        and_(RequestRow.state == RequestState.COLLECTING, RequestRow.received_at < too_old),
        and_(RequestRow.state.in_((RequestState.QUEUED, RequestState.DECIDED)), RequestRow.promised_at < too_old),
    )
    with hub.database.reading() as session:
        if session.scalar(select(RequestRow.id).where(forgotten).limit(1)) is None:
            return
    with hub.database.writing() as session:
        for request in session.scalars(select(RequestRow).where(forgotten)):
            request.state, request.ended_at = RequestState.EXPIRED, now
            request.rejection = messages.encode(_EXPIRED)
            session.execute(delete(HeldDecision).where(HeldDecision.request == request.id))
            session.add(PendingReply(request=request.id, created_at=now))
            audit.append(session, at=now, who="hub", what=audit.Act.EXPIRED, subject=request.id)
    hub.to_send.ring()


_EXPIRED = Rejected(
    code="EXPIRED",
    cause="The paper was not completed or not decided in time, and its images may not be kept longer.",
    remedy="Give the money back and scan the paper again.",
)


def _due(hub: Hub, now: datetime) -> list[str]:
    too_old = and_(RequestRow.ended_at < now - KEPT_AT_MOST, ~deliveries.keeps(RequestRow.id, now))
    certified = and_(
        RequestRow.state == RequestState.CERTIFIED,
        or_(too_old, _not_needed(RequestRow.id, now)),
    )
    due = and_(RequestRow.draft_purged_at.is_(None), or_(RequestRow.state.in_(_ENDED_AT_ONCE), certified))
    with hub.database.reading() as session:
        return list(session.scalars(select(RequestRow.id).where(due)))


def _delivered(hub: Hub, now: datetime) -> list[str]:
    done = and_(Issue.tail_purged_at.is_(None), Issue.tail_sha256.is_not(None), _not_needed(Issue.request, now))
    with hub.database.reading() as session:
        return list(session.scalars(select(Issue.copy_id).where(done)))


def _not_needed(request: ColumnElement[str] | InstrumentedAttribute[str], now: datetime) -> ColumnElement[bool]:
    """Whether the copy is with the citizen, and waits neither to be raised nor to be fetched by a link or delivered."""
    waits = or_(_to_raise(request), links.is_open(request, now), deliveries.keeps(request, now))
    return and_(or_(_handed_over(request), deliveries.is_filled(request)), ~waits)


def _handed_over(request: object) -> ColumnElement[bool]:
    kinds = select(func.count(FactRow.kind.distinct())).where(FactRow.request == request, FactRow.kind.in_(HANDED_OVER))
    return kinds.scalar_subquery() == len(HANDED_OVER)


def _to_raise(request: object) -> ColumnElement[bool]:
    """Whether the copy waits to be raised to B-LTA: scan and tail are needed for that, 24 h at most like any other."""
    waiting = Upgrade.state == UpgradeState.WAITING
    return exists().where(Issue.request == request, Issue.copy_id == Upgrade.copy_id, waiting)


def _purge_draft(hub: Hub, request_id: str, now: datetime) -> None:
    with hub.database.writing() as session:
        request = session.get_one(RequestRow, request_id, with_for_update=True)
        if request.draft_purged_at is not None:
            return  # another hub was quicker
        if not _needed_elsewhere(session, request):
            hub.chunks.discard(request.kiosk, request.draft_sha256)
            hub.drafts.delete(request.draft_sha256)
        request.draft_purged_at, request.body = now, None
        issue = session.scalar(select(Issue.copy_id).where(Issue.request == request_id))
        if issue is not None:
            upgrades.leave_to_holder(session, issue, now)
        subject = f"{request.id} {request.draft_sha256}"
        audit.append(session, at=now, who="hub", what=audit.Act.DRAFT_PURGED, subject=subject)


def _needed_elsewhere(session: Session, request: RequestRow) -> bool:
    others = exists().where(
        RequestRow.draft_sha256 == request.draft_sha256,
        RequestRow.id != request.id,
        RequestRow.draft_purged_at.is_(None),
    )
    return bool(session.scalar(select(others)))


def _purge_tail(hub: Hub, copy_id: str, now: datetime) -> None:
    with hub.database.writing() as session:
        issue = session.get_one(Issue, copy_id, with_for_update=True)
        assert issue.tail_sha256 is not None
        if issue.tail_purged_at is not None:
            return
        hub.tails.delete(issue.tail_sha256)
        issue.tail_purged_at, issue.verify_url = now, None  # it holds the seal, the key to hub.fingerprint
        subject = f"{copy_id} {issue.tail_sha256}"
        audit.append(session, at=now, who="hub", what=audit.Act.TAIL_PURGED, subject=subject)


def tails_kept(session: Session) -> set[str]:
    """Return the tails (SHA-256) that kiosks have yet to collect."""
    kept = select(Issue.tail_sha256).where(Issue.tail_purged_at.is_(None), Issue.tail_sha256.is_not(None))
    return {name for name in session.scalars(kept) if name}


def _destroy_strays(hub: Hub, now: datetime) -> None:
    """Destroy tails that no issue names: a hub died between making one and recording it."""
    old = hub.tails.names(before=(now - KEPT_AT_MOST).timestamp())
    with hub.database.reading() as session:
        strays = set(old) - tails_kept(session) if old else set()
    for name in sorted(strays):
        hub.tails.delete(name)
        with hub.database.writing() as session:
            audit.append(session, at=now, who="hub", what=audit.Act.TAIL_PURGED, subject=f"stray {name[:64]}")
