"""The cash of all kiosks: each collection, what the machine held beyond or below its books first of all."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import ServedHub
from hub.console.closings import Overseer
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.register import closings

router = APIRouter(include_in_schema=False)

NAV = Nav(order=55, path="/console/cash", words="nav.cash", permit=Permit.SEE_CASH)
SHOWN = 200


@router.get("/console/cash")
def cash_page(
    hub: ServedHub, request: Request, officer: Overseer, kiosk: Annotated[str, Query(max_length=63)] = ""
) -> HTMLResponse:
    """Return the last collections of one kiosk, or of all."""
    with hub.database.reading() as session:
        rows = closings.newest(session, kiosk or None, SHOWN)
    differing = sum(row.difference_vnd != 0 for row in rows)
    return render.page(request, "cash.html", officer=officer, closings=rows, kiosk=kiosk, differing=differing)
