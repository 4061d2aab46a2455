"""The public page where a tracking code shows what became of a complaint; the words themselves are not shown again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM
from hub.console.access import ServedHub
from hub.feedback import book
from hub.rooms import Hub
from hub.verify.sheet import sheet

router = APIRouter()


@router.get("/f", response_class=HTMLResponse)
def ask(hub: ServedHub, code: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    """Return the field for a tracking code, or how the complaint of `code` stands."""
    return _told(hub, code)


@router.get("/f/{code}", response_class=HTMLResponse)
def track(hub: ServedHub, code: Annotated[str, Path(max_length=40)]) -> HTMLResponse:
    """Return how the complaint stands whose code a phone read from the kiosk's screen or slip."""
    return _told(hub, code)


def _told(hub: Hub, code: str) -> HTMLResponse:
    found = book.standing(hub, code) if code else None
    moments = {
        name: f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if moment else ""
        for name, moment in (
            ("received", found.received_at if found else None),
            ("answered", found.answered_at if found else None),
        )
    }
    return sheet(
        "feedback.html",
        status=404 if code and found is None else 200,
        agency=hub.config.agency.name,
        code=code,
        found=found,
        moments=moments,
    )
