"""The screen's server when the agent ends: who is connected is told, what is cut off leaves no traceback."""

import asyncio
import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from agent.screen.server import HOST, ScreenServer, listen
from tests.kiosk_screen import handshake

SERVICE_RESTART = (1012).to_bytes(2, "big")


async def _hear(socket: WebSocket) -> None:
    await socket.accept()
    async for _ in socket.iter_text():
        pass


async def _never(_: Request) -> Response:
    raise AssertionError(await asyncio.Event().wait())


async def _lost(socket: WebSocket) -> None:
    await socket.accept()
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("path", "goodbye"),
    [
        ("/heard", SERVICE_RESTART),
        ("/lost", SERVICE_RESTART),  # in a touch that is not done within the second that is given
        ("/never", b""),
    ],
    ids=["socket", "touch under way", "request under way"],
)
async def test_cancelled_server_ends_what_is_connected_without_a_traceback(
    path: str, goodbye: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ready = asyncio.Event()
    app = Starlette(routes=[WebSocketRoute("/heard", _hear), WebSocketRoute("/lost", _lost), Route("/never", _never)])
    port = listen(0)
    server = ScreenServer(app, ready.set)
    serving = asyncio.create_task(server.serve([port]))
    await ready.wait()
    here = port.getsockname()[1]
    reader, writer = await asyncio.open_connection(HOST, here)
    writer.write(handshake(here, path) if goodbye else f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    if goodbye:
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    while not server.server_state.tasks:
        await asyncio.sleep(0.01)
    with caplog.at_level(logging.WARNING):
        serving.cancel()
        assert await asyncio.gather(serving, return_exceptions=True) and serving.cancelled()
    assert goodbye in await reader.read()
    assert not [record for record in caplog.records if record.exc_info]
    writer.close()
