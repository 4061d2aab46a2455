"""The page's addresses: itself, its few files, and the socket that carries touches one way and fragments the other."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from agent.copies import typefaces
from agent.screen.page.drawing import FOLDER
from agent.screen.page.stage import Stage
from agent.screen.page.state import Tap

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

POLICY_VIOLATION: Final = 1008
_OWN_HOSTS: Final = ("127.0.0.1", "localhost")


class PageRoutes:
    """The routes over one stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def routes(self) -> list[BaseRoute]:
        """Return them for the local web application."""
        return [
            Route("/", self.page),
            Route("/page/{face}.ttf", self.typeface),
            Route("/page/drawn", self.drawn),
            WebSocketRoute("/page/live", self.live),
            Mount("/page", StaticFiles(directory=FOLDER / "static")),
        ]

    async def page(self, request: Request) -> Response:
        """Return the page as it stands now; whoever reloads it goes on there."""
        return HTMLResponse(await self._stage.page(), headers=HEADERS)

    async def typeface(self, request: Request) -> Response:
        """Return the sans typeface with all Vietnamese letters, `sans` or `sans-bold`."""
        faces: dict[str, Path] = {"sans": typefaces.sans(), "sans-bold": typefaces.sans(bold=True)}
        face = faces.get(request.path_params["face"])
        return FileResponse(face, media_type="font/ttf") if face else Response(status_code=404)

    async def drawn(self, request: Request) -> Response:
        """Answer 204 while a browser draws the page, else 503: systemd/screen-watch then has it started anew."""
        return Response(status_code=503 if self._stage.is_still else 204)

    async def live(self, socket: WebSocket) -> None:
        """Send each new fragment, take touches; who speaks otherwise, or comes from another page, is shut out."""
        if not _is_own_page(socket):
            await socket.close(POLICY_VIOLATION)
            return
        await socket.accept()
        showing = asyncio.create_task(self._show(socket))
        try:
            async for text in socket.iter_text():
                await self._stage.tap(msgspec.json.decode(text, type=Tap))
        except (msgspec.DecodeError, KeyError):  # KeyError: a frame of bytes
            await socket.close(POLICY_VIOLATION)
        finally:
            showing.cancel()

    async def _show(self, socket: WebSocket) -> None:
        sent = ""
        while True:
            ring = self._stage.changed.next_ring()
            html = await self._stage.shown()
            if html != sent:
                try:
                    await socket.send_text(html)
                except (WebSocketDisconnect, RuntimeError):  # it is gone; the reading side ends too
                    return
                sent = html
            await ring.wait()


def _is_own_page(socket: WebSocket) -> bool:
    """Return whether the browser shows this very page: a page from elsewhere may not touch the screen."""
    host = socket.headers.get("host", "")
    return socket.headers.get("origin") == f"http://{host}" and urlsplit(f"//{host}").hostname in _OWN_HOSTS
