"""The guide for other machines than the screen, as the service point's robot: what answers a question, as data."""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.catalogue.words import LONGEST_QUESTION
from agent.journeys.parts import Kiosk
from contract.catalogue import Elsewhere, Procedure


class Said(Struct, frozen=True, kw_only=True):
    """A sentence in both languages."""

    vi: str
    en: str


MACHINE = Said(
    vi="Máy trả lời theo danh mục, không phải người. Người ở quầy quyết định.",
    en="A machine answers from a catalogue, no person. The staff decide.",
)
"""Who passes an answer on to people says this with it (R19)."""


class Answer(Struct, frozen=True, kw_only=True):
    """What a question found, best first; nothing where `elsewhere` or an empty list says that a person must be asked.

    An answer that is not sure is offered as a question: is it one of these?
    """

    machine: Said
    is_sure: bool
    elsewhere: Elsewhere | None
    procedures: tuple[Procedure, ...]
    version: int


class GuideDesk:
    """The routes over one kiosk's catalogue."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk

    def routes(self) -> list[Route]:
        """Return them for the local API."""
        return [Route("/guide", self.ask), Route("/guide/{code}", self.procedure)]

    async def ask(self, request: Request) -> Response:
        """Return an Answer to `?q=` ordinary words; 422 where nothing is asked, or too much."""
        question = request.query_params.get("q", "").strip()
        if not 0 < len(question) <= LONGEST_QUESTION:
            return _json(Said(vi="Hãy hỏi ngắn gọn.", en=f"Ask with ?q= and at most {LONGEST_QUESTION} letters."), 422)
        found = self._kiosk.guide.ask(question)
        return _json(
            Answer(
                machine=MACHINE,
                is_sure=found.is_sure,
                elsewhere=found.elsewhere,
                procedures=found.procedures,
                version=self._kiosk.guide.catalogue.version,
            )
        )

    async def procedure(self, request: Request) -> Response:
        """Return the Procedure with this code; 404 where the catalogue has none."""
        found = self._kiosk.guide.catalogue.find(request.path_params["code"])
        missing = Said(vi="Danh mục không có mã này.", en="The catalogue has no such code.")
        return _json(found) if found else _json(missing, 404)


def _json(body: Struct, code: int = 200) -> Response:
    return Response(msgspec.json.encode(body), code, media_type="application/json")
