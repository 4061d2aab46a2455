"""Who is at which paper: a lease that runs out by itself, so that two officers never decide the same paper."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.faults import AlreadyDecided, ClaimedByColleague, NotAuthorised, PaperNotOpen, UnknownThing
from hub.rooms import Hub
from hub.roster import DECIDERS
from hub.store import audit
from hub.store.tables import Claim, Officer, RequestRow, RequestState

LEASE = timedelta(minutes=2)
"""How long a paper stays with an officer whose page says nothing more (closed, broken, asleep)."""
HANDED_ON_FOR = timedelta(minutes=15)
"""How long a paper waits for the colleague it was handed to before it is everybody's again."""


def take(hub: Hub, login: str, request_id: str) -> Claim:
    """Lease a waiting paper to the officer, or prolong his lease.

    Raises UnknownThing, AlreadyDecided (it no longer waits), ClaimedByColleague (names him).
    """
    now = hub.clock.now()
    with hub.database.writing() as session:
        _require_queued(session, request_id)
        require_free(session, request_id, login, now)
        return _put(session, request_id, login, now, now + LEASE)


def leave(hub: Hub, login: str, request_id: str) -> None:
    """Give the paper back to the queue; no error where the officer does not have it."""
    with hub.database.writing() as session:
        session.execute(delete(Claim).where(Claim.request == request_id, Claim.officer == login))


def hand_on(hub: Hub, login: str, request_id: str, colleague: str) -> None:
    """Give the paper to a colleague who decides papers; raise what `take` raises, and NotAuthorised."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        _require_queued(session, request_id)
        require_free(session, request_id, login, now)
        if colleague == login or colleague not in {each.login for each in _deciders(session)}:
            raise NotAuthorised("The colleague decides no papers here.")
        _put(session, request_id, colleague, now, now + HANDED_ON_FOR, handed_by=login)
        audit.append(session, at=now, who=login, what=audit.Act.HANDED_ON, subject=f"{request_id} {colleague}")


def colleagues(session: Session, login: str) -> list[Officer]:
    """Return who else decides papers here, by name."""
    return [each for each in _deciders(session) if each.login != login]


def holder(session: Session, request_id: str, now: datetime) -> str:
    """Return the name of who has the paper now, or an empty string."""
    claim = session.get(Claim, request_id)
    return session.get_one(Officer, claim.officer).name if claim and claim.until > now else ""


def require_free(session: Session, request_id: str, login: str, now: datetime) -> None:
    """Return if no colleague has the paper now; raise ClaimedByColleague."""
    claim = session.get(Claim, request_id, with_for_update=True)
    if claim is not None and claim.officer != login and claim.until > now:
        raise ClaimedByColleague(f"{session.get_one(Officer, claim.officer).name} is looking at this paper now.")


def require_own(session: Session, request_id: str, login: str, now: datetime) -> None:
    """Return if the paper waits and lies before the officer; raise what `take` raises, and PaperNotOpen."""
    _require_queued(session, request_id)
    require_free(session, request_id, login, now)
    claim = session.get(Claim, request_id)
    if claim is None or claim.officer != login or claim.until <= now:
        raise PaperNotOpen(f"The paper {request_id} is not open before this officer.")


def drop(session: Session, request_id: str) -> None:
    """End the lease in the caller's transaction."""
    session.execute(delete(Claim).where(Claim.request == request_id))


def keep(session: Session, request_id: str, login: str, now: datetime) -> None:
    """Lease the paper to the officer in the caller's transaction, whoever had it."""
    _put(session, request_id, login, now, now + LEASE)


def _deciders(session: Session) -> list[Officer]:
    deciding = select(Officer).where(Officer.role.in_(DECIDERS), Officer.password_hash != "")
    return list(session.scalars(deciding.order_by(Officer.name, Officer.login)))


def _require_queued(session: Session, request_id: str) -> None:
    request = session.get(RequestRow, request_id, with_for_update=True)
    if request is None:
        raise UnknownThing(f"There is no paper {request_id[:40]}.")
    if request.state != RequestState.QUEUED:
        raise AlreadyDecided(f"This paper is not waiting for a decision, it is {request.state}.")


def _put(
    session: Session, request_id: str, login: str, now: datetime, until: datetime, *, handed_by: str | None = None
) -> Claim:
    claim = session.get(Claim, request_id)
    if claim is None:
        claim = Claim(request=request_id, officer=login, handed_by="", since=now, until=until)
        session.add(claim)
    if claim.officer != login or claim.until <= now:
        claim.officer, claim.since, claim.handed_by = login, now, ""
    claim.until = max(until, claim.until) if claim.handed_by else until
    if handed_by is not None:
        claim.handed_by = handed_by
    return claim
