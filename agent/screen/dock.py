"""The dock: routes that play the citizen's hands where devices are stand-ins; a kiosk in the field has none of them."""

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.devices.cash import SimulatedCash
from agent.journeys.parts import Kiosk
from agent.screen.api import Problem, answer


class Note(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A note held out to the cash box."""

    value_vnd: int


class Taken(Struct, frozen=True, kw_only=True):
    """Whether the box has taken it; else it was pushed back."""

    taken: bool


def dock(kiosk: Kiosk) -> list[Route]:
    """Return the dock's routes for those of the kiosk's devices that are stand-ins."""
    cash = kiosk.cash
    if not isinstance(cash, SimulatedCash):
        return []
    box = cash.box

    def insert(request_body: bytes) -> Response:
        try:
            note = msgspec.json.decode(request_body, type=Note)
        except msgspec.DecodeError as fault:
            return answer(Problem(vi="Không hiểu.", en=f'Send {{"value_vnd": 10000}}: {fault}.'), 422)
        return answer(Taken(taken=box.insert(note.value_vnd)))

    async def cash_in(request: Request) -> Response:
        return insert(await request.body())

    return [Route("/dock/cash", cash_in, methods=["POST"])]
