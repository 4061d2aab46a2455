"""Who was there: the officer's look at portrait and live frame, and his own word on them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict

from hub.console.access import Decider, ServedHub
from hub.console.media import Jpeg
from hub.console.strings import Words, strings
from hub.faults import UnknownThing
from hub.register import identity
from hub.register.population import Answer, PopulationDesk

router = APIRouter(prefix="/api/requests/{request_id}/identity")


class SamePersonForm(BaseModel):
    """Whether portrait and picture show the same person, as the officer sees it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    same_person: bool


def population_of(request: Request) -> PopulationDesk:
    """Return the way to the population database; raise UnknownThing."""
    desk: PopulationDesk | None = request.app.state.population
    if desk is None:
        raise UnknownThing("The hub has no [adapters.population] in hub.toml.")
    return desk


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationSaid:
    """What the population database says of the card, and how that is said to the officer."""

    answer: Answer
    vi: str
    en: str


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


@router.post("/population")
def ask_population(
    officer: Decider, desk: Annotated[PopulationDesk, Depends(population_of)], request_id: str
) -> PopulationSaid:
    """Ask the population database about the card; 409 unless the citizen agreed and the officer has the paper."""
    answer = desk.ask(officer.login, request_id)
    words = _words(answer)
    return PopulationSaid(answer=answer, vi=words.vi, en=words.en)


def _words(answer: Answer) -> Words:
    if not answer.reached:
        return strings()("population.NO_ANSWER")
    named = [strings()(f"population.{fact}") for fact in answer.differing]
    vi, en = ", ".join(each.vi for each in named), ", ".join(each.en for each in named)
    said = strings()(f"population.{answer.says}")
    return Words(vi=f"{said.vi} {vi}".strip(), en=f"{said.en} {en}".strip())
