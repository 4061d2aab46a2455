"""The posting counter: letters to print, to fill and to post, and whatever did not arrive; each letter's label."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import ServedHub
from hub.console.deliveries import Poster
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.delivery import deliveries, posting

router = APIRouter(include_in_schema=False)

NAV = Nav(
    order=56,
    path="/console/posting",
    words="nav.posting",
    permit=Permit.POST_COPIES,
    is_there=lambda config: bool(deliveries.channels(config)),
)


@router.get("/console/posting")
def posting_page(hub: ServedHub, request: Request, officer: Poster) -> HTMLResponse:
    """Return the page."""
    now = hub.clock.now()
    with hub.database.reading() as session:
        letters, troubled = posting.letters(session), posting.troubled(session)
    again = {each.row.id for each in troubled if posting.may_be_sent_again(each.row, now)}
    return render.page(request, "posting.html", officer=officer, letters=letters, troubled=troubled, again=again)


@router.get("/console/posting/{delivery}/label")
def label_page(hub: ServedHub, request: Request, officer: Poster, delivery: str) -> HTMLResponse:
    """Return a letter's label, 100 x 150 mm, to be printed."""
    with hub.database.reading() as session:
        letter = posting.letter(session, delivery)
    sender = hub.config.post.sender if hub.config.post else hub.config.agency.name
    return render.page(request, "label.html", officer=officer, letter=letter, sender=sender)
