"""The queue: what waits, for whom first, what was promised, and what waits for the officer's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.messages import Severity
from hub.console import render, sla
from hub.console.access import Decider, Reader, ServedHub, ServedKeys
from hub.console.officer_key import standing_of
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.register import held, numbers, waiting
from hub.rooms import Hub
from hub.store.tables import Claim, Kiosk, Officer, RequestRow

router = APIRouter(include_in_schema=False)

NAV = Nav(order=10, path="/console/queue", words="nav.queue", permit=Permit.SEE_PAPERS)
SHOWN_AT_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paper of the queue; `holder` has it now, `handed_by` gave it to him (names, or empty)."""

    id: str
    title: str
    pages: int
    findings: int
    site: str
    mode: str
    priority: str
    standing: sla.Standing
    holder: str
    handed_by: str
    mine: bool


@router.get("/console/queue")
def queue_page(hub: ServedHub, keys: ServedKeys, request: Request, officer: Reader) -> HTMLResponse:
    """Return the queue with its frame."""
    return render.page(request, "queue.html", officer=officer, **_contents(hub, keys, officer))


@router.get("/console/queue/now")
def queue_now(hub: ServedHub, keys: ServedKeys, request: Request, officer: Reader) -> HTMLResponse:
    """Return the queue's contents alone, which the open page asks for again and again."""
    return render.page(request, "queue_now.html", officer=officer, **_contents(hub, keys, officer))


@router.get("/console/next")
def next_paper(hub: ServedHub, officer: Decider, after: str = "") -> RedirectResponse:
    """Go to the paper to look at next, or to the queue where none is free."""
    paper = waiting.next_for(hub, officer.login, after=after)
    return RedirectResponse(f"/console/papers/{paper}" if paper else "/console/queue", status_code=303)


@router.get("/console/previous")
def previous_paper(hub: ServedHub, officer: Decider, before: str) -> RedirectResponse:
    """Go to the free paper before this one, or to the queue."""
    paper = waiting.before(hub, officer.login, before)
    return RedirectResponse(f"/console/papers/{paper}" if paper else "/console/queue", status_code=303)


def _contents(hub: Hub, keys: ServedKeys, officer: Officer) -> dict[str, Any]:
    now = hub.clock.now()
    lines = _lines(hub, officer, now)
    levels = [line.standing.level for line in lines]
    return {
        "lines": lines[:SHOWN_AT_MOST],
        "count": len(lines),
        "late": levels.count(sla.Level.LATE),
        "soon": levels.count(sla.Level.SOON),
        "first": sum(line.priority != "NONE" for line in lines),
        "key": standing_of(hub, keys, officer),
        "held": held.still_back(hub, officer.login),
    }


def _lines(hub: Hub, officer: Officer, now: datetime) -> list[Line]:
    with hub.database.reading() as session:
        rows: Sequence[RequestRow] = session.scalars(waiting.in_order()).all()
        claims = {claim.request: claim for claim in session.scalars(select(Claim).where(Claim.until > now))}
        kiosks = {kiosk.id: kiosk for kiosk in session.scalars(select(Kiosk))}
        return [_line(session, row, kiosks[row.kiosk], claims.get(row.id), officer, now) for row in rows]


def _line(
    session: Session, row: RequestRow, kiosk: Kiosk, claim: Claim | None, officer: Officer, now: datetime
) -> Line:
    assert row.queued_at is not None and row.promised_at is not None
    body = numbers.certify_body(row)
    return Line(
        id=row.id,
        title=body.title,
        pages=row.pages,
        findings=sum(each.severity is not Severity.ADVISE for each in body.findings),
        site=kiosk.site,
        mode=row.legal_mode,
        priority=row.priority,
        standing=sla.standing(row.queued_at, row.promised_at, now),
        holder=session.get_one(Officer, claim.officer).name if claim else "",
        handed_by=session.get_one(Officer, claim.handed_by).name if claim and claim.handed_by else "",
        mine=claim is not None and claim.officer == officer.login,
    )
