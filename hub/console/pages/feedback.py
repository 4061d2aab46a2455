"""What citizens think: who waits for an answer first, then the last words, and the faces of a month."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import ServedHub
from hub.console.feedback import Answerer
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.feedback import book
from hub.store import audit

router = APIRouter(include_in_schema=False)

NAV = Nav(order=58, path="/console/feedback", words="nav.feedback", permit=Permit.ANSWER_FEEDBACK)
SHOWN = 100


@router.get("/console/feedback")
def feedback_page(hub: ServedHub, request: Request, officer: Answerer) -> HTMLResponse:
    """Return the page; that somebody read citizens' words is in the audit trail."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        audit.append(session, at=now, who=officer.login, what=audit.Act.FEEDBACK_READ, subject=f"last {SHOWN}")
        waiting, rest, tally = book.waiting(session), book.newest(session, SHOWN), book.tally(session, now)
    return render.page(request, "feedback.html", officer=officer, waiting=waiting, rest=rest, tally=tally)
