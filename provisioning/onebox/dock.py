"""The dock: a local page on which a person drives the stand-ins by hand, served beside a running set and only there."""

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from provisioning.onebox import dock_page, settings
from provisioning.onebox.controls import Controls, DeedFailed
from provisioning.onebox.dock_deeds import groups
from provisioning.onebox.players import Citizen, DemoStopped, Officer

NAME = "Trần Văn Mẫu"
WORDS = {
    "drawn in": "đã nhận vào · drawn in",
    "pushed back": "bị đẩy ra · pushed back",
    "accepted": "đã nhận · accepted",
    "returned": "rơi xuống khay · returned",
    "stuck": "bị kẹt · stuck",
    "open": "đã mở · open",
    "locked": "đang khóa · locked",
    "nothing": "không có gì · nothing",
    "read": "đã đọc · read",
    "ignored": "đầu đọc chưa mở · ignored",
}
_SEE_OTHER = 303


class Dock:
    """The dock's pages over one running set."""

    def __init__(self, hands: Controls) -> None:
        self._hands, self._groups = hands, groups(hands)
        self._deeds = {name: deed for group in self._groups for name, deed in group.deeds.items()}
        self._citizen = Citizen(hands.box.kiosk_url)
        self._visit = ""

    def app(self) -> Starlette:
        """Return the web application."""
        return Starlette(
            routes=[
                Route("/", self.show),
                Route("/state", self.state),
                Route("/do/{deed}", self.do, methods=["POST"]),
                Route("/paper", self.paper, methods=["POST"]),
                Route("/visit/{touch}", self.touch, methods=["POST"]),
            ]
        )

    async def show(self, request: Request) -> Response:
        """All buttons."""
        said, failed = request.query_params.get("said", ""), "failed" in request.query_params
        return HTMLResponse(dock_page.page(self._groups, said, failed=failed))

    async def state(self, request: Request) -> Response:
        """What the kiosk says now."""
        return HTMLResponse(await run_in_threadpool(self._state))

    async def do(self, request: Request) -> Response:
        """Move one control."""
        deed = self._deeds.get(request.path_params["deed"])
        if deed is None:
            return PlainTextResponse("Không có nút này. There is no such button.", 404)
        try:
            seen = await run_in_threadpool(deed.do)
        except DeedFailed as fault:
            return _back(f"{deed.vi}: {fault}", failed=True)
        return _back(f"{deed.vi} · {deed.en}{f' — {WORDS.get(seen, seen)}' if seen else ''}")

    async def paper(self, request: Request) -> Response:
        """Put uploaded pages into the scanner."""
        async with request.form() as form:
            files = [
                (each.filename or "", await each.read())
                for each in form.getlist("pages")
                if isinstance(each, UploadFile)
            ]
        try:
            await run_in_threadpool(self._hands.lay_files, files)
        except DeedFailed as fault:
            return _back(str(fault), failed=True)
        return _back("Đã đặt giấy vào máy quét · the paper lies in the scanner")

    async def touch(self, request: Request) -> Response:
        """Be the citizen at the screen, or the officer."""
        form = await request.form()
        try:
            said = await run_in_threadpool(
                self._touch,
                request.path_params["touch"],
                int(str(form.get("copies", 1))),
                int(str(form.get("pages") or 0)),
            )
        except (DemoStopped, httpx.TransportError, ValueError) as fault:
            return _back(str(fault), failed=True)
        return _back(said)

    def _touch(self, touch: str, copies: int, pages: int) -> str:
        if touch == "start":
            self._visit = self._citizen.start(copies=copies, name=NAME, declared_pages=pages or None)
            return f"Đã yêu cầu {copies} bản sao · copies ordered: {copies}"
        if touch == "officer":
            return self._decide()
        if not self._visit:
            raise ValueError("Chưa có lượt nào · no visit is open")
        if touch.startswith("pay-"):
            self._citizen.choose(self._visit, touch.removeprefix("pay-"))
        else:
            self._citizen.touch(self._visit, touch)
        return f"Đã nhấn · pressed: {touch}"

    def _decide(self) -> str:
        box = self._hands.box
        officer = Officer(box.hub_url, *settings.officer_login(box.folder))
        officer.log_in()
        verdicts = [officer.decide(request) for request in officer.waiting()]
        return f"Công chức · the officer: {', '.join(verdicts) or 'nothing waits'}"

    def _state(self) -> str:
        status = _got(f"{self._hands.box.kiosk_url}/status")
        if status and not self._visit and status["open_visits"]:
            self._visit = status["open_visits"][-1]
        screen = _got(f"{self._hands.box.kiosk_url}/visits/{self._visit}") if status and self._visit else None
        return dock_page.state(screen, status, self._machines())

    def _machines(self) -> Mapping[str, Any]:
        try:
            tray, outputs = self._hands.box.cash.do("tray"), self._hands.box.cash.do("look")["cabinet"]["outputs"]
        except OSError:
            return {}
        lamp = tuple(outputs.get(f"lamp_{colour}", 0) for colour in "rgb")
        return {"tray": tray, "lamp": lamp, "unlocked": outputs["lock"]}


def serve(hands: Controls, port: int) -> uvicorn.Server:
    """Serve the dock on 127.0.0.1 in a thread; set `should_exit` to end it."""
    config = uvicorn.Config(Dock(hands).app(), host="127.0.0.1", port=port, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, name="dock", daemon=True).start()
    return server


def _back(said: str, *, failed: bool = False) -> Response:
    query = urlencode({"said": said} | ({"failed": "1"} if failed else {}))
    return RedirectResponse(f"/?{query}", _SEE_OTHER)


def _got(url: str) -> Any:
    try:
        answer = httpx.get(url, timeout=2.0)
    except httpx.TransportError:
        return None
    return answer.json() if answer.is_success else None
