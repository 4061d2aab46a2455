"""A simulated VNeID: people with papers, each with a code that lasts a minute (hub.adapters.vneid: our guess)."""

import json
import secrets
from datetime import date, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract.clock import Clock, SystemClock
from contract.messages import Held, WalletPaper
from provisioning.onebox.agency_system import AgencySystem

CODE_LASTS = timedelta(minutes=1)


class VneidSystem(AgencySystem):
    """`asked_of` are the questions it was asked, by request."""

    def __init__(self, token: str, *, clock: Clock | None = None) -> None:
        super().__init__(token)
        self._clock = clock or SystemClock()
        self._codes: dict[str, tuple[dict[WalletPaper, date | None], Any]] = {}
        self.asked_of: dict[str, dict[str, Any]] = {}
        self.app = Starlette(routes=[Route("/presentations", self._present, methods=["POST"])])

    def code_for(self, papers: dict[WalletPaper, date | None]) -> str:
        """Return the code that the phone of somebody with these papers shows now, each with its last day."""
        code = f"VNEID-MAU-{secrets.token_hex(12)}"
        self._codes[code] = papers, self._clock.now() + CODE_LASTS
        return code

    async def _present(self, request: Request) -> Response:
        return await self.answer(request, self._said)

    def about_another(self, body: bytes) -> bytes:
        """Answer another question."""
        return json.dumps(json.loads(body) | {"request": "0" * 26}).encode()

    def _said(self, body: bytes) -> bytes:
        asked = json.loads(body)
        answer = self.asked_of.setdefault(asked["request"], self._looked_up(asked))
        return json.dumps({"request": asked["request"], **answer}).encode()

    def _looked_up(self, asked: dict[str, Any]) -> dict[str, Any]:
        papers, until = self._codes.get(asked["code"], ({}, None))
        if until is None or self._clock.now() > until:
            return {"held": Held.STALE_CODE}
        if asked["paper"] not in papers:
            return {"held": Held.NOT_THERE}
        last = papers[WalletPaper(asked["paper"])]
        return {"held": Held.THERE, "until": last.isoformat() if last else None}
