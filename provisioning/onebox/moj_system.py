"""A simulated certification system of the Ministry of Justice (hub.adapters.moj_register: our guess of one)."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioning.onebox.agency_system import AgencySystem


class MojSystem(AgencySystem):
    """`entries` are what it has taken, by idempotency key."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.entries: dict[str, dict[str, Any]] = {}
        self.app = Starlette(routes=[Route("/entries", self._enter, methods=["POST"])])

    async def _enter(self, request: Request) -> Response:
        key = request.headers["idempotency-key"]
        return await self.answer(request, lambda body: self._taken(json.loads(body), key))

    def about_another(self, body: bytes) -> bytes:
        """Answer about another copy."""
        return json.dumps(json.loads(body) | {"copy_id": "0" * 26}).encode()

    def _taken(self, entry: dict[str, Any], key: str) -> bytes:
        self.entries.setdefault(key, entry)
        number = list(self.entries).index(key) + 1
        return json.dumps({"copy_id": entry["copy_id"], "receipt": f"BTP-{number}"}).encode()
