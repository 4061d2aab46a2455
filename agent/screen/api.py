"""The local API on 127.0.0.1: the touch screen drives it, in a set of stand-ins the demo does."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from agent.journeys.assembly import COPY
from agent.journeys.parts import Kiosk
from agent.journeys.pick_up import FIND
from agent.journeys.till import TillClosed
from agent.journeys.touches import Touch
from agent.journeys.values import Order, PickUp, Way, Wish
from agent.ledger.faults import LedgerFault
from agent.ledger.journal import NoSuchVisit
from agent.screen.entrance import BUSY, Begin, Problem, admit, hold_out, shut
from agent.screen.status import self_tests, status
from agent.screen.view import report, view


class Began(Struct, frozen=True, kw_only=True):
    """A visit that was started."""

    visit: str


_NO_SUCH_WAY = Problem(
    vi="Lúc này không trả tiền được bằng cách này.", en="This can't be paid now, or not in this way."
)


class Choice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the citizen wants to pay what is still due."""

    way: Way


class Slip(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A voucher held out by its QR's text."""

    code: Annotated[str, Meta(min_length=1, max_length=1000)]


class Proof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which devices are to prove themselves, and whether printers may use paper."""

    devices: tuple[str, ...] = ()
    printing: bool = False


class Screen:
    """The routes over one kiosk."""

    def __init__(self, kiosk: Kiosk, begin: Begin, more: Sequence[BaseRoute] = ()) -> None:
        self._kiosk, self._begin, self._more = kiosk, begin, more

    def app(self) -> Starlette:
        """Return the web application."""
        return Starlette(
            routes=[
                Route("/status", self.status),
                Route("/self-tests", self.self_test, methods=["POST"]),
                Route("/visits", self.start, methods=["POST"]),
                Route("/pick-ups", self.pick_up, methods=["POST"]),
                Route("/visits/{visit}", self.show),
                Route("/visits/{visit}/report", self.report),
                Route("/visits/{visit}/copy", self.copy),
                Route("/visits/{visit}/cancel", self.cancel, methods=["POST"]),
                Route("/visits/{visit}/pay", self.pay, methods=["POST"]),
                Route("/visits/{visit}/voucher", self.voucher, methods=["POST"]),
                *self._more,
                Route("/visits/{visit}/{touch}", self.touch, methods=["POST"]),
            ],
            exception_handlers={NoSuchVisit: _no_such_visit, LedgerFault: _ledger_fault},
        )

    async def status(self, request: Request) -> Response:
        """Devices, link, open visits, mode."""
        return answer(await status(self._kiosk))

    async def self_test(self, request: Request) -> Response:
        """Let devices prove themselves, for `tram doctor`: {devices: [name, …], printing}; none = all."""
        try:
            body = msgspec.json.decode(await request.body(), type=Proof)
        except msgspec.DecodeError as fault:
            return answer(Problem(vi="Yêu cầu chưa đúng.", en=f"The request is not understood: {fault}."), 422)
        if self._kiosk.floor.locked():
            return answer(BUSY, 409)
        names = body.devices or tuple(self._kiosk.devices)
        return answer(await self_tests(self._kiosk, names, printing=body.printing))

    async def start(self, request: Request) -> Response:
        """Start a certified copy: {copies, electronic, requester_name, declared_pages?}."""
        if problem := shut(self._kiosk):
            return answer(problem, 409)
        try:
            order = msgspec.json.decode(await request.body(), type=Order)
        except msgspec.DecodeError as fault:
            return answer(Problem(vi="Yêu cầu chưa đúng.", en=f"The order is not understood: {fault}."), 422)
        if not order.copies and not order.electronic:
            return answer(
                Problem(vi="Hãy chọn bản in hoặc bản điện tử.", en="Order copies, or the electronic one."), 422
            )
        return await self._admit(order)

    async def pick_up(self, request: Request) -> Response:
        """Start the collecting of a copy with its receipt: {code?}; without it the receipt lies in the scanner."""
        if problem := shut(self._kiosk):
            return answer(problem, 409)
        try:
            wish = msgspec.json.decode(await request.body() or b"{}", type=PickUp)
        except msgspec.DecodeError as fault:
            return answer(Problem(vi="Mã chưa đúng.", en=f"The code is not understood: {fault}."), 422)
        return await self._admit(wish)

    async def _admit(self, wish: Wish) -> Response:
        begun = await admit(self._kiosk, self._begin, wish)
        return answer(begun, 409) if isinstance(begun, Problem) else answer(Began(visit=begun), 201)

    async def show(self, request: Request) -> Response:
        """Where a visit stands, in sentences."""
        return answer(await view(self._kiosk, request.path_params["visit"]))

    async def report(self, request: Request) -> Response:
        """Each step with its seconds; bytes up and down."""
        return answer(await report(self._kiosk, request.path_params["visit"]))

    async def copy(self, request: Request) -> Response:
        """The signed copy while it may be collected, by the visit that ordered it or one that collects it."""
        record = await self._kiosk.ledger.journal.visit(request.path_params["visit"])
        ordered = await self._kiosk.ledger.journal.resume(record).recorded(FIND, str)
        spool = self._kiosk.ledger.spool(ordered or record.id)
        if not record.closed_at or not spool.has(COPY):
            return answer(Problem(vi="Không có bản sao để nhận.", en="There is no copy to collect (any more)."), 404)
        return FileResponse(spool.path(COPY), media_type="application/pdf")

    async def cancel(self, request: Request) -> Response:
        """Cancel before payment; later the journey goes on and says so."""
        record = await self._kiosk.ledger.journal.visit(request.path_params["visit"])
        await self._kiosk.ledger.journal.cancel(record.id)
        self._kiosk.touches.press(record.id, Touch.NOT_MY_FACE)  # who cancels wants no camera on them either
        return answer(await view(self._kiosk, record.id), 202)

    async def pay(self, request: Request) -> Response:
        """Choose how to pay what is due: {way}, one of those that the visit's `pay` lists."""
        record = await self._kiosk.ledger.journal.visit(request.path_params["visit"])
        try:
            self._kiosk.till.choose(record.id, msgspec.json.decode(await request.body(), type=Choice).way)
        except msgspec.DecodeError as fault:
            return answer(Problem(vi="Không có cách trả tiền này.", en=f"There is no such way to pay: {fault}."), 422)
        except TillClosed:
            return answer(_NO_SUCH_WAY, 409)
        return answer(await view(self._kiosk, record.id), 202)

    async def voucher(self, request: Request) -> Response:
        """Pay with a voucher: {code}, the text of its QR; the hub says whether it counts."""
        record = await self._kiosk.ledger.journal.visit(request.path_params["visit"])
        try:
            slip = msgspec.json.decode(await request.body(), type=Slip)
        except msgspec.DecodeError as fault:
            return answer(Problem(vi="Mã phiếu chưa đúng.", en=f"The voucher is not understood: {fault}."), 422)
        if problem := await hold_out(self._kiosk, record.id, slip.code):
            return answer(problem, 409)
        return answer(await view(self._kiosk, record.id), 202)

    async def touch(self, request: Request) -> Response:
        """A button that a journey waits for: `taken`, `page-is-in`, `all-in`, and those of `identity.touches`."""
        record = await self._kiosk.ledger.journal.visit(request.path_params["visit"])
        button = request.path_params["touch"]
        if button not in set(Touch) - {Touch.STAFF}:  # staff come with a PIN
            return answer(Problem(vi="Không có nút này.", en=f"There is no button {button!r}."), 404)
        self._kiosk.touches.press(record.id, Touch(button))
        return answer(await view(self._kiosk, record.id), 202)


def answer(body: object, code: int = 200) -> Response:
    """Return a value as JSON."""
    return Response(msgspec.json.encode(body), code, media_type="application/json")


async def _no_such_visit(request: Request, fault: Exception) -> Response:
    return answer(Problem(vi="Không có lượt này.", en=f"There is no visit {fault}."), 404)


async def _ledger_fault(request: Request, fault: Exception) -> Response:
    remedy = fault.remedy if isinstance(fault, LedgerFault) else ""
    return answer(Problem(vi="Trạm tạm dừng. Vui lòng gọi nhân viên.", en=f"{fault}. {remedy}"), 503)
