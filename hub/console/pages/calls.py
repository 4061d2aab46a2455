"""The counter's page, keyboard first: who is called, who comes next, who waits, who was not there."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import Caller, ServedHub
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.queue import counter, line, measures
from hub.queue.hours import local_day
from hub.rooms import Hub

router = APIRouter(include_in_schema=False)

NAV = Nav(order=15, path="/console/calls", words="nav.calls", permit=Permit.CALL_NUMBERS)


@router.get("/console/calls")
def choose_page(hub: ServedHub, request: Request, officer: Caller) -> HTMLResponse:
    """Return the counters to choose from."""
    return render.page(request, "calls_choose.html", officer=officer, counters=hub.config.queue.counters)


@router.get("/console/calls/{desk}")
def calls_page(hub: ServedHub, request: Request, officer: Caller, desk: str) -> HTMLResponse:
    """Return a counter's page."""
    return render.page(request, "calls.html", officer=officer, **_contents(hub, desk))


@router.get("/console/calls/{desk}/now")
def calls_now(hub: ServedHub, request: Request, officer: Caller, desk: str) -> HTMLResponse:
    """Return what the page shows, which it asks for again and again."""
    return render.page(request, "calls_now.html", officer=officer, **_contents(hub, desk))


def _contents(hub: Hub, desk: str) -> dict[str, Any]:
    queue = hub.config.queue
    with hub.database.reading() as session:
        error = measures.estimate_error(session.scalars(line.of_day(local_day(hub.clock.now()))))
    return {
        "desk": desk,
        "at": counter.look(hub, desk),
        "services": {each.code: each.vi for each in queue.services},
        "others": queue.services,
        "may_skip_after": counter.CALLS_BEFORE_SKIP,
        "error": (f"{error.mean_absolute_s / 60:.1f}".replace(".", ","), error.count) if error else None,
    }
