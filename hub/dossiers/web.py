"""The four services of the guidance (November 2025, §2.3 step 6), and the one that gives a dossier out by its receipt.

Connected systems authenticate with the bearer token of [documents] clients. A document that is brought in carries no
DocCode: the hub allots it. `PUT` makes the next version of the metadata; every earlier one can still be read.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from contract.digital import TYPE, Metadata
from contract.ids import sha256_hex
from contract.messages import MAX_DRAFT_BYTES
from hub import draft_pdf
from hub.console.access import ServedHub
from hub.dossiers import documents, filing, reuse
from hub.dossiers.settings import DocumentClient, DocumentPermit
from hub.faults import DocumentMalformed, NoDocuments, NotLoggedIn, RoleMissing
from hub.rooms import Hub
from hub.verify import uploads

router = APIRouter(prefix="/api/v1")

MOST_METADATA_BYTES = 16_384
_BEARER = HTTPBearer(auto_error=False, scheme_name="Connected system")
_METADATA = msgspec.json.schema(Metadata)["$defs"]["Metadata"]
_JSON_BODY: dict[str, Any] = {"requestBody": {"required": True, "content": {"application/json": {"schema": _METADATA}}}}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["metadata", "file", "type"],
                    "properties": {
                        "metadata": _METADATA,
                        "type": {"type": "string", "description": "LV of the code, e.g. QĐ"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


def client_of(
    hub: ServedHub, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> DocumentClient:
    """Return the connected system that is asking; raise NoDocuments or NotLoggedIn."""
    if hub.config.documents is None:
        raise NoDocuments("This hub keeps no digitised documents.")
    given = sha256_hex(credentials.credentials.encode()) if credentials else ""
    for client in hub.config.documents.clients:
        if hmac.compare_digest(client.token_sha256, given):
            return client
    raise NotLoggedIn("The request carries no token of a connected system (Authorization: Bearer …).")


def permitted(permit: DocumentPermit) -> Callable[[DocumentClient], str]:
    """Return a dependency that gives the system's name if it may do this; raise RoleMissing."""

    def name_of(client: Annotated[DocumentClient, Depends(client_of)]) -> str:
        if permit not in client.may:
            raise RoleMissing(f"The system {client.name} may not {permit} documents.")
        return client.name

    return name_of


Importer = Annotated[str, Depends(permitted(DocumentPermit.IMPORT))]
Reader = Annotated[str, Depends(permitted(DocumentPermit.READ))]
Changer = Annotated[str, Depends(permitted(DocumentPermit.CHANGE))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The code that the hub has allotted."""

    DocCode: str


class ReuseForm(BaseModel):
    """The two parts of the receipt's QR."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dossier: Annotated[str, Field(min_length=26, max_length=26)]
    secret: Annotated[str, Field(min_length=16, max_length=100)]


@router.post("/documents/import", status_code=201, openapi_extra=_FORM)
async def bring_in(hub: ServedHub, client: Importer, request: Request) -> Imported:
    """Take a digitised document: `metadata` (JSON), `type` (LV) and `file` (PDF) of a form."""
    try:
        form = await uploads.received_form(request, most_bytes=MAX_DRAFT_BYTES)
    except uploads.UploadFault as fault:
        raise DocumentMalformed(f"The form was not taken: {fault.code}.") from fault
    metadata = _metadata(form.fields.get("metadata", "").encode())
    return await run_in_threadpool(_import, hub, client, form.fields.get("type", ""), metadata, form.file)


@router.get("/documents/{doc_code}", response_class=Response)
def read(hub: ServedHub, client: Reader, doc_code: str) -> Response:
    """Return the metadata of this version."""
    return _json(documents.metadata(hub, documents.parsed(doc_code), client))


@router.put("/documents/{doc_code}", response_class=Response, openapi_extra=_JSON_BODY)
async def change(hub: ServedHub, client: Changer, doc_code: str, request: Request) -> Response:
    """Record changed metadata as the next version, and return them with its code; 409 unless the newest is named."""
    metadata = _metadata(await _body(request))
    return await run_in_threadpool(_change, hub, client, doc_code, metadata)


@router.get("/documents/download/{doc_code}", response_class=Response)
def download(hub: ServedHub, client: Reader, doc_code: str) -> Response:
    """Return the signed file under the name that the guidance gives it; 409 until it is signed."""
    file = documents.file(hub, documents.parsed(doc_code), client)
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type="application/pdf", headers={"Content-Disposition": disposition})


@router.post("/dossiers/reuse", response_class=Response)
def give_out(hub: ServedHub, form: ReuseForm) -> Response:
    """Give the dossier of a receipt out as a ZIP; the receipt's secret is the authority, and works once."""
    content = reuse.reuse(hub, form.dossier, form.secret, "receipt")
    disposition = f'attachment; filename="{form.dossier}.zip"'
    return Response(content, media_type="application/zip", headers={"Content-Disposition": disposition})


def _import(hub: Hub, client: str, kind: str, metadata: Metadata, content: bytes) -> Imported:
    if metadata.doc_code:
        raise DocumentMalformed("The metadata name a DocCode, which the hub alone allots.")
    if not TYPE.fullmatch(kind):
        raise DocumentMalformed(f"{kind[:10]!r} is no abbreviation of a type such as QĐ.")
    if lacking := metadata.lacking:
        raise DocumentMalformed(f"The metadata lack {', '.join(lacking)}.")
    try:
        pages = draft_pdf.page_count(content)
    except draft_pdf.Unreadable as fault:
        raise DocumentMalformed(f"The file is no PDF that can be read: {fault}.") from fault
    return Imported(DocCode=str(filing.bring_in(hub, client, kind, metadata, content, pages)))


def _change(hub: Hub, client: str, doc_code: str, metadata: Metadata) -> Response:
    if metadata.doc_code not in ("", doc_code):
        raise DocumentMalformed(f"The metadata are those of {metadata.doc_code}.")
    if lacking := metadata.lacking:
        raise DocumentMalformed(f"The metadata lack {', '.join(lacking)}.")
    code = documents.change(hub, documents.parsed(doc_code), metadata, client)
    return _json(msgspec.structs.replace(metadata, doc_code=str(code)))


def _metadata(body: bytes) -> Metadata:
    try:
        return msgspec.json.decode(body, type=Metadata)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise DocumentMalformed(f"The metadata can't be read: {fault}.") from fault


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_METADATA_BYTES:
            raise DocumentMalformed(f"The metadata are longer than {MOST_METADATA_BYTES} bytes.")
    return body


def _json(metadata: Metadata) -> Response:
    return Response(msgspec.json.encode(metadata), media_type="application/json")
