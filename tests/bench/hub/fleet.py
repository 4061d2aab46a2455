"""A simulated fleet: each kiosk speaks for itself, some tens of real MQTT 5 connections carry all of them.

The broker lets the simulator's certificate write for every kiosk, which it lets no kiosk do.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import aiomqtt
from sqlalchemy import insert

from contract import messages, topics
from contract.clock import SystemClock
from contract.messages import DeviceReading, LegalMode, Telemetry
from hub.store.tables import Kiosk
from tests.prove.hubs import Hubs

SIMULATOR = "fleet"
MOST_WAITING = 500
"""Messages on their way that a consumer has not committed yet; each is far from what the broker or hub may hold."""

_LOOK_S = 0.02
_DEVICES = ("scanner", "page_printer", "ticket_printer", "cash_box", "cashless", "card_reader", "camera", "cabinet")


def names(count: int) -> list[str]:
    """Return the ids of the simulated kiosks."""
    return [f"sim-{number:05d}" for number in range(count)]


def enrol(hubs: Hubs, kiosks: Sequence[str]) -> None:
    """Put the kiosks into the database, and the simulator into the broker's rules; before anything is started."""
    now = SystemClock().now()
    common = {"site": "Mẫu", "legal_mode": LegalMode.PREPARE_ONLY, "legal_decision": "", "certificate_serial": ""}
    with hubs.seen.database.writing() as session:
        session.execute(insert(Kiosk), [{"id": each, "enrolled_at": now, **common} for each in kiosks])
    acl = hubs.folder / "broker" / "acl"
    acl.write_text(f"{acl.read_text()}\nuser {SIMULATOR}\ntopic write {topics.PREFIX}/+/up/#\n")


def telemetry() -> bytes:
    """Return what a healthy kiosk says now: eight devices, four vitals, some 1,100 bytes."""
    now = SystemClock().now()
    devices = tuple(
        DeviceReading(name=name, state="READY", detail="Sẵn sàng, giấy đủ", remedy="", since=now) for name in _DEVICES
    )
    vitals = {"disk_free_mb": 20_480.0, "open_visits": 0.0, "unsent_messages": 0.0, "temperature_c": 51.5}
    return messages.encode(Telemetry(v=messages.VERSION, at=now, devices=devices, vitals=vitals))


class Lines:
    """The connections; messages are dealt out among them."""

    def __init__(self, clients: Sequence[aiomqtt.Client]) -> None:
        self._clients = clients
        self.sent = 0

    async def steadily(self, kiosks: Sequence[str], seconds: float) -> None:
        """Let each kiosk speak once, evenly over `seconds`."""
        begun = time.monotonic()
        for number, kiosk in enumerate(kiosks):
            await asyncio.sleep(max(0.0, begun + seconds * number / len(kiosks) - time.monotonic()))
            await self._say(number, kiosk)

    async def at_once(self, kiosks: Sequence[str], committed: Callable[[], int]) -> float:
        """Let each kiosk speak once, as fast as they are committed; return the seconds until all are."""
        begun, self.sent = time.monotonic(), 0
        room = asyncio.Condition()
        source = iter(enumerate(kiosks))
        allowed = MOST_WAITING

        async def speak() -> None:
            for number, kiosk in source:
                async with room:
                    await room.wait_for(lambda: self.sent < allowed)
                    self.sent += 1
                await self._say(number, kiosk)

        speaking = asyncio.gather(*(speak() for _ in self._clients))
        while (done := await asyncio.to_thread(committed)) < len(kiosks):
            async with room:
                allowed = done + MOST_WAITING
                room.notify_all()
            await asyncio.sleep(_LOOK_S)
        await speaking
        return time.monotonic() - begun

    async def _say(self, number: int, kiosk: str) -> None:
        client = self._clients[number % len(self._clients)]
        await client.publish(topics.up(kiosk, "telemetry"), telemetry(), qos=1)


@asynccontextmanager
async def lines(hubs: Hubs, count: int) -> AsyncIterator[Lines]:
    """Yield `count` connections of the simulator."""
    files = hubs.pki.issue_kiosk(SIMULATOR)
    tls = ssl.create_default_context(cafile=str(files.authority))
    tls.load_cert_chain(files.certificate, files.key)
    async with AsyncExitStack() as stack:
        version = aiomqtt.ProtocolVersion.V5
        clients = [
            aiomqtt.Client("localhost", hubs.broker_port, protocol=version, tls_context=tls) for _ in range(count)
        ]
        for client in clients:
            await stack.enter_async_context(client)
        yield Lines(clients)
