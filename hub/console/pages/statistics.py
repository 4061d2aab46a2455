"""Officer seconds per paper, for the whole agency."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM
from hub.console import render
from hub.console.access import ServedHub, allowed
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.register import paper_times
from hub.rooms import Hub
from hub.store.tables import Officer

router = APIRouter(include_in_schema=False)

NAV = Nav(order=80, path="/console/statistics", words="nav.statistics", permit=Permit.READ_STATISTICS)
Statistician = Annotated[Officer, Depends(allowed(Permit.READ_STATISTICS))]


@router.get("/console/statistics")
def statistics_page(hub: ServedHub, request: Request, officer: Statistician) -> HTMLResponse:
    """Return median and 90th percentile of the last 30 days by kind of paper."""
    return render.page(request, "statistics.html", officer=officer, figures=_figures(hub))


@router.get("/api/statistics/paper-times")
def paper_times_data(hub: ServedHub, officer: Statistician) -> dict[str, Any]:
    """Return the same figures as data."""
    return {"window_days": paper_times.WINDOW.days, "figures": [asdict(each) for each in _figures(hub)]}


def _figures(hub: Hub) -> list[paper_times.Took]:
    with hub.database.reading() as session:
        return paper_times.figures(session, hub.clock.now().astimezone(VIETNAM).date())
