"""Who was there: the officer's look at portrait and live frame, and his own word on them."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from hub.console.access import Decider, ServedHub
from hub.console.media import Jpeg
from hub.register import identity

router = APIRouter(prefix="/api/requests/{request_id}/identity")


class SamePersonForm(BaseModel):
    """Whether portrait and picture show the same person, as the officer sees it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    same_person: bool


@router.get("/portrait.jpg", response_class=Jpeg)
def portrait(hub: ServedHub, officer: Decider, request_id: str) -> Response:
    """Return the card's portrait (JPEG) to the officer who has the paper; 409 to everybody else."""
    return Jpeg(identity.look(hub, officer.login, request_id, "portrait").portrait)


@router.get("/frame.jpg", response_class=Jpeg)
def frame(hub: ServedHub, officer: Decider, request_id: str) -> Response:
    """Return the live frame or still (JPEG) to the officer who has the paper; 409 to everybody else."""
    return Jpeg(identity.look(hub, officer.login, request_id, "frame").frame)


@router.put("/answer", status_code=204)
def answer(hub: ServedHub, officer: Decider, request_id: str, form: SamePersonForm) -> None:
    """Record the officer's word; he may change it until the paper is decided."""
    identity.answer(hub, officer.login, request_id, same_person=form.same_person)
