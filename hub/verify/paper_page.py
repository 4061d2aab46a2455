"""The public page that compares a photograph of the printed copy with what the register keeps of its words."""

import base64

import msgspec
from fastapi import APIRouter, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from contract.messages import Standing
from hub.console.access import ServedHub
from hub.rooms import Hub
from hub.verify import confined, paper_photo, trust, words
from hub.verify.page import SealText
from hub.verify.paper_match import Comparison
from hub.verify.paper_photo import UNREADABLE, PhotoAnswer
from hub.verify.recorded import Recorded, fingerprint_of, looked_up, reasons
from hub.verify.sheet import HEADERS, sheet
from hub.verify.uploads import ANSWERS, FORM, received

router = APIRouter()

MOST_BYTES = 24 * 1024 * 1024
TIME_S = 45.0
_LOOKS_LIKE = {
    Comparison.AGREES: Standing.VALID,
    Comparison.DIFFERS: Standing.UNKNOWN,
    Comparison.TOO_POOR: Standing.UNKNOWN,
}
_POLICY = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("style-src", "img-src data:; style-src", 1)
}


@router.get("/V/{seal}/paper", response_class=HTMLResponse)
@router.get("/v/{seal}/paper", response_class=HTMLResponse, include_in_schema=False)
def form(hub: ServedHub, request: Request, seal: SealText) -> HTMLResponse:
    """Return the form that takes a photograph of one page of the printed copy."""
    _wanted(hub, request, seal)
    return sheet("paper_form.html", agency=hub.config.agency.name, seal=seal, most_mib=MOST_BYTES >> 20)


@router.post("/V/{seal}/paper", response_class=HTMLResponse, responses=ANSWERS, openapi_extra={"requestBody": FORM})
@router.post("/v/{seal}/paper", response_class=HTMLResponse, include_in_schema=False)
async def check(hub: ServedHub, request: Request, seal: SealText) -> HTMLResponse:
    """Return what the photograph (field `file`) comes to; it is forgotten with the answer."""
    photo = await received(request, most_bytes=MOST_BYTES)
    return await run_in_threadpool(_checked, hub, request, seal, photo)


def _checked(hub: Hub, request: Request, seal: str, photo: bytes) -> HTMLResponse:
    found, packed = _wanted(hub, request, seal)
    answer = confined.answered(paper_photo.answer, (photo, packed, seal.encode()), time_s=TIME_S)
    told = msgspec.msgpack.decode(answer, type=PhotoAnswer) if answer else _nothing()
    outcome = told.compared.outcome
    return sheet(
        "paper_result.html",
        headers=_POLICY,
        agency=hub.config.agency.name,
        seal=seal,
        standing=_LOOKS_LIKE[outcome],
        headline=words.PAPER_HEADLINES[outcome],
        advice=words.PAPER_ADVICE[outcome],
        why=[words.REASONS[reason] for reason in reasons(found)],
        compared=told.compared,
        pages=found.issue.copy_pages,
        picture=base64.b64encode(told.picture).decode(),
    )


def _nothing() -> PhotoAnswer:
    return PhotoAnswer(compared=UNREADABLE, picture=b"")


def _wanted(hub: Hub, request: Request, seal: str) -> tuple[Recorded, bytes]:
    _, found = looked_up(hub, seal, trust.parse(request.app.state.trust()))
    packed = fingerprint_of(hub, found) if found else None
    if found is None or packed is None:
        raise HTTPException(404, "Nothing to compare with is recorded of such a copy")
    return found, packed
