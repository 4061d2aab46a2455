"""Citizens' feedback at the console: what they said, and the answer to those who asked for one."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from hub.console.access import ServedHub, allowed
from hub.console.roles import Permit
from hub.feedback import book
from hub.store.tables import Officer

router = APIRouter(prefix="/api")

Answerer = Annotated[Officer, Depends(allowed(Permit.ANSWER_FEEDBACK))]


class AnswerForm(BaseModel):
    """What the citizen will read under the tracking code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=3, max_length=2000, pattern=r"^[^\x00]*$")]


@router.put("/feedback/{feedback_id}/answer", status_code=204)
def answer(hub: ServedHub, officer: Answerer, feedback_id: str, form: AnswerForm) -> None:
    """Answer a citizen, once; 409 where there is an answer, or none was asked for."""
    book.answer(hub, officer.login, feedback_id, form.text)
