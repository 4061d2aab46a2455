"""What the counter does with copies that are sent: the signed file to print, filled, posted, settled, sent again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.console.access import ServedHub, allowed
from hub.console.render import HEADERS
from hub.console.roles import Permit
from hub.delivery import posting
from hub.store.tables import Officer

router = APIRouter(prefix="/api/deliveries/{delivery}")

Poster = Annotated[Officer, Depends(allowed(Permit.POST_COPIES))]


class PostedForm(BaseModel):
    """The number under which the post follows the letter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tracking: Annotated[str, Field(min_length=4, max_length=40, pattern=r"^[0-9A-Za-z-]+$")]


class SettledForm(BaseModel):
    """What was done about it, and how the postage was given back where it was paid."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    word: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$")]


@router.get("/copy.pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
def copy(hub: ServedHub, officer: Poster, delivery: str) -> Response:
    """Return the signed copy of a letter, to be printed."""
    content = posting.copy_of(hub, officer.login, delivery)
    headers = HEADERS | {"Content-Disposition": f'inline; filename="{delivery[-8:]}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/filled", status_code=204)
def filled(hub: ServedHub, officer: Poster, delivery: str) -> None:
    """Note that the copies lie in their envelope; 409 where they did before."""
    posting.fill(hub, officer.login, delivery)


@router.post("/posted", status_code=204)
def posted(hub: ServedHub, officer: Poster, delivery: str, form: PostedForm) -> None:
    """Note that the post has the letter; 409 where it is not filled, or was posted before."""
    posting.post(hub, officer.login, delivery, form.tracking)


@router.post("/again", status_code=204)
def again(hub: ServedHub, officer: Poster, delivery: str) -> None:
    """Send once more what did not arrive; 409 where that can't be."""
    posting.send_again(hub, officer.login, delivery)


@router.post("/settled", status_code=204)
def settled(hub: ServedHub, officer: Poster, delivery: str, form: SettledForm) -> None:
    """Note what was done about what did not arrive; 409 where nothing is to be done."""
    posting.settle(hub, officer.login, delivery, form.word)
