"""A simulated National Public Service Portal: sessions, records by their code, files fetched (hub.adapters.portal)."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioning.onebox.agency_system import AgencySystem


class PortalSystem(AgencySystem):
    """`records` are what it has, by MaHoSo; `writes` counts what was written, new or again.

    `password` opens a session for anybody. A record that it has is refused where it comes as a new one.
    """

    wrong_schema = b'{"error_code": [], "session": 7}'

    def __init__(self, password: str) -> None:
        super().__init__(password)
        self.records: dict[str, dict[str, Any]] = {}
        self.writes = 0
        self._sessions: set[str] = set()
        self._services: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "TraCuuHoSo": self._look_up, "DongBoHoSoMC": self._write,
        }  # fmt: skip
        self.app = Starlette(
            routes=[
                Route("/mapi/login", self._login, methods=["POST"]),
                Route("/mapi/g", self._serve, methods=["POST"]),
            ]
        )

    def lets_in(self, request: Request) -> bool:
        """Sessions are looked at with the question."""
        return True

    def has_effect(self, body: bytes) -> bool:
        """Whether a record is written."""
        return bool(json.loads(body).get("service") == "DongBoHoSoMC")

    async def _login(self, request: Request) -> Response:
        return await self.answer(request, lambda body: _said(self._opened(json.loads(body))))

    async def _serve(self, request: Request) -> Response:
        return await self.answer(request, lambda body: _said(self._done(json.loads(body))))

    def _opened(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("password") != self.token:
            return {"error_code": "-1", "message": "sai mật khẩu"}
        session = secrets.token_hex(8)
        self._sessions.add(session)
        return {"error_code": 0, "session": session}

    def _done(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["session"] not in self._sessions:
            return {"error_code": "-2", "message": "phiên không hợp lệ"}
        return self._services[asked["service"]](asked)

    def _look_up(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = self.records.get(asked["MaHoSo"])
        return {"error_code": "00", "result": [found] if found else []}

    def _write(self, asked: dict[str, Any]) -> dict[str, Any]:
        for record in asked["data"]:
            is_known = record["MaHoSo"] in self.records
            if is_known != (asked["isUpdating"] == "True"):
                return {"error_code": "-3", "message": "hồ sơ đã có" if is_known else "hồ sơ chưa có"}
            self.records[record["MaHoSo"]] = record
            self.writes += 1
        return {"error_code": "00"}


def _said(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode()
