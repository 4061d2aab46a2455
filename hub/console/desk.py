"""What the officer's page does besides deciding: keep and leave papers, hand them on, take back, let take effect."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from hub.console.access import Decider, ServedHub
from hub.register import claims, held, waiting

router = APIRouter(prefix="/api")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Until when the paper is the officer's."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPaper:
    """The paper (id) to look at next, None where none is free."""

    id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """How many decisions took effect."""

    count: int


class HandOnForm(BaseModel):
    """The login of the colleague who gets the paper."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    colleague: Annotated[str, Field(max_length=40)]


@router.put("/requests/{request_id}/claim")
def claim(hub: ServedHub, officer: Decider, request_id: str) -> Lease:
    """Keep the paper for two more minutes; 409 where a colleague has it."""
    return Lease(until=claims.take(hub, officer.login, request_id).until)


@router.delete("/requests/{request_id}/claim", status_code=204)
def leave(hub: ServedHub, officer: Decider, request_id: str) -> None:
    """Give the paper back to the queue."""
    claims.leave(hub, officer.login, request_id)


@router.post("/requests/{request_id}/hand-on", status_code=204)
def hand_on(hub: ServedHub, officer: Decider, request_id: str, form: HandOnForm) -> None:
    """Give the paper to a colleague, for whom it waits a quarter of an hour."""
    claims.hand_on(hub, officer.login, request_id, form.colleague)


@router.delete("/requests/{request_id}/decision", status_code=204)
def take_back(hub: ServedHub, officer: Decider, request_id: str) -> None:
    """Take a held decision back; 409 once it has taken effect."""
    held.take_back(hub, officer.login, request_id)


@router.post("/decisions/confirmation")
def confirm(hub: ServedHub, officer: Decider) -> Confirmed:
    """Let the officer's own held decisions take effect now; approvals are then signed with his open key."""
    return Confirmed(count=held.confirm(hub, officer.login))


@router.get("/next")
def next_paper(hub: ServedHub, officer: Decider, after: Annotated[str, Field(max_length=26)] = "") -> NextPaper:
    """Return the paper to look at next."""
    return NextPaper(id=waiting.next_for(hub, officer.login, after=after))
