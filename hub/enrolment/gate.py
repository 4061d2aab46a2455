"""Who may be on the enrolment port at once, and for how long: idle connections must not use up what the hub works with.

A machine of the network needs no identity to open a connection, and each takes a file of the hub's process. One address
(a site's, behind which several kiosks may stand) gets a share, so that it can't keep the others out either.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from typing import NoReturn

MOST = 128
MOST_OF_ONE_ADDRESS = 16
LASTS_S = 30.0
"""From the greeting to the end; an enrolment takes a second or two."""
GREETS_WITHIN_S = 10.0
PAUSE_S = 1.0
"""Before the next try where the process has no file left; and so long the other side may take to say good-bye."""

log = logging.getLogger(__name__)


class Speaker(asyncio.Protocol):
    """What speaks on a connection; `lost` is set once it has ended."""

    lost: asyncio.Event


class Gate:
    """Lets connections in and ends them in time; those beyond `most` wait in the kernel's queue."""

    def __init__(
        self,
        tls: ssl.SSLContext,
        speaker: Callable[[], Speaker],
        *,
        most: int = MOST,
        most_of_one: int = MOST_OF_ONE_ADDRESS,
        lasts_s: float = LASTS_S,
    ) -> None:
        self._tls, self._speaker = tls, speaker
        self._room, self._most_of_one, self._lasts_s = asyncio.Semaphore(most), most_of_one, lasts_s
        self._of_one = Counter[str]()

    async def run(self, listener: socket.socket) -> NoReturn:
        """Let in for ever; `listener` listens and does not block."""
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as served:
            while True:
                await self._room.acquire()
                try:
                    connection, (address, *_) = await loop.sock_accept(listener)
                except OSError as fault:
                    log.warning("the enrolment port can take nobody in: %s", fault)
                    self._room.release()
                    await asyncio.sleep(PAUSE_S)
                else:
                    served.create_task(self._serve(connection, address))

    async def _serve(self, connection: socket.socket, address: str) -> None:
        self._of_one[address] += 1
        try:
            if self._of_one[address] > self._most_of_one:
                connection.close()
            else:
                with contextlib.suppress(OSError, TimeoutError):
                    await self._speak(connection)
        finally:
            self._of_one -= Counter((address,))  # an address without connections is forgotten
            self._room.release()

    async def _speak(self, connection: socket.socket) -> None:
        transport, speaker = await asyncio.get_running_loop().connect_accepted_socket(
            self._speaker,
            connection,
            ssl=self._tls,
            ssl_handshake_timeout=min(GREETS_WITHIN_S, self._lasts_s),
            ssl_shutdown_timeout=PAUSE_S,
        )
        try:
            async with asyncio.timeout(self._lasts_s):
                await speaker.lost.wait()
        finally:
            transport.close()  # not `abort`: on one that has ended it fails in Python 3.11.2
