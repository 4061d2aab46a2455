"""Feedback over the local API, for a robot or another screen: the same as at the touch screen."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.journeys import feedback
from agent.journeys.feedback import Face, Said, Words
from agent.journeys.parts import Kiosk
from agent.screen.entrance import Problem
from agent.screen.view import view


class Wanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A face from 1 to 5, words, whether an answer is wanted, and the visit that it is about, blank for none."""

    face: Face
    words: Words = ""
    wants_answer: bool = False
    visit: Annotated[str, Meta(max_length=26)] = ""


class FeedbackDesk:
    """The route over one kiosk."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk

    def routes(self) -> list[Route]:
        """Return it for the local web application."""
        return [Route("/feedback", self.give, methods=["POST"])]

    async def give(self, request: Request) -> Response:
        """Take feedback: {face, words?, wants_answer?, visit?}; answer with tracking code and address."""
        try:
            wanted = msgspec.json.decode(await request.body(), type=Wanted)
        except msgspec.DecodeError as fault:
            return _answer(Problem(vi="Góp ý chưa đúng.", en=f"The feedback is not understood: {fault}."), 422)
        about = (await view(self._kiosk, wanted.visit)).request if wanted.visit else None
        said = Said(face=wanted.face, words=wanted.words, wants_answer=wanted.wants_answer, about=about)
        return _answer(await feedback.give(self._kiosk, said), 201)


def _answer(body: object, code: int) -> Response:
    return Response(msgspec.json.encode(body), code, media_type="application/json")
