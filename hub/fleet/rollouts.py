"""One verb for many kiosks: a few first (canaries); the others only once all of the first have come to a good end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from contract.ids import new_ulid
from hub.faults import JobContradiction, JobMalformed, RolloutOver, UnknownThing
from hub.fleet import catalogue, wishes
from hub.fleet.view import Sight, sights
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import JOB_OPEN, JobPlace, JobRow, RolloutRow, RolloutState

RUNNING = (RolloutState.CANARY, RolloutState.REST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For whom: every kiosk of `ward` (a group's name; empty for all), `canary` of them first (0: all at once)."""

    ward: str = ""
    canary: int = 1


def start(hub: Hub, login: str, rollout_id: str, wish: wishes.Wish, plan: Plan) -> RolloutRow:
    """Record a rollout, once for each id; raise UnknownThing, JobContradiction or JobMalformed.

    The first are kiosks that are online where there are such: a canary that is away would hold up everybody.
    """
    wish = catalogue.with_newest(hub, wish)
    now, body = hub.clock.now(), wish.body()
    if not 0 <= plan.canary <= 1_000:
        raise JobMalformed("Between 0 and 1000 kiosks can go first.")
    with hub.database.writing() as session:
        known = session.get(RolloutRow, rollout_id)
        if known is not None:
            if (known.verb, known.body, known.ward, known.canary) != (wish.verb, body, plan.ward, plan.canary):
                raise JobContradiction(f"The id {rollout_id} was used before for another rollout.")
            return known
        members = _members(sights(session), plan.ward)
        if not members:
            raise UnknownThing(f"No kiosk is in the group {plan.ward[:80]!r}.", remedy="See the list of the fleet.")
        first = plan.canary if 0 < plan.canary < len(members) else len(members)
        rollout = RolloutRow(
            id=rollout_id, verb=wish.verb, body=body, ward=plan.ward, canary=plan.canary, asked_by=login, asked_at=now,
            state=RolloutState.CANARY if first < len(members) else RolloutState.REST,
        )  # fmt: skip
        session.add(rollout)
        session.flush()
        for place, member in enumerate(members):
            job = wishes.made(new_ulid(now), member.kiosk.id, wish, login, now)
            job.rollout, job.wave = rollout.id, int(place >= first)
            session.add(job)
            if job.wave == 0:
                wishes.release(session, job, now)
        subject = f"{rollout.id} {wish.verb} {len(members)} kiosks"
        audit.append(session, at=now, who=login, what=audit.Act.ROLLOUT_STARTED, subject=subject)
    hub.to_send.ring()
    return rollout


def stop(hub: Hub, login: str, rollout_id: str) -> RolloutRow:
    """Begin nothing more of a rollout; what is begun goes on. Raise UnknownThing or RolloutOver."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        rollout = session.get(RolloutRow, rollout_id)
        if rollout is None:
            raise UnknownThing(f"There is no rollout {rollout_id[:26]}.", remedy="See the list of rollouts.")
        if rollout.state == RolloutState.STOPPED:
            return rollout
        if rollout.state not in RUNNING:
            raise RolloutOver(f"The rollout is {rollout.state}.")
        _close(session, rollout, RolloutState.STOPPED, now)
        audit.append(session, at=now, who=login, what=audit.Act.ROLLOUT_STOPPED, subject=rollout.id)
    return rollout


def go_on(session: Session, rollout_id: str, now: datetime) -> None:
    """Take the next step that the ends of jobs allow, in the caller's transaction."""
    rollout = session.get_one(RolloutRow, rollout_id, with_for_update=True)
    members = jobs_of(session, rollout_id)
    if rollout.state == RolloutState.CANARY:
        first = [job for job in members if job.wave == 0]
        if any(job.state not in (*JOB_OPEN, JobPlace.DONE) for job in first):
            _close(session, rollout, RolloutState.HALTED, now)
        elif all(job.state == JobPlace.DONE for job in first):
            rollout.state = RolloutState.REST
            for job in members:
                if job.state == JobPlace.HELD:
                    wishes.release(session, job, now)
    if rollout.state == RolloutState.REST and not any(job.state in JOB_OPEN for job in members):
        rollout.state, rollout.ended_at = RolloutState.DONE, now


def counts(session: Session, rollouts: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return of rollouts how many of their jobs are done, and of how many."""
    done = func.sum(case((JobRow.state == JobPlace.DONE, 1), else_=0))
    rows = select(JobRow.rollout, done, func.count()).where(JobRow.rollout.in_(rollouts)).group_by(JobRow.rollout)
    return {rollout: (good, of) for rollout, good, of in session.execute(rows)}


def jobs_of(session: Session, rollout_id: str) -> Sequence[JobRow]:
    """Return a rollout's jobs, the first kiosks before the others."""
    return session.scalars(select(JobRow).where(JobRow.rollout == rollout_id).order_by(JobRow.wave, JobRow.kiosk)).all()


def newest(session: Session, count: int) -> Sequence[RolloutRow]:
    """Return the last rollouts, newest first."""
    return session.scalars(select(RolloutRow).order_by(RolloutRow.id.desc()).limit(count)).all()


def _members(seen: Sequence[Sight], ward: str) -> list[Sight]:
    inside = [each for each in seen if each.kiosk.revoked_at is None and ward in ("", each.kiosk.group)]
    return sorted(inside, key=lambda each: (not each.online, each.kiosk.id))


def _close(session: Session, rollout: RolloutRow, state: RolloutState, now: datetime) -> None:
    rollout.state, rollout.ended_at = state, now
    wishes.stop(session, jobs_of(session, rollout.id), now)
