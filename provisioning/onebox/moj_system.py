"""A simulated certification system of the Ministry of Justice; it stalls, fails and talks nonsense when it is told to.

It is our guess of an interface (hub.adapters.moj_register), not the Ministry's. `app` is served by whoever wants it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

SLOW_S = 3.0


class MojTrouble(StrEnum):
    """What the system does instead of its duty; LOSES_ANSWER does its duty and then fails."""

    SLOW = "SLOW"
    ERROR = "ERROR"
    WRONG_SCHEMA = "WRONG_SCHEMA"
    OTHER_COPY = "OTHER_COPY"
    CUT_OFF = "CUT_OFF"
    LOSES_ANSWER = "LOSES_ANSWER"
    REFUSES = "REFUSES"


class MojSystem:
    """One system with one token; `entries` are what it has taken, by idempotency key."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.entries: dict[str, dict[str, Any]] = {}
        self.asked = 0
        self.trouble: MojTrouble | None = None
        self.app = Starlette(routes=[Route("/entries", self._enter, methods=["POST"])])

    async def _enter(self, request: Request) -> Response:
        self.asked += 1
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return JSONResponse({"error": "unauthorised"}, 401)
        entry, key = json.loads(await request.body()), request.headers["idempotency-key"]
        match self.trouble:
            case MojTrouble.SLOW:
                await asyncio.sleep(SLOW_S)
            case MojTrouble.ERROR:
                return JSONResponse({"error": "internal"}, 500)
            case MojTrouble.WRONG_SCHEMA:
                return JSONResponse({"soBienNhan": 7})
            case MojTrouble.OTHER_COPY:
                return JSONResponse({"copy_id": "0" * 26, "receipt": "BTP-0"})
            case MojTrouble.CUT_OFF:
                return StreamingResponse(_cut_off(), headers={"content-length": "500"})
            case MojTrouble.REFUSES:
                return JSONResponse({"error": "book is closed"}, 422)
        return self._taken(entry, key)

    def _taken(self, entry: dict[str, Any], key: str) -> Response:
        if self.entries.setdefault(key, entry) != entry:
            return JSONResponse({"error": "another entry has this key"}, 409)
        if self.trouble is MojTrouble.LOSES_ANSWER:
            return JSONResponse({"error": "bad gateway"}, 502)
        number = list(self.entries).index(key) + 1
        return JSONResponse({"copy_id": entry["copy_id"], "receipt": f"BTP-{number}"}, 201)


async def _cut_off() -> AsyncIterator[bytes]:
    yield b'{"copy_id": "'
    raise ConnectionResetError
