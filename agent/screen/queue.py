"""Queue numbers by the local API: for a robot in the hall, and whoever else may draw for somebody.

    GET  /queue              the services; online says whether the hub can confirm now
    POST /tickets            {service, priority?, printed?, here?} → 201 {visit}
    POST /check-ins          {code, printed?, here?} → 201 {visit}
    GET  /tickets/{visit}    the number, who is before it, the address to follow it, what became of the paper

Numbers are given while somebody else stands at the screen too: `here` is false unless it is asked for, so the screen
stays with its citizen. A robot that did not hear the answer asks again with the same `Idempotency-Key` header, and gets
the same visit.
"""

import asyncio
from collections import OrderedDict

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.journeys.line import LineService
from agent.journeys.parts import Kiosk
from agent.journeys.values import CheckIn, DrawNumber
from agent.screen.api import Began, answer
from agent.screen.entrance import OUT_OF_SERVICE, Begin, Problem
from agent.screen.view import view

KEYS_KEPT = 500
NO_LINE = Problem(vi="Trạm này không cấp số thứ tự.", en="This kiosk gives no numbers.")
NO_SUCH_SERVICE = Problem(vi="Không có việc này ở đây.", en="There is no such service here; GET /queue lists them.")
NO_TICKET = Problem(vi="Lượt này không có số thứ tự.", en="This visit has no number.")


class LineView(Struct, frozen=True, kw_only=True):
    """What numbers can be drawn for."""

    services: tuple[LineService, ...]
    online: bool


class TicketState(Struct, frozen=True, kw_only=True):
    """A number as a robot says it; `done` that nothing more will happen to the ticket here."""

    visit: str
    done: bool
    code: str
    vi: str
    en: str
    ticket: object


class QueueDesk:
    """The routes."""

    def __init__(self, kiosk: Kiosk, begin: Begin) -> None:
        self._kiosk, self._begin = kiosk, begin
        self._begun: OrderedDict[str, str] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the routes; a kiosk without a line answers that it gives no numbers."""
        return [
            Route("/queue", self.services),
            Route("/tickets", self.draw, methods=["POST"]),
            Route("/check-ins", self.check_in, methods=["POST"]),
            Route("/tickets/{visit}", self.show),
        ]

    async def services(self, request: Request) -> Response:
        """The services that numbers are given for."""
        if self._kiosk.line is None:
            return answer(NO_LINE, 404)
        return answer(LineView(services=self._kiosk.line.services, online=self._kiosk.link.status.online))

    async def draw(self, request: Request) -> Response:
        """Draw a number: {service, priority?, printed?, here?}."""
        return await self._start(request, DrawNumber)

    async def check_in(self, request: Request) -> Response:
        """Report somebody with a code: {code, printed?, here?}."""
        return await self._start(request, CheckIn)

    async def show(self, request: Request) -> Response:
        """Where a number stands."""
        seen = await view(self._kiosk, request.path_params["visit"])
        if seen.ticket is None:
            return answer(NO_TICKET, 404)
        code = seen.ending.code if seen.ending else ""
        said = TicketState(
            visit=seen.visit, done=seen.closed_at is not None, code=code, vi=seen.vi, en=seen.en, ticket=seen.ticket
        )
        return answer(said)

    async def _start(self, request: Request, kind: type[DrawNumber] | type[CheckIn]) -> Response:
        if self._kiosk.line is None:
            return answer(NO_LINE, 404)
        try:
            sent = {"here": False} | msgspec.json.decode(await request.body(), type=dict[str, object])
            wish = msgspec.convert(sent, kind)
        except (msgspec.DecodeError, msgspec.ValidationError) as fault:
            return answer(Problem(vi="Yêu cầu chưa đúng.", en=f"The request is not understood: {fault}."), 422)
        if isinstance(wish, DrawNumber) and self._kiosk.line.service(wish.service) is None:
            return answer(NO_SUCH_SERVICE, 404)
        if not self._kiosk.door.is_open:
            return answer(OUT_OF_SERVICE, 409)
        return answer(Began(visit=await self._begun_once(request.headers.get("idempotency-key", ""), wish)), 201)

    async def _begun_once(self, key: str, wish: DrawNumber | CheckIn) -> str:
        """Begin a visit, or return the one that this key began; keys are forgotten when the agent restarts."""
        async with self._one_at_a_time:
            if key in self._begun:
                return self._begun[key]
            with self._kiosk.door.entering():
                visit = await self._begin(wish)
            if key:
                self._begun[key] = visit
                while len(self._begun) > KEYS_KEPT:
                    self._begun.popitem(last=False)
            return visit
