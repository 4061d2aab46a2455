"""The collector's side of the local API: the account since the last collection, and closing it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.journeys import collection, settling
from agent.journeys.parts import Kiosk
from agent.journeys.pins import PinRefused, Pins
from agent.ledger.closing import CashReport, ClosingRefused
from agent.ledger.settling import SettlingRefused, Unsettled
from contract.messages import ClosingFact, DeviceReading, Found, PaidVnd, PrintOutcome


class Who(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collector's name and PIN."""

    collector: Annotated[str, Meta(min_length=1, max_length=100)]
    pin: Annotated[str, Meta(min_length=1, max_length=100)]


class Word(Who, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's word on a visit's unknown money; without an amount on all of it."""

    visit: Annotated[str, Meta(min_length=1, max_length=100)]
    found: Found
    reason: Annotated[str, Meta(min_length=3, max_length=500)]
    amount_vnd: PaidVnd | None = None


class UnsettledView(Struct, frozen=True, kw_only=True):
    """What waits for a person, oldest first."""

    kiosk: str
    unsettled: list[Unsettled]


W = TypeVar("W", bound=Who)


class ReportView(Struct, frozen=True, kw_only=True):
    """The account, the cash devices' line, and how many visits the change lasts for (None: not known yet)."""

    kiosk: str
    report: CashReport
    difference_vnd: int
    device: DeviceReading | None
    visits_left: int | None


class BegunView(Struct, frozen=True, kw_only=True):
    """A collection that has begun; take the money out now."""

    number: int
    collector: str
    report: CashReport
    difference_vnd: int


class ClosedView(Struct, frozen=True, kw_only=True):
    """A collection that is over."""

    closing: ClosingFact
    slip: PrintOutcome | None


class Refusal(Struct, frozen=True, kw_only=True):
    """Why a call was not done, and what to do."""

    cause: str
    remedy: str


class CashDesk:
    """The routes over one kiosk's cash; each needs a collector's name and PIN."""

    def __init__(self, kiosk: Kiosk, collectors: Pins) -> None:
        self._kiosk, self._collectors = kiosk, collectors

    def routes(self) -> list[Route]:
        """Return them for the local API."""
        deeds = {
            "report": self.report,
            "begin": self.begin,
            "finish": self.finish,
            "unsettled": self.unsettled,
            "settle": self.settle,
        }
        return [Route(f"/cash/{name}", deed, methods=["POST"]) for name, deed in deeds.items()]

    async def report(self, request: Request) -> Response:
        """Books beside machine since the last collection; nothing changes."""
        return await self._answer(request, Who, self._report)

    async def begin(self, request: Request) -> Response:
        """Begin a collection with the machine as it is; again: the one that is open."""
        return await self._answer(request, Who, self._begin)

    async def finish(self, request: Request) -> Response:
        """Finish it with what is in the machine now; prints the slip and tells the hub."""
        return await self._answer(request, Who, self._finish)

    async def unsettled(self, request: Request) -> Response:
        """Money of which a person has to find out whose it is."""
        return await self._answer(request, Who, self._unsettled)

    async def settle(self, request: Request) -> Response:
        """Book what the person found out, and tell the hub: {collector, pin, visit, found, reason, amount_vnd?}."""
        return await self._answer(request, Word, self._settle)

    async def _unsettled(self, who: Who) -> Struct:
        return UnsettledView(kiosk=self._kiosk.place.kiosk, unsettled=await self._kiosk.ledger.settlements.unsettled())

    async def _settle(self, word: Word) -> Struct:
        return await settling.settle(self._kiosk, word.visit, word.amount_vnd, word.found, word.reason, word.collector)

    async def _report(self, who: Who) -> Struct:
        report = await collection.report(self._kiosk)
        status = await self._kiosk.cash.status()
        lines = await self._kiosk.board.lines({"cash": self._kiosk.cash}, self._kiosk.clock)
        return ReportView(
            kiosk=self._kiosk.place.kiosk,
            report=report,
            difference_vnd=report.difference_vnd,
            device=lines[0] if lines else None,
            visits_left=await collection.change_lasts_for(self._kiosk, status.tubes or {}),
        )

    async def _begin(self, who: Who) -> Struct:
        begun = await collection.begin(self._kiosk, who.collector)
        return BegunView(
            number=begun.number,
            collector=begun.collector,
            report=begun.report,
            difference_vnd=begun.report.difference_vnd,
        )

    async def _finish(self, who: Who) -> Struct:
        closing, slip = await collection.finish(self._kiosk)
        return ClosedView(closing=closing, slip=slip)

    async def _answer(self, request: Request, kind: type[W], deed: Callable[[W], Awaitable[Struct]]) -> Response:
        try:
            who = msgspec.json.decode(await request.body(), type=kind)
            await asyncio.to_thread(self._collectors.check, who.collector, who.pin)
            return _json(await deed(who))
        except msgspec.DecodeError as fault:
            return _json(Refusal(cause=f"the call is not understood: {fault}", remedy="Use `tram cash`."), 422)
        except (PinRefused, ClosingRefused, SettlingRefused) as refusal:
            return _json(Refusal(cause=str(refusal), remedy=refusal.remedy), 409)


def _json(body: Struct, code: int = 200) -> Response:
    return Response(msgspec.json.encode(body), code, media_type="application/json")
