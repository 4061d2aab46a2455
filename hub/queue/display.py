"""The display for everybody in the hall: who is called to which counter, the last call large.

The page asks for its content every two seconds. A voice has one seam: for each new call `display.js` dispatches the
event `call` on the document, with number and counter in its detail.
"""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select

from contract.clock import VIETNAM
from hub.console.access import ServedHub
from hub.queue import line
from hub.queue.hours import local_day
from hub.rooms import Hub
from hub.store.tables import QueueTicket, TicketState
from hub.verify.sheet import HEADERS, Words, sheet

router = APIRouter()

MOST_CALLS = 6
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many wait for a service."""

    service: Words
    count: int


@router.get("/display", response_class=HTMLResponse)
def display_page(hub: ServedHub) -> HTMLResponse:
    """Return the page for a television in the hall."""
    return sheet("display.html", headers=_HEADERS, agency=hub.config.agency.name, **_now(hub))


@router.get("/display/now", response_class=HTMLResponse)
def display_now(hub: ServedHub) -> HTMLResponse:
    """Return what the page shows now: who is called, the calls before, newest first, and how many wait."""
    return sheet("display_now.html", headers=HEADERS, **_now(hub))


def _now(hub: Hub) -> dict[str, Any]:
    now = hub.clock.now()
    with hub.database.reading() as session:
        called = line.of_day(local_day(now)).where(QueueTicket.called_at.is_not(None)).order_by(None)
        calls = list(session.scalars(called.order_by(QueueTicket.called_at.desc()).limit(MOST_CALLS)))
        waiting = (
            select(QueueTicket.service, func.count())
            .where(QueueTicket.day == local_day(now), QueueTicket.state == TicketState.WAITING)
            .group_by(QueueTicket.service)
        )
        count = {service: number for service, number in session.execute(waiting)}
    known = {each.code: (each.vi, each.en) for each in hub.config.queue.services}
    there = next((each for each in calls if each.state == TicketState.CALLED), None)
    return {
        "there": there,
        "before": [each for each in calls if each is not there],
        "at": f"{now.astimezone(VIETNAM):%H:%M}",
        "waiting": [
            Waiting(service=known.get(code, (code, code)), count=count.get(code, 0)) for code in {**known, **count}
        ],
    }
