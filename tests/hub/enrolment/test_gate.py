"""The enrolment port: idle connections end by themselves, one address has a share, and nobody starves the others."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import pytest
from enrolment_doubles import Town

from hub.enrolment.gate import Gate, Speaker

GRACE_S = 20.0
"""A loaded computer is slow, not wrong."""


class Greeter(Speaker):
    """Says hello, then waits for ever."""

    def __init__(self) -> None:
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(b"hello")  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()


@pytest.fixture
def tls(place: Town) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's and a client's side."""
    files = place.pki.broker.enrolment_server("localhost")
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(files.certificate, files.key)
    return serving, ssl.create_default_context(cafile=str(files.authority))


@asynccontextmanager
async def gate(tls: ssl.SSLContext, **limits: float) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        made: Callable[..., Gate] = Gate
        running = asyncio.create_task(made(tls, Greeter, **limits).run(listener))
        yield listener.getsockname()[1]
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class Connection(NamedTuple):
    """A client's side."""

    hears: asyncio.StreamReader
    says: asyncio.StreamWriter

    async def hello(self) -> bytes:
        return await asyncio.wait_for(self.hears.readexactly(5), GRACE_S)

    async def ended(self) -> None:
        """Return once the other side has ended it."""
        with suppress(ConnectionError):
            assert await asyncio.wait_for(self.hears.read(), GRACE_S) == b""


async def connected(port: int, tls: ssl.SSLContext | None, address: str = "127.0.0.1") -> Connection:
    """Return a connection from this address that greets over TLS or, without, not at all."""
    name = "localhost" if tls else None
    return Connection(
        *await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname=name, local_addr=(address, 0))
    )


async def test_connection_that_greets_and_then_is_silent_ends(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async with gate(tls[0], lasts_s=0.5) as port:
        client = await connected(port, tls[1])
        assert await client.hello() == b"hello"
        await client.ended()


async def test_who_never_greets_is_put_out_and_makes_room(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async with gate(tls[0], most=2, lasts_s=0.5) as port:
        for mute in [await connected(port, None) for _ in range(4)]:
            await mute.ended()
        client = await connected(port, tls[1])
        assert await client.hello() == b"hello"


async def test_one_address_can_not_take_all_the_room(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async with gate(tls[0], most=3, most_of_one=2, lasts_s=GRACE_S) as port:
        kept = [await connected(port, None) for _ in range(2)]
        for _ in range(3):
            await (await connected(port, None)).ended()
        other = await connected(port, tls[1], "127.0.0.2")
        assert await other.hello() == b"hello"
        assert not any(each.hears.at_eof() for each in kept)
