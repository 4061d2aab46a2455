"""Taking a stranger's file: bounded while it streams in, held in memory, never written to a disk."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from hub.verify.judge import MAX_BYTES

FIELD = "file"
AROUND_BYTES = 64 * 1024
"""What the form adds to the file."""

DEADLINE_S = 600.0
AT_ONCE = 8

FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [FIELD],
                "properties": {FIELD: {"type": "string", "format": "binary"}},
            }
        }
    },
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"description": code, "content": {"text/html": {}}}
    for status, code in ((400, "NO_FILE"), (408, "TOO_SLOW"), (413, "TOO_LARGE"), (503, "BUSY"))
}
"""The form and its answers, for the API's description."""

_places = asyncio.Semaphore(AT_ONCE)


class UploadFault(Exception):
    """A file that is not taken; `code` names the sentence, `most_bytes` is what would have been taken."""

    def __init__(self, code: str, status: int, *, most_bytes: int = MAX_BYTES) -> None:
        super().__init__(code)
        self.code, self.status, self.most_bytes = code, status, most_bytes


class _InMemory(MultiPartParser):
    spool_max_size = MAX_BYTES + AROUND_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The file of a form, and what stands in its other fields."""

    file: bytes
    fields: dict[str, str]


async def received(request: Request, *, most_bytes: int | None = None) -> bytes:
    """Return the file of the form; raise UploadFault as soon as it is too long, too slow, or no form."""
    return (await received_form(request, most_bytes=most_bytes)).file


async def received_form(request: Request, *, most_bytes: int | None = None) -> Form:
    """Return the whole form; raise UploadFault as soon as it is too long, too slow, or no form."""
    most_bytes = MAX_BYTES if most_bytes is None else most_bytes
    if _told_length(request) > most_bytes + AROUND_BYTES:
        raise UploadFault("TOO_LARGE", 413, most_bytes=most_bytes)
    if _places.locked():
        raise UploadFault("BUSY", 503)
    async with _places:
        try:
            async with asyncio.timeout(DEADLINE_S):
                return await _form_of(request, most_bytes)
        except TimeoutError:
            raise UploadFault("TOO_SLOW", 408) from None


async def _form_of(request: Request, most_bytes: int) -> Form:
    if not request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        raise UploadFault("NO_FILE", 400)
    try:
        form = await _InMemory(request.headers, _bounded(request, most_bytes), max_files=1, max_fields=4).parse()
    except (MultiPartException, ClientDisconnect):
        raise UploadFault("NO_FILE", 400) from None
    file = form.get(FIELD)
    data = await file.read() if isinstance(file, UploadFile) else b""
    await form.close()
    if not data:
        raise UploadFault("NO_FILE", 400)
    if len(data) > most_bytes:
        raise UploadFault("TOO_LARGE", 413, most_bytes=most_bytes)
    return Form(file=data, fields={name: value for name, value in form.items() if isinstance(value, str)})


async def _bounded(request: Request, most_bytes: int) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for part in request.stream():
        taken += len(part)
        if taken > most_bytes + AROUND_BYTES:
            raise UploadFault("TOO_LARGE", 413, most_bytes=most_bytes)
        yield part


def _told_length(request: Request) -> int:
    told = request.headers.get("Content-Length", "0")
    return int(told) if told.isdecimal() else 0
