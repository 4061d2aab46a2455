"""How one kiosk gets its certificate: a code, or codes that are carried; what was given before; quarantine, the end."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contract.enrolment import for_the_eye
from hub.console import render
from hub.console.access import ServedDevices, ServedHub
from hub.console.fleet import FleetOperator
from hub.enrolment import codes
from hub.fleet.view import sight

router = APIRouter(include_in_schema=False)

SHOWN = 10


@router.get("/console/kiosks/{kiosk_id}/enrol")
def enrol_page(
    hub: ServedHub, officer: FleetOperator, devices: ServedDevices, request: Request, kiosk_id: str
) -> HTMLResponse:
    """Return the page; raise UnknownThing, EnrolmentClosed."""
    settings = codes.settings(hub)
    with hub.database.reading() as session:
        seen = sight(session, kiosk_id)
        made = codes.newest(session, kiosk_id, SHOWN)
    return render.page(
        request,
        "enrol.html",
        officer=officer,
        kiosk=seen.kiosk,
        codes=[(row, for_the_eye(row.key_sha256) if row.key_sha256 else "") for row in made],
        fingerprint=for_the_eye(devices.ca_sha256),
        hours=settings.code_hours,
        now=hub.clock.now(),
    )
