"""A cable inside the process, its hub a function at the other end; it loses, doubles and delays on demand."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from agent.link.faults import LinkDown
from agent.link.transport import Session, Will

Hub = Callable[[str, bytes], Iterable[tuple[str, bytes]]]
"""Takes topic and payload of what a kiosk published; returns what the hub publishes in answer."""


@dataclass(slots=True, kw_only=True)
class Manners:
    """How badly the cable behaves: shares of messages lost and doubled (0..1), delay in seconds, unplugged or not."""

    drop: float = 0.0
    duplicate: float = 0.0
    delay_s: float = 0.0
    unplugged: bool = False
    seed: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - no secret

    def copies(self) -> int:
        """Return how often the next message arrives: 0, 1 or 2 times."""
        draw = self.seed.random()
        return 0 if draw < self.drop else 2 if draw < self.drop + self.duplicate else 1


class Loopback:
    """The cable."""

    def __init__(self, hub: Hub, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self.published: list[tuple[str, bytes]] = []
        self._hub = hub
        self._end: LoopbackSession | None = None

    @asynccontextmanager
    async def session(self, subscription: str, will: Will) -> AsyncIterator[Session]:
        """Yield a connection; raise LinkDown while unplugged. The will is published when the cable is cut."""
        if self.manners.unplugged:
            raise LinkDown("the cable is unplugged")
        self._end = LoopbackSession(self, will)
        try:
            yield self._end
        finally:
            self._end = None

    def cut(self) -> None:
        """Break the connection, if there is one."""
        if self._end is not None:
            self.published.append((self._end.will.topic, self._end.will.payload))
            self._end.arrived.put_nowait(None)

    def push(self, topic: str, payload: bytes) -> None:
        """Let the hub send of its own accord."""
        for _ in range(self.manners.copies() if self._end else 0):
            asyncio.get_running_loop().call_later(self.manners.delay_s, self._deliver, topic, payload)

    def carry(self, topic: str, payload: bytes) -> None:
        """Take a message from the kiosk to the hub and the hub's answers back."""
        for _ in range(self.manners.copies()):
            self.published.append((topic, payload))
            for answer in self._hub(topic, payload):
                self.push(*answer)

    def _deliver(self, topic: str, payload: bytes) -> None:
        if self._end is not None:
            self._end.arrived.put_nowait((topic, payload))


class LoopbackSession:
    """One connection over the cable."""

    def __init__(self, cable: Loopback, will: Will) -> None:
        self.will = will
        self.arrived: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue()
        self._cable = cable

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Hand the message to the cable."""
        self._cable.carry(topic, payload)
        await asyncio.sleep(0)

    async def received(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield what arrives; raise LinkDown when the cable is cut."""
        while (message := await self.arrived.get()) is not None:
            yield message
        raise LinkDown("the cable was cut")
