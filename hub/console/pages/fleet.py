"""The fleet: every kiosk, the worst first, as a list or by ward."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import ServedHub
from hub.console.fleet import FleetReader
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.fleet.standing import Standing, fleet
from hub.rooms import Hub

router = APIRouter(include_in_schema=False)

NAV = Nav(order=50, path="/console/fleet", words="nav.fleet", permit=Permit.SEE_FLEET)
Words = Annotated[str, Query(max_length=200)]


@router.get("/console/fleet")
def fleet_page(
    hub: ServedHub, request: Request, officer: FleetReader, group: Words = "", state: Words = "", view: Words = ""
) -> HTMLResponse:
    """Return the fleet with its frame."""
    return render.page(request, "fleet.html", officer=officer, **_contents(hub, group, state, view))


@router.get("/console/fleet/now")
def fleet_now(
    hub: ServedHub, request: Request, officer: FleetReader, group: Words = "", state: Words = "", view: Words = ""
) -> HTMLResponse:
    """Return the contents alone, which the open page asks for again and again."""
    return render.page(request, "fleet_now.html", officer=officer, **_contents(hub, group, state, view))


def _contents(hub: Hub, group: str, state: str, view: str) -> dict[str, Any]:
    with hub.database.reading() as session:
        seen = fleet(session, group=group, standing=state)
    return {
        "fleet": seen,
        "standings": list(Standing),
        "group": group,
        "state": state,
        "view": "wards" if view == "wards" else "",
        "failing": [each for each in hub.sources.all() if not each.is_good],
        "now": hub.clock.now(),
    }
