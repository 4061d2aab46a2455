"""Faults as the console tells them: JSON with code, cause and remedy, and the HTTP status that fits; pages in words."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DatabaseError
from starlette.exceptions import HTTPException

from hub import faults
from hub.console import render
from hub.console.access import COOKIE
from hub.console.headers import DEFAULTS
from hub.rooms import Hub
from hub.verify.sheet import sheet

log = logging.getLogger(__name__)

_MAKE_ROOM = "Ask the operator to check disk and database, then do it again."
_STATUS: dict[type[faults.HubFault], int] = {
    faults.ClockDoubtful: 503,
    faults.ClockWentBack: 503,
    faults.AlreadyDecided: 409,
    faults.ClaimedByColleague: 409,
    faults.PaperNotOpen: 409,
    faults.TooLateToTakeBack: 409,
    faults.NotAuthorised: 403,
    faults.DecisionIncomplete: 422,
    faults.LookupNotAgreed: 409,
    faults.BookStillOpen: 409,
    faults.AlreadyPrinted: 409,
    faults.NotYours: 409,
    faults.NotLoggedIn: 401,
    faults.LockedOut: 429,
    faults.RoleMissing: 403,
    faults.SecondFactorMissing: 403,
    faults.ForeignRequest: 403,
    faults.ProviderRefused: 403,
    faults.PinWrong: 403,
    faults.PinBlocked: 429,
    faults.PinUnfit: 422,
    faults.TokenUnready: 503,
    faults.VoucherForged: 422,
    faults.VoucherUsed: 409,
    faults.VoucherContradiction: 409,
    faults.BankNotKnown: 404,
    faults.BankWordUnsigned: 401,
    faults.BankWordStale: 401,
    faults.BankWordMalformed: 422,
    faults.TransferContradiction: 409,
    faults.TransferNotToRefund: 409,
    faults.DocumentMalformed: 422,
    faults.DocumentNotReady: 409,
    faults.DocumentSuperseded: 409,
    faults.DocumentDecided: 409,
    faults.NoDocuments: 404,
    faults.DossierSecretWrong: 403,
    faults.DossierReused: 410,
    faults.JobMalformed: 422,
    faults.JobContradiction: 409,
    faults.RolloutOver: 409,
    faults.EnrolmentClosed: 404,
    faults.CarriedWrong: 422,
    faults.NotAtCounter: 409,
    faults.CalledTooSeldom: 409,
    faults.NotSkipped: 409,
    faults.SlotFull: 409,
    faults.BookingOver: 409,
    faults.PartnerUnknown: 404,
    faults.PartnerUnsigned: 401,
    faults.PartnerMalformed: 422,
    faults.PartnerContradiction: 409,
    faults.DeliveryElsewhere: 409,
    faults.UnknownThing: 404,
    faults.ImagesPurged: 410,
    faults.EvidenceDamaged: 410,
    faults.AlreadyAnnulled: 409,
    faults.AlreadyAnswered: 409,
}


_STORE_UNUSABLE = 503


class Told(BaseModel):
    """Every error that is not a page: what happened and what to do."""

    code: str
    cause: str
    remedy: str


_TOLD = Told.model_json_schema()


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return these answers, or all that an act at the console can get, as the API's description shows them."""
    codes: dict[int, list[str]] = {422: ["MALFORMED"], _STORE_UNUSABLE: ["HUB_STORE"], 404: ["HTTP"]}
    for kind, status in _STATUS.items():
        codes.setdefault(status, []).append(kind.code)
    wanted = statuses or sorted(codes)
    content = {"application/json": {"schema": _TOLD}}
    return {each: {"description": ", ".join(codes.get(each, ["HTTP"])), "content": content} for each in wanted}


_PAGE_WORDS: dict[type[faults.HubFault], str] = {
    faults.RoleMissing: "fault.role",
    faults.UnknownThing: "fault.unknown",
    faults.ImagesPurged: "fault.purged",
}

_NO_PAGE = (
    ("Không có trang này", "There is no such page"),
    (
        "Đường dẫn bị gõ hoặc chép thiếu. Hãy quét lại mã QR, hoặc xin giúp tại quầy.",
        "The address was mistyped or cut short. Scan the QR code again, or ask at the counter.",
    ),
)


def install(app: FastAPI) -> None:
    """Make every error of the application answer in this form."""
    app.add_exception_handler(faults.HubFault, _known)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DatabaseError, _store)
    app.add_exception_handler(OSError, _store)
    app.add_exception_handler(Exception, _unknown)


async def _known(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, faults.HubFault)
    if _is_page(request):
        return _instead_of_page(request, fault)
    return _answer(_STATUS.get(type(fault), 500), fault.code, fault.cause, fault.advice)


async def _malformed(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    if _is_read_by_a_person(request):
        return _no_such_page(request, 422)
    first = fault.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return _answer(422, "MALFORMED", f"{place}: {first['msg']}.", "Correct the request; /openapi.json describes it.")


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    if _is_read_by_a_person(request):
        return _no_such_page(request, fault.status_code)
    return _answer(fault.status_code, "HTTP", f"{fault.detail}.", "Check address and method; /openapi.json lists them.")


async def _store(_request: Request, fault: Exception) -> JSONResponse:
    log.error("the hub can't read or write its store: %s", fault)
    return _answer(
        _STORE_UNUSABLE, "HUB_STORE", "The hub can't read or write its store; nothing was recorded.", _MAKE_ROOM
    )


async def _unknown(request: Request, _fault: Exception) -> Response:
    """Answer for a fault of the program; what it was goes to the log alone."""
    if _is_page(request):
        return render.page(request, "fault.html", status=500, words="fault.other")
    answer = _answer(500, "FAULT", "The hub could not do this.", "Ask the operator to look into the hub's log.")
    answer.headers.update(DEFAULTS)  # it is made outside of the middleware
    return answer


def _is_page(request: Request) -> bool:
    return request.url.path == "/" or request.url.path.startswith("/console")


def _is_read_by_a_person(request: Request) -> bool:
    """Return whether a browser wants to show this: a link that was copied short, an address mistyped."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def _no_such_page(request: Request, status: int) -> Response:
    hub: Hub = request.app.state.hub
    return sheet("notice.html", status=status, agency=hub.config.agency.name, words=_NO_PAGE[0], more=_NO_PAGE[1])


def _instead_of_page(request: Request, fault: faults.HubFault) -> Response:
    if isinstance(fault, faults.NotLoggedIn):
        known = COOKIE in request.cookies
        return RedirectResponse("/console/login?why=over" if known else "/console/login", status_code=303)
    if isinstance(fault, faults.SecondFactorMissing):
        return RedirectResponse("/console/account", status_code=303)
    words = _PAGE_WORDS.get(type(fault), "fault.other")
    return render.page(request, "fault.html", status=_STATUS.get(type(fault), 500), words=words)


def _answer(status: int, code: str, cause: str, remedy: str) -> JSONResponse:
    return JSONResponse({"code": code, "cause": cause, "remedy": remedy}, status)
