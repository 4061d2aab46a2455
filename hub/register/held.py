"""Decisions that may still be taken back.

The console's decision is *held* first: a row of its own, no number, nothing told to the kiosk. It takes effect in one
transaction that removes that row and does all that `decisions.record` does, with all its checks made again on that
moment. So a decision taken back leaves no trace in the register, numbers stay free of gaps, and a hub that dies between
has either the held row or the decision, never both. When it takes effect:

- a refusal or a wish to rescan: 30 s after it was made;
- an approval: 30 s after it was made *and* the officer has opened his key. Number and date of a copy are those of its
  signing, and no number waits for a PIN;
- earlier if the officer says so (`confirm`), for his own decisions alone.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from contract.messages import Presented
from hub.faults import ClockFault, DecisionFault, Gone, TooLateToTakeBack
from hub.register import claims, decisions
from hub.register.decisions import Decision
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import (
    DecisionRow,
    HeldDecision,
    Issue,
    IssueState,
    PaperTime,
    RequestRow,
    RequestState,
    Verdict,
)

log = logging.getLogger(__name__)

TAKE_BACK = timedelta(seconds=30)
LOOK_AGAIN_S = 1.0
LONGEST_LOOK_S = 3600.0


def hold(hub: Hub, login: str, request_id: str, decision: Decision, seconds: float | None = None) -> HeldDecision:
    """Keep the decision for 30 s in which it can be taken back; raise what `decisions.record` raises.

    `seconds` is how long the officer looked; it is kept without name and paper once the decision takes effect.
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        request, officer = decisions.checked(session, hub, login, request_id, decision)
        held = HeldDecision(
            request=request_id,
            officer=officer.login,
            verdict=decision.verdict,
            ground=decision.ground,
            text=decision.text.strip(),
            page=decision.page,
            original_seen=decision.original_seen or "",
            seconds=None if seconds is None else min(max(seconds, 0.0), LONGEST_LOOK_S),
            decided_at=now,
            effective_at=now + TAKE_BACK,
        )
        session.add(held)
        request.state = RequestState.DECIDED
        claims.drop(session, request_id)
        audit.append(session, at=now, who=login, what=audit.Act.HELD, subject=f"{request_id} {decision.verdict}")
    return held


def take_back(hub: Hub, login: str, request_id: str) -> None:
    """Put the paper back before the officer as if he had not decided; raise TooLateToTakeBack."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        held = session.get(HeldDecision, request_id, with_for_update=True)
        if held is None or held.officer != login:
            raise TooLateToTakeBack("There is no decision of yours on this paper that could be taken back.")
        if now >= held.effective_at:
            raise TooLateToTakeBack("More than 30 seconds have passed since the decision.")
        _return(session, held)
        claims.keep(session, request_id, login, now)
        audit.append(session, at=now, who=login, what=audit.Act.TAKEN_BACK, subject=request_id)


def confirm(hub: Hub, login: str, request_id: str | None = None) -> int:
    """Let the officer's held decisions (or the one on this paper) take effect now; return how many did.

    Approvals do so once his key is open.
    """
    now = hub.clock.now()
    own = select(HeldDecision).where(HeldDecision.officer == login)
    with hub.database.writing() as session:
        for held in session.scalars(own if request_id is None else own.where(HeldDecision.request == request_id)):
            held.effective_at = min(held.effective_at, now)
    return settle_due(hub, login)


def waiting_for_key(hub: Hub, login: str) -> int:
    """Return how many approvals of the officer wait for nothing but his key: held ones, and numbers not signed yet."""
    due = (
        select(func.count())
        .select_from(HeldDecision)
        .where(
            HeldDecision.officer == login,
            HeldDecision.verdict == Verdict.APPROVE,
            HeldDecision.effective_at <= hub.clock.now(),
        )
    )
    allotted = (
        select(func.count())
        .select_from(Issue)
        .join(DecisionRow, DecisionRow.request == Issue.request)
        .where(Issue.state == IssueState.ALLOTTED, DecisionRow.officer == login)
    )
    if hub.open_keys.of(login) is not None:
        return 0
    with hub.database.reading() as session:
        return (session.scalar(due) or 0) + (session.scalar(allotted) or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """A decision that can be taken back for `left_s` more seconds."""

    request: str
    verdict: str
    left_s: float


def still_back(hub: Hub, login: str) -> list[Returnable]:
    """Return the officer's decisions that can still be taken back, the newest first."""
    now = hub.clock.now()
    own = select(HeldDecision).where(HeldDecision.officer == login, HeldDecision.effective_at > now)
    with hub.database.reading() as session:
        rows = session.scalars(own.order_by(HeldDecision.decided_at.desc(), HeldDecision.request.desc())).all()
    return [
        Returnable(request=row.request, verdict=row.verdict, left_s=(row.effective_at - now).total_seconds())
        for row in rows
    ]


def settle_due(hub: Hub, login: str | None = None) -> int:
    """Let every decision that is due (of this officer) take effect, oldest first; return how many did."""
    with hub.database.reading() as session:
        due = select(HeldDecision).where(HeldDecision.effective_at <= hub.clock.now())
        due = due if login is None else due.where(HeldDecision.officer == login)
        rows = session.scalars(due.order_by(HeldDecision.decided_at, HeldDecision.request)).all()
    return sum(settle(hub, row.request) for row in rows if _may_settle(hub, row))


def settle(hub: Hub, request_id: str) -> bool:
    """Let one held decision take effect; return whether it did.

    One that may no longer stand (the authority ended at midnight) sends the paper back to the queue.
    """
    try:
        return _enact(hub, request_id)
    except ClockFault as fault:
        log.warning("a decision waits: %s", fault)
    except (DecisionFault, Gone) as fault:
        log.warning("the paper %s goes back to the queue: %s", request_id, fault.code)
        _return_to_queue(hub, request_id, fault.code)
    return False


async def run(hub: Hub) -> None:
    """Settle for ever; woken by the hub's bell, and every second."""
    while True:
        await asyncio.to_thread(settle_due, hub)
        await hub.to_settle.wait(LOOK_AGAIN_S)


def _may_settle(hub: Hub, held: HeldDecision) -> bool:
    return held.verdict != Verdict.APPROVE or hub.open_keys.of(held.officer) is not None


def _enact(hub: Hub, request_id: str) -> bool:
    with hub.database.writing() as session:
        held = session.get(HeldDecision, request_id, with_for_update=True)
        if held is None or held.effective_at > hub.clock.now():
            return False
        _return(session, held)
        decisions.enact(session, hub, held.officer, request_id, _decision(held))
        _keep_time(session, hub, held)
    decisions.ring_for(hub, Verdict(held.verdict))
    return True


def _return(session: Session, held: HeldDecision) -> None:
    session.get_one(RequestRow, held.request, with_for_update=True).state = RequestState.QUEUED
    session.delete(held)
    session.flush()


def _return_to_queue(hub: Hub, request_id: str, code: str) -> None:
    with hub.database.writing() as session:
        held = session.get(HeldDecision, request_id, with_for_update=True)
        if held is not None:
            _return(session, held)
            act = audit.Act.RETURNED_TO_QUEUE
            audit.append(session, at=hub.clock.now(), who="hub", what=act, subject=f"{request_id} {code}")


def _decision(held: HeldDecision) -> Decision:
    return Decision(
        verdict=Verdict(held.verdict),
        ground=held.ground,
        text=held.text,
        page=held.page,
        original_seen=Presented(held.original_seen) if held.original_seen else None,
    )


def _keep_time(session: Session, hub: Hub, held: HeldDecision) -> None:
    if held.seconds is None:
        return
    request = session.get_one(RequestRow, held.request)
    day = hub.clock.now().astimezone(VIETNAM).date()
    row = PaperTime(day=day, kind=request.kind, pages=request.pages, verdict=held.verdict, seconds=held.seconds)
    session.add(row)
