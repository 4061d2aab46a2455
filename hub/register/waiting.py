"""The line of papers that wait for a decision: those served first, then the oldest."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from contract.messages import Priority
from hub.rooms import Hub
from hub.store.tables import Claim, RequestRow, RequestState


def in_order() -> Select[RequestRow]:
    """Return the query of waiting papers: elderly and disabled people first, then by the time they came."""
    waiting = select(RequestRow).where(RequestRow.state == RequestState.QUEUED)
    return waiting.order_by(RequestRow.priority == Priority.NONE, RequestRow.queued_at, RequestRow.id)


def next_for(hub: Hub, login: str, *, after: str = "") -> str | None:
    """Return the first paper (id) that no colleague has: one handed to the officer, else the first in line.

    `after` leaves out the papers up to that one, so that an officer can pass a paper over.
    """
    with hub.database.reading() as session:
        papers = [row.id for row in _free(session, hub, login)]
        handed = select(Claim.request).where(Claim.officer == login, Claim.handed_by != "")
        mine = set(session.scalars(handed.where(Claim.until > hub.clock.now())))
    later = papers[papers.index(after) + 1 :] if after in papers else papers
    return next((paper for paper in later if paper in mine), later[0] if later else None)


def before(hub: Hub, login: str, request_id: str) -> str | None:
    """Return the free paper that stands just before this one."""
    with hub.database.reading() as session:
        papers = [row.id for row in _free(session, hub, login)]
    place = papers.index(request_id) if request_id in papers else 0
    return papers[place - 1] if place else None


def _free(session: Session, hub: Hub, login: str) -> list[RequestRow]:
    held = select(Claim.request).where(Claim.until > hub.clock.now(), Claim.officer != login)
    return list(session.scalars(in_order().where(RequestRow.id.not_in(held))))
