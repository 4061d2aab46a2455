"""A serial port for asyncio: what comes is called back, what goes is never waited for."""

import asyncio
import errno
import os
from collections.abc import Callable

import serial  # type: ignore[import-untyped]

from firmware_bridge.errors import PortLost, PortTaken

BAUD = 115_200
_CHUNK = 4096


class SerialLine:
    """An open port; `received` is called with bytes, `lost` once when the port has gone."""

    def __init__(self, port: str, received: Callable[[bytes], None], lost: Callable[[PortLost], None]) -> None:
        """Open `port` (115,200 8N1) for this process alone; raise PortLost."""
        try:
            self._port = serial.Serial(port, BAUD, timeout=0, write_timeout=0, exclusive=True)
        except (OSError, ValueError) as fault:
            if getattr(fault, "errno", None) in (errno.EAGAIN, errno.EBUSY):
                raise PortTaken(f"The port {port} is taken") from fault
            raise PortLost(f"The port {port} can't be opened: {fault}") from fault
        self._name, self._received, self._lost = port, received, lost
        self._loop = asyncio.get_running_loop()
        self._port.reset_input_buffer()
        self._loop.add_reader(self._port.fileno(), self._readable)

    def write(self, data: bytes) -> None:
        """Hand `data` over; what a full port does not take is lost, and repeated by the session."""
        if not self._port.is_open:
            return
        try:
            os.write(self._port.fileno(), data)
        except BlockingIOError:
            return
        except OSError as fault:
            self._end(str(fault))

    def close(self) -> None:
        """Close the port."""
        if self._port.is_open:
            self._loop.remove_reader(self._port.fileno())
            self._port.close()

    def _readable(self) -> None:
        try:
            data = os.read(self._port.fileno(), _CHUNK)
        except BlockingIOError:
            return
        except OSError as fault:
            self._end(str(fault))
            return
        if data:
            self._received(data)
        else:
            self._end("the other end has hung up")

    def _end(self, cause: str) -> None:
        self.close()
        self._lost(PortLost(f"The port {self._name} has gone: {cause}"))
