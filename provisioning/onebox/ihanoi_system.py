"""A simulated iHanoi: takes results for accounts, books places for its people (hub.adapters.ihanoi: our guess)."""

import json
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract.clock import Clock, SystemClock
from hub import signed_word
from provisioning.onebox.agency_system import AgencySystem


class IhanoiSystem(AgencySystem):
    """`results` are what accounts have, by delivery; its own calls are signed with `inbound_key`.

    With `says_everything_twice` each of its calls is made twice, and the second answer counts.
    """

    def __init__(self, token: str, inbound_key: bytes, *, clock: Clock | None = None) -> None:
        super().__init__(token)
        self.inbound_key, self._clock = inbound_key, clock or SystemClock()
        self.results: dict[str, dict[str, Any]] = {}
        self.says_everything_twice = False
        self.app = Starlette(routes=[Route("/results", self._take, methods=["POST"])])

    def call(self, hub: httpx.Client, path: str, **body: str) -> httpx.Response:
        """Call the hub under `/ihanoi`; return its answer."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = signed_word.header(self.inbound_key, self._clock.now(), raw)
        answer = hub.post(f"/ihanoi{path}", content=raw, headers=headers)
        return hub.post(f"/ihanoi{path}", content=raw, headers=headers) if self.says_everything_twice else answer

    async def _take(self, request: Request) -> Response:
        key = request.headers["idempotency-key"]
        return await self.answer(request, lambda body: self._taken(key, body))

    def about_another(self, body: bytes) -> bytes:
        """Answer about another result."""
        return json.dumps(json.loads(body) | {"delivery": "0" * 26}).encode()

    def _taken(self, key: str, body: bytes) -> bytes:
        result = json.loads(body)
        self.results.setdefault(key, result)
        number = list(self.results).index(key) + 1
        return json.dumps({"delivery": result["delivery"], "receipt": f"IHN-{number}"}).encode()
