"""Recording a person's decision; an approval allots the register number in the same transaction (R1, R2, R4, R7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from contract.grounds import DecidedBy, Ground
from contract.messages import LegalMode, Presented
from hub.faults import AlreadyDecided, DecisionIncomplete, NotAuthorised, UnknownThing
from hub.register import claims, clock_guard, numbers
from hub.rooms import Hub
from hub.roster import DECIDERS
from hub.store import audit
from hub.store.tables import DecisionRow, HeldDecision, Officer, PendingReply, RequestRow, RequestState, Verdict

_ENDS = {
    Verdict.APPROVE: (RequestState.APPROVED, audit.Act.APPROVED),
    Verdict.REFUSE: (RequestState.REFUSED, audit.Act.REFUSED),
    Verdict.RESCAN: (RequestState.RESCAN, audit.Act.RESCAN_ASKED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the officer decided: a refusal has `ground` and `text`, a rescan `page`, an approval `original_seen`."""

    verdict: Verdict
    ground: str = ""
    text: str = ""
    page: int = 0
    original_seen: Presented | None = None


def record(hub: Hub, login: str, request_id: str, decision: Decision) -> None:
    """Commit the decision, and with an approval number, log leaf and issue, all or nothing.

    Raises UnknownThing, AlreadyDecided, ClaimedByColleague, NotAuthorised, DecisionIncomplete, ClockFault; then
    nothing was recorded.
    """
    with hub.database.writing() as session:
        enact(session, hub, login, request_id, decision)
    ring_for(hub, decision.verdict)


def enact(session: Session, hub: Hub, login: str, request_id: str, decision: Decision) -> None:
    """Do in the caller's transaction what `record` does, with the same faults."""
    now = hub.clock.now()
    request, officer = checked(session, hub, login, request_id, decision)
    _commit_to(session, request, officer, decision, now)
    claims.drop(session, request_id)
    if decision.verdict is Verdict.APPROVE:
        numbers.allot(session, hub.config, request, officer, now)


def checked(session: Session, hub: Hub, login: str, request_id: str, decision: Decision) -> tuple[RequestRow, Officer]:
    """Return the waiting paper, locked, and who decides it; raise what `record` raises."""
    clock_guard.require_true_time(hub, session)
    now = hub.clock.now()
    request = session.get(RequestRow, request_id, with_for_update=True)
    officer = session.get_one(Officer, login)
    _require_waiting(session, request_id, request)
    assert request is not None
    claims.require_free(session, request_id, login, now)
    _require_authority(officer, decision.verdict, now)
    _REQUIRE[decision.verdict](decision, request)
    return request, officer


def ring_for(hub: Hub, verdict: Verdict) -> None:
    """Wake the worker that goes on after a decision."""
    (hub.to_sign if verdict is Verdict.APPROVE else hub.to_send).ring()


def _require_waiting(session: Session, request_id: str, request: RequestRow | None) -> None:
    if request is None:
        raise UnknownThing(f"There is no paper {request_id}.")
    earlier = session.get(DecisionRow, request_id)
    if earlier is not None:
        raise AlreadyDecided(f"{earlier.officer} has already decided this paper ({earlier.verdict}).")
    if request.state == RequestState.DECIDED:
        held = session.get_one(HeldDecision, request_id)
        raise AlreadyDecided(f"{held.officer} has already decided this paper ({held.verdict}).")
    if request.state != RequestState.QUEUED:
        raise AlreadyDecided(f"This paper is not waiting for a decision, it is {request.state}.")


def _require_authority(officer: Officer, verdict: Verdict, now: datetime) -> None:
    if verdict is Verdict.APPROVE and not officer.may_certify(now.astimezone(VIETNAM).date()):
        raise NotAuthorised(f"{officer.login} has no authority to certify that is in force today.")
    if officer.role not in DECIDERS:
        raise NotAuthorised(f"The role {officer.role} decides no papers.")


def _require_original_seen(decision: Decision, request: RequestRow) -> None:
    if decision.original_seen is None:
        raise DecisionIncomplete("How the original was seen is not said (original_seen, R4).")
    if request.legal_mode == LegalMode.PREPARE_ONLY and decision.original_seen is not Presented.COUNTER:
        raise DecisionIncomplete(
            "This kiosk only prepares (NĐ 23/2015 Art. 10): the original must be seen at the counter.",
            remedy="Have the original shown at the office, then approve with original_seen = COUNTER.",
        )


def _require_written_ground(decision: Decision, request: RequestRow) -> None:
    refusing = {ground.value for ground in Ground if ground.decided_by is not DecidedBy.ADVISE}
    if decision.ground not in refusing:
        raise DecisionIncomplete(f"A refusal needs one of the grounds {', '.join(sorted(refusing))}.")
    if not decision.text.strip():
        raise DecisionIncomplete("A refusal is given in writing (NĐ 23/2015 Art. 9): its text is empty.")


def _require_page(decision: Decision, request: RequestRow) -> None:
    if not 1 <= decision.page <= request.pages:
        raise DecisionIncomplete(f"A rescan names a page from 1 to {request.pages}.")


_REQUIRE: dict[Verdict, Callable[[Decision, RequestRow], None]] = {
    Verdict.APPROVE: _require_original_seen,
    Verdict.REFUSE: _require_written_ground,
    Verdict.RESCAN: _require_page,
}


def _commit_to(session: Session, request: RequestRow, officer: Officer, decision: Decision, now: datetime) -> None:
    request.state, act = _ENDS[decision.verdict]
    session.add(
        DecisionRow(
            request=request.id,
            officer=officer.login,
            verdict=decision.verdict,
            ground=decision.ground,
            text=decision.text.strip(),
            page=decision.page,
            original_seen=decision.original_seen or "",
            at=now,
        )
    )
    if decision.verdict is not Verdict.APPROVE:
        request.ended_at = now
        session.add(PendingReply(request=request.id, created_at=now))
    audit.append(session, at=now, who=officer.login, what=act, subject=request.id)
