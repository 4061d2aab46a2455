"""One verb for many kiosks: a few first (canaries), the others in rings, each after a good enough end of the last.

A kiosk that is away counts as failed once its job has expired: a ring waits for it until then, no longer. One that was
asked and has not answered has begun nothing: what ends or pauses the rollout takes the wish back from it.
"""

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

RUNNING = (RolloutState.CANARY, RolloutState.REST, RolloutState.PAUSED)
MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For whom: every kiosk of `ward` (a group's name; empty for all), `canary` of them first (0: all at once).

    The others follow in rings of `ring` (0: in one). One failure among the first halts it, or `most_failed` and one
    more among the others; what goes to all at once is never halted.
    """

    ward: str = ""
    canary: int = 1
    ring: int = 0
    most_failed: int = 0

    def wave(self, place: int, members: int) -> int:
        """Return when the kiosk at `place` of all `members` has its turn."""
        at_once = members if self.canary or not self.ring else 0
        first = self.canary if 0 < self.canary < members else at_once
        if place < first:
            return 0
        return 1 + (place - first) // self.ring if self.ring else 1


def start(hub: Hub, login: str, rollout_id: str, wish: wishes.Wish, plan: Plan) -> RolloutRow:
    """Record a rollout, once for each id; raise UnknownThing, JobContradiction or JobMalformed.

    The first are kiosks that are online where there are such: a canary that is away would hold up everybody.
    """
    wish = catalogue.with_newest(hub, wish)
    now, body = hub.clock.now(), wish.body()
    if not all(0 <= number <= MOST for number in (plan.canary, plan.ring, plan.most_failed)):
        raise JobMalformed(f"Kiosks that go first, kiosks of a ring and failures allowed are 0 to {MOST}.")
    with hub.database.writing() as session:
        known = session.get(RolloutRow, rollout_id)
        if known is not None:
            if (known.verb, known.body, _plan(known)) != (wish.verb, body, plan):
                raise JobContradiction(f"The id {rollout_id} was used before for another rollout.")
            return known
        members = _members(sights(session), plan.ward)
        if not members:
            raise UnknownThing(f"No kiosk is in the group {plan.ward[:80]!r}.", remedy="See the list of the fleet.")
        waves = [plan.wave(place, len(members)) for place in range(len(members))]
        rollout = RolloutRow(
            id=rollout_id, verb=wish.verb, body=body, ward=plan.ward, canary=plan.canary, ring=plan.ring,
            most_failed=plan.most_failed, asked_by=login, asked_at=now,
            state=RolloutState.CANARY if waves[0] == 0 and waves[-1] > 0 else RolloutState.REST,
        )  # fmt: skip
        session.add(rollout)
        session.flush()
        for member, wave in zip(members, waves, strict=True):
            job = wishes.made(new_ulid(now), member.kiosk.id, wish, login, now)
            job.rollout, job.wave = rollout.id, wave
            session.add(job)
            if wave == waves[0]:
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


def pause(hub: Hub, login: str, rollout_id: str, *, paused: bool) -> RolloutRow:
    """Begin nothing more of a rollout for now, or go on with it. Raise UnknownThing or RolloutOver.

    Who has not answered yet is asked anew when it goes on.
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        rollout = session.get(RolloutRow, rollout_id)
        if rollout is None:
            raise UnknownThing(f"There is no rollout {rollout_id[:26]}.", remedy="See the list of rollouts.")
        if rollout.state not in RUNNING:
            raise RolloutOver(f"The rollout is {rollout.state}.")
        if paused is (rollout.state == RolloutState.PAUSED):
            return rollout
        members = jobs_of(session, rollout.id)
        if paused:
            rollout.state = RolloutState.PAUSED
            wishes.hold(members)
        else:
            rollout.state = _stage(members)
            go_on(session, rollout.id, now)
        act = audit.Act.ROLLOUT_PAUSED if paused else audit.Act.ROLLOUT_RESUMED
        audit.append(session, at=now, who=login, what=act, subject=rollout.id)
    hub.to_send.ring()
    return rollout


def go_on(session: Session, rollout_id: str, now: datetime) -> None:
    """Take the next step that the ends of jobs allow, in the caller's transaction."""
    rollout = session.get_one(RolloutRow, rollout_id, with_for_update=True)
    members = jobs_of(session, rollout_id)
    held = [job for job in members if job.state == JobPlace.HELD]
    if rollout.state in (RolloutState.CANARY, RolloutState.REST):
        if _fails(rollout, members) and any(wishes.is_unheard(job) for job in members):
            _close(session, rollout, RolloutState.HALTED, now)
        elif held and all(job.state not in JOB_OPEN for job in members if job.wave < held[0].wave):
            for job in held:
                if job.wave == held[0].wave:
                    wishes.release(session, job, now)
            rollout.state = _stage(members)
    if rollout.state in RUNNING and not any(job.state in JOB_OPEN for job in members):
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


def _stage(members: Sequence[JobRow]) -> RolloutState:
    """Return which kiosks are at it: those whose turn came last."""
    wave = max((job.wave for job in members if job.state != JobPlace.HELD), default=members[0].wave)
    return RolloutState.CANARY if wave == 0 and members[-1].wave > 0 else RolloutState.REST


def _fails(rollout: RolloutRow, members: Sequence[JobRow]) -> bool:
    if members[0].wave == members[-1].wave:
        return False
    failed = [job for job in members if job.state not in (*JOB_OPEN, JobPlace.DONE)]
    return any(job.wave == 0 for job in failed) or len(failed) > rollout.most_failed


def _plan(rollout: RolloutRow) -> Plan:
    return Plan(ward=rollout.ward, canary=rollout.canary, ring=rollout.ring, most_failed=rollout.most_failed)


def _close(session: Session, rollout: RolloutRow, state: RolloutState, now: datetime) -> None:
    rollout.state, rollout.ended_at = state, now
    wishes.stop(jobs_of(session, rollout.id), now)
