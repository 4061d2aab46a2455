"""The public page behind a copy's QR, and the trust statement for machines.

The page says what the seal says, whether register and annulments agree, and how to check without it: nothing that the
holder of the paper does not have already.
"""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import HTMLResponse

from contract.messages import Standing
from hub.console.access import ServedHub
from hub.console.media import Jose, Json
from hub.register.in_log import in_log
from hub.rooms import Hub
from hub.verify import trust, words
from hub.verify.recorded import Recorded, looked_up, reasons, told
from hub.verify.sheet import HEADERS, sheet
from hub.verify.values import standing_of

router = APIRouter()

_OBJECT: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
SealText = Annotated[str, Path(max_length=1024)]


@router.get("/trust.json", response_class=Json, responses=_OBJECT)
def trust_statement(request: Request) -> Response:
    """Return anchors, seal certificates and annulled copies: all that an offline check needs."""
    return Json(request.app.state.trust())


@router.get("/trust.jws", response_class=Jose)
def trust_bundle(request: Request) -> Response:
    """Return the same statement signed (compact JWS, ES256, chain in `x5c`)."""
    return Jose(request.app.state.trust.signed())


@router.get("/V/{seal}", response_class=HTMLResponse)
@router.get("/v/{seal}", response_class=HTMLResponse, include_in_schema=False)
def verify_page(hub: ServedHub, request: Request, seal: SealText) -> HTMLResponse:
    """Return the page on the copy whose seal (base32) stands in the address."""
    known = trust.parse(request.app.state.trust())
    finding, found = looked_up(hub, seal, known)
    why = finding.reasons or tuple(reasons(found))
    standing = standing_of(why)
    log, proof = _log(hub, found, seal)
    return sheet(
        "copy.html",
        status=200 if finding.seal else 404,
        agency=hub.config.agency.name,
        standing=standing,
        headline=words.HEADLINES[standing],
        why=[words.REASONS[reason] for reason in why],
        remark=words.PAPER_REMARK if standing is Standing.VALID else None,
        told=told(hub, found, finding.seal, known) if found and finding.seal else [],
        compare=f"/v/{seal}/paper" if found and found.has_words else "",
        log=log,
        proof=proof,
    )


@router.get("/V/{seal}/log", response_class=Json, responses=_OBJECT)
@router.get("/v/{seal}/log", response_class=Json, include_in_schema=False)
def log_proof(hub: ServedHub, request: Request, seal: SealText) -> Response:
    """Return how a copy stands in the public log: what its leaf says, the salt, and the proof of inclusion."""
    _, found = looked_up(hub, seal, trust.parse(request.app.state.trust()))
    told_of = in_log(hub, found.issue.copy_id) if found else None
    if told_of is None:
        raise HTTPException(404, "No such copy is recorded here")
    return Json(msgspec.json.encode(told_of), headers=HEADERS)


def _log(hub: Hub, found: Recorded | None, seal: str) -> tuple[list[str], str]:
    if found is None:
        return [], ""
    told_of = in_log(hub, found.issue.copy_id)
    proven = bool(told_of and told_of.proof)
    lines = words.IN_LOG if proven else words.SOON_IN_LOG
    return [each.format(index=found.issue.log_index) for each in lines], f"/v/{seal}/log" if proven else ""
