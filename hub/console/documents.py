"""The officer's look at digitised papers: compare the scan with its metadata, accept it, or send it back."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from contract.digital import Metadata
from hub import draft_pdf
from hub.console.access import Decider, ServedHub
from hub.console.media import Jpeg
from hub.console.papers import PHOTO_DPI
from hub.dossiers import documents
from hub.faults import DocumentMalformed

router = APIRouter(prefix="/api/digitised")

_MOST_BYTES = 16_384
_METADATA = msgspec.json.schema(Metadata)["$defs"]["Metadata"]
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": _METADATA}}}}


class SentBack(BaseModel):
    """What is wrong with the scan, for whoever brings the paper again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=3, max_length=500)]


@router.get("/{base_code}/scan.pdf", response_class=Response)
def scan(hub: ServedHub, officer: Decider, base_code: str) -> Response:
    """Return the scan that waits; that the officer looked at it is recorded."""
    return Response(documents.draft(hub, base_code, officer.login), media_type="application/pdf")


@router.get("/{base_code}/pages/{page}.jpg", response_class=Jpeg)
def page_photo(hub: ServedHub, officer: Decider, base_code: str, page: Annotated[int, Path(ge=1)]) -> Response:
    """Return a page of the scan that waits (JPEG, 200 dpi); that the officer looked at it is recorded."""
    scan = documents.draft(hub, base_code, officer.login, page=page)
    return Jpeg(draft_pdf.page_jpeg(scan, page, PHOTO_DPI))


@router.post("/{base_code}/acceptance", status_code=201, openapi_extra=_BODY)
async def accept(hub: ServedHub, officer: Decider, base_code: str, request: Request) -> None:
    """Accept the scan with these metadata; 422 while a mandatory one is blank, 409 where it is decided."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise DocumentMalformed(f"The metadata are longer than {_MOST_BYTES} bytes.")
    try:
        checked = msgspec.json.decode(body, type=Metadata)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise DocumentMalformed(f"The metadata can't be read: {fault}.") from fault
    await run_in_threadpool(documents.accept, hub, base_code, checked, officer.login)


@router.post("/{base_code}/return", status_code=201)
def send_back(hub: ServedHub, officer: Decider, base_code: str, form: SentBack) -> None:
    """Send the scan back with a reason; it is destroyed."""
    documents.send_back(hub, base_code, form.reason, officer.login)
