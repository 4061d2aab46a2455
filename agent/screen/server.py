"""The web server of the local API, in the agent's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

HOST = "127.0.0.1"
MOST_SOCKET_BYTES = 4096
"""A touch is short; the longest carries a voucher's code."""


class PortTaken(Exception):
    """Another program listens on the screen's port; stop it, or set another [screen] port in kiosk.toml."""


class ScreenServer(uvicorn.Server):
    """A server that leaves signals to the agent, says when it listens, and ends in order when it is cancelled."""

    def __init__(self, app: ASGIApp, when_ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            _ends_quietly(app), log_config=None, lifespan="off", access_log=False, timeout_graceful_shutdown=1,
            ws="wsproto", ws_max_size=MOST_SOCKET_BYTES,
        )  # fmt: skip
        super().__init__(config)
        self._when_ready = when_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._when_ready()

    async def main_loop(self) -> None:
        """Serve until cancelled; then close what is connected, so that nobody asks on while the ledger closes."""
        try:
            await super().main_loop()
        except asyncio.CancelledError:
            await self.shutdown()
            raise


def _ends_quietly(app: ASGIApp) -> ASGIApp:
    """Return `app`, whose requests end without a traceback where the server's end cuts them off."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await app(scope, receive, send)

    return serve


def listen(port: int) -> socket.socket:
    """Return a socket bound to the local `port`; raise PortTaken."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as fault:
        bound.close()
        raise PortTaken(f"{HOST}:{port}: {fault.strerror}. {PortTaken.__doc__}") from fault
    return bound
