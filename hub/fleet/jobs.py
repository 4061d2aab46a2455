"""Remote verbs: each is a job with an id, told to its kiosk until the kiosk has heard it, followed to its end.

The kiosk's word about a job is a fact: it is repeated until it is committed here, and counts once whatever the broker
does. What the hub says of a job itself (nobody answered in time) gives way to what the kiosk tells later.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contract import messages, topics
from contract.jobs import JobEnvelope, ShadowDesired, ShadowReported, Verb
from contract.messages import BlobRef, JobFact
from hub.faults import JobContradiction, UnknownThing
from hub.fleet import catalogue, rollouts
from hub.fleet.wishes import CONFIGURE, Wish, made, release, release_of, settings_of
from hub.intake.answers import Outgoing
from hub.rooms import Hub
from hub.store import audit, telling
from hub.store.tables import JOB_OPEN, JobPlace, JobRow, Kiosk, RolloutRow, ShadowRow

SILENCE_ALLOWED = timedelta(minutes=10)
"""A kiosk tells the end of a job itself; one that has not done so for so long after the expiry is given up."""
BUNDLES_KEPT = timedelta(days=30)
KEPT = timedelta(days=365)
_TOLD_BY_KIOSK = (JobPlace.DONE, JobPlace.FAILED)


def ask(hub: Hub, login: str, kiosk_id: str, job_id: str, wish: Wish) -> JobRow:
    """Record a job for one kiosk, once for each id; raise UnknownThing, JobContradiction or JobMalformed."""
    wish = catalogue.with_newest(hub, wish)
    now, body = hub.clock.now(), wish.body()
    with hub.database.writing() as session:
        kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None or kiosk.revoked_at is not None:
            raise UnknownThing(f"There is no kiosk {kiosk_id[:63]} in the fleet.", remedy="See the list of the fleet.")
        known = session.get(JobRow, job_id)
        if known is not None:
            if (known.kiosk, known.verb, known.body) != (kiosk_id, wish.verb, body):
                raise JobContradiction(f"The id {job_id} was used before for another job.")
            return known
        job = made(job_id, kiosk_id, wish, login, now)
        session.add(job)
        release(session, job, now)
        audit.append(session, at=now, who=login, what=audit.Act.JOB_ASKED, subject=f"{job.id} {wish.verb} {kiosk_id}")
    hub.to_send.ring()
    return job


def due(hub: Hub) -> list[Outgoing]:
    """Return what is to be told now, and note when it is told again."""
    return telling.due(hub.database, JobRow, hub.clock.now(), _letter)


def hurry(session: Session, kiosk: Kiosk, now: datetime) -> None:
    """Have everything told at once to a kiosk that has come back, in the caller's transaction."""
    for job in session.scalars(select(JobRow).where(JobRow.kiosk == kiosk.id, JobRow.tell_at.is_not(None))):
        job.tell_at, job.told = now, 0


def note(session: Session, kiosk: Kiosk, fact: JobFact, now: datetime) -> bool:
    """Record how a job stands at its kiosk, in the caller's transaction; return False where it is not the kiosk's.

    A fact that comes late, twice or after the end changes nothing.
    """
    job = session.get(JobRow, fact.request, with_for_update=True)
    if job is None or job.kiosk != kiosk.id or job.verb == CONFIGURE:
        return False
    if fact.step > job.step and job.state not in _TOLD_BY_KIOSK:
        job.step, job.percent, job.tell_at = fact.step, fact.percent, None
        _move(session, job, JobPlace(fact.state), fact.detail, now)
    return True


def note_shadow(hub: Hub, kiosk: Kiosk, reported: ShadowReported) -> None:
    """Record what a kiosk made of the configuration that was wanted of it; one that lost it is told again."""
    told = select(JobRow).where(JobRow.kiosk == kiosk.id, JobRow.verb == CONFIGURE, JobRow.version > 0)
    now, known = hub.clock.now(), max(reported.version, reported.refused_version)
    with hub.database.reading() as session:
        if session.get(ShadowRow, kiosk.id) is None:
            return
    with hub.database.writing() as session:
        shadow = session.get_one(ShadowRow, kiosk.id)
        for job in session.scalars(told.where(JobRow.version == shadow.version)):
            job.tell_at = (job.tell_at or now) if known < shadow.version else None
        undecided = told.where(JobRow.state.in_((*JOB_OPEN, JobPlace.EXPIRED)))
        for job in session.scalars(undecided.with_for_update()):
            if job.version == reported.refused_version:
                why = "; ".join(f"{key}: {reason}" for key, reason in reported.refused.items())
                _end(session, job, JobPlace.REFUSED, why, now)
            elif job.version == reported.version:
                _end(session, job, JobPlace.DONE, f"version {reported.version} is in effect", now)
            elif job.version < known:
                _end(session, job, JobPlace.STOPPED, "a newer configuration took its place", now)


def expire(hub: Hub) -> None:
    """End what nobody answered in time."""
    now = hub.clock.now()
    silent = select(JobRow).where(JobRow.state == JobPlace.ASKED, JobRow.expires_at <= now)
    lost = select(JobRow).where(
        JobRow.state.in_((JobPlace.ACCEPTED, JobPlace.RUNNING)), JobRow.expires_at <= now - SILENCE_ALLOWED
    )
    with hub.database.reading() as session:
        if not any(session.scalars(each.limit(1)).first() for each in (silent, lost)):
            return
    with hub.database.writing() as session:
        for job in session.scalars(silent.with_for_update()):
            _end(session, job, JobPlace.EXPIRED, "the kiosk did not answer in time", now, who="hub")
        for job in session.scalars(lost.with_for_update()):
            _end(session, job, JobPlace.EXPIRED, "the kiosk began it and then fell silent; look there", now, who="hub")


def purge(hub: Hub) -> None:
    """Destroy bundles of logs and forget ended jobs that are kept long enough."""
    now = hub.clock.now()
    old = select(JobRow).where(JobRow.bundle_sha256.is_not(None), JobRow.asked_at < now - BUNDLES_KEPT)
    with hub.database.reading() as session:
        gone = [(job.id, job.kiosk, job.bundle_sha256) for job in session.scalars(old)]
    for job_id, kiosk, sha256 in gone:
        assert sha256 is not None
        hub.bundles.delete(sha256)
        hub.chunks.discard(kiosk, sha256)
        with hub.database.writing() as session:
            session.get_one(JobRow, job_id).bundle_sha256 = None
    with hub.database.writing() as session:
        session.execute(delete(JobRow).where(JobRow.ended_at < now - KEPT))
        emptied = RolloutRow.ended_at < now - KEPT - BUNDLES_KEPT  # the last of its jobs ended days later at most
        session.execute(delete(RolloutRow).where(emptied))


def of_kiosk(session: Session, kiosk: str, count: int) -> list[JobRow]:
    """Return a kiosk's last jobs, newest first."""
    return list(session.scalars(select(JobRow).where(JobRow.kiosk == kiosk).order_by(JobRow.id.desc()).limit(count)))


def _letter(session: Session, job: JobRow) -> Outgoing:
    if job.verb == CONFIGURE:
        shadow = session.get_one(ShadowRow, job.kiosk)
        wanted = ShadowDesired(
            v=messages.VERSION, version=shadow.version, at=shadow.set_at, settings=settings_of(shadow.settings)
        )
        topic = topics.down(job.kiosk, "shadow")
        return Outgoing(topic=topic, payload=messages.encode(wanted), retain=True)
    assert job.expires_at is not None
    blob = msgspec.json.decode(job.body, type=BlobRef) if job.verb == Verb.UPDATE_CATALOGUE else None
    verb = Verb(job.verb)
    envelope = JobEnvelope(
        v=messages.VERSION, id=job.id, at=job.asked_at, expires_at=job.expires_at, verb=verb, blob=blob,
        release=release_of(job.body) if verb is Verb.UPDATE else "",
    )  # fmt: skip
    return Outgoing(topic=topics.down(job.kiosk, "job"), payload=messages.encode(envelope))


def _move(session: Session, job: JobRow, state: JobPlace, detail: str, now: datetime) -> None:
    if state in JOB_OPEN:
        job.state, job.detail, job.ended_at = state, detail, None
    else:
        _end(session, job, state, detail, now)


def _end(session: Session, job: JobRow, state: JobPlace, detail: str, now: datetime, *, who: str = "") -> None:
    job.state, job.detail, job.ended_at, job.tell_at = state, detail[:2000], now, None
    job.percent = 100 if state == JobPlace.DONE else job.percent
    subject = f"{job.id} {job.verb} {job.kiosk} {state}"
    audit.append(session, at=now, who=who or job.kiosk, what=audit.Act.JOB_ENDED, subject=subject)
    if job.rollout is not None:
        session.flush()
        rollouts.go_on(session, job.rollout, now)
