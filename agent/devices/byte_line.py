"""A line of bytes to a device: serial port, USB printer node or TCP socket; no thread, nothing waits for ever."""

import asyncio
import os
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import serial  # type: ignore[import-untyped]

_CONNECT_S = 3.0
_CHUNK = 4096


class LineLost(Exception):
    """The other end is not there, or has gone; the text says what the system said."""


class ByteLine:
    """One open line; `close` it."""

    def __init__(self, handle: int, close: Callable[[], None]) -> None:
        self._handle, self.close = handle, close

    async def write(self, data: bytes, timeout_s: float) -> int:
        """Hand over as much of `data` as the other end takes within `timeout_s`; return how much; raise LineLost."""
        loop, sent = asyncio.get_running_loop(), 0
        until = loop.time() + timeout_s
        while sent < len(data) and await self._ready(loop.add_writer, loop.remove_writer, until - loop.time()):
            try:
                sent += os.write(self._handle, data[sent : sent + _CHUNK])
            except BlockingIOError:
                continue
            except OSError as fault:
                raise LineLost(str(fault)) from fault
        return sent

    async def read(self, timeout_s: float) -> bytes:
        """Return what has come, or comes first within `timeout_s`; nothing where nothing does; raise LineLost."""
        loop = asyncio.get_running_loop()
        if not await self._ready(loop.add_reader, loop.remove_reader, timeout_s):
            return b""
        try:
            came = os.read(self._handle, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as fault:
            raise LineLost(str(fault)) from fault
        if not came:
            raise LineLost("the other end has hung up")
        return came

    async def _ready(
        self, watch: Callable[[int, Callable[[], None]], object], unwatch: Callable[[int], object], timeout_s: float
    ) -> bool:
        ready = asyncio.Event()
        watch(self._handle, ready.set)
        try:
            await asyncio.wait_for(ready.wait(), max(0.0, timeout_s))
        except TimeoutError:
            return False
        finally:
            unwatch(self._handle)
        return True


async def open_line(address: str, *, baud: int) -> ByteLine:
    """Open `/dev/ttyUSB0` (8N1 at `baud`), `/dev/usb/lp0` or `tcp://host:9100`; raise LineLost."""
    try:
        return await _socket(address) if address.startswith("tcp://") else _node(address, baud)
    except (OSError, ValueError) as fault:
        raise LineLost(f"{address}: {fault}") from fault


async def _socket(address: str) -> ByteLine:
    where = urlsplit(address)
    line = socket.socket()
    line.setblocking(False)
    try:
        await asyncio.wait_for(asyncio.get_running_loop().sock_connect(line, (where.hostname, where.port)), _CONNECT_S)
    except BaseException:
        line.close()
        raise
    return ByteLine(line.fileno(), line.close)


def _node(path: str, baud: int) -> ByteLine:
    handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    if not os.isatty(handle):
        return ByteLine(handle, lambda: os.close(handle))
    os.close(handle)
    port = serial.Serial(path, baud, timeout=0, write_timeout=0, exclusive=True)
    return ByteLine(port.fileno(), port.close)
