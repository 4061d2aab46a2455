"""The alerts of the whole fleet on one page: those nobody has taken up first."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import ServedHub
from hub.console.fleet import FleetReader
from hub.console.roles import Permit, may
from hub.fleet import alerts
from hub.rooms import Hub

router = APIRouter(include_in_schema=False)

OVER = 50


@router.get("/console/alerts")
def alerts_page(hub: ServedHub, request: Request, officer: FleetReader) -> HTMLResponse:
    """Return the alerts with their frame."""
    may_run = may(officer.role, Permit.RUN_FLEET)
    return render.page(request, "alerts.html", officer=officer, may_run=may_run, **_contents(hub))


@router.get("/console/alerts/now")
def alerts_now(hub: ServedHub, request: Request, officer: FleetReader) -> HTMLResponse:
    """Return the alerts alone, which the open page asks for again and again."""
    may_run = may(officer.role, Permit.RUN_FLEET)
    return render.page(request, "alerts_now.html", officer=officer, may_run=may_run, **_contents(hub))


def _contents(hub: Hub) -> dict[str, Any]:
    with hub.database.reading() as session:
        return {"alerts": alerts.raised(session), "over": alerts.over(session, OVER)}
