"""`python -m tests.prove.fuzz_intake [--messages N] [--flood S] [--database …] [--seed N]`: a hostile kiosk and a hub.

An enrolled kiosk with a valid certificate sends what breaks the contract, then floods, through Mosquitto to the hub's
own process. Meanwhile another kiosk asks: each answer must come within a bound. Afterwards the hub is the same process,
it has not grown, and not a row or file more is kept.
"""

import argparse
import asyncio
import random
import ssl
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice

import aiomqtt
import psutil
from sqlalchemy import func, select

from contract import messages, topics
from contract.messages import DeviceReading, ReplyEnvelope, SendChunks, Telemetry
from hub.store.tables import LastSeen, VitalsKept
from hub.store.tables.base import Base
from provisioning.onebox.settings import KIOSK_ID
from tests.prove.hostile_messages import Fuzzer, Hostile
from tests.prove.hubs import DATABASES, Hubs, request, two_hubs

HOSTILE_ID = "tram-fuzz"
FLOODERS = 3
ASK_AGAIN_S, ANSWER_WITHIN_S = 3.0, 20.0
MAY_GROW_MB = 250
"""64 MiB wait at most for their turn; the rest is what Python and TLS make of that."""


class PromiseBroken(AssertionError):
    """The hostile kiosk got through with something."""


@dataclass(slots=True)
class Figures:
    """What happened; times are the other kiosk's, from request to answer, in seconds."""

    seed: int
    sent: Counter[str] = field(default_factory=Counter)
    flooded: int = 0
    quiet_s: list[float] = field(default_factory=list)
    fuzzed_s: list[float] = field(default_factory=list)
    flooded_s: list[float] = field(default_factory=list)
    grown_mb: float = 0.0


async def prove(hubs: Hubs, figures: Figures, *, count: int, flood_s: float) -> None:
    """Let the hostile kiosk loose; raise PromiseBroken."""
    process = psutil.Process(hubs.pid(0))
    asker = Asker(hubs)
    async with asker.connected():
        await asker.ask()
        before, grown_from = rows(hubs), process.memory_info().rss
        figures.quiet_s = [await asker.ask() for _ in range(10)]
        fuzzer = islice(Fuzzer(HOSTILE_ID, random.Random(figures.seed)), count)
        figures.fuzzed_s = await asker.ask_while(send(hubs, fuzzer, figures.sent))
        if flood_s:
            flooders = asyncio.gather(*(flood(hubs, flood_s, figures) for _ in range(FLOODERS)))
            figures.flooded_s = await asker.ask_while(flooders)
        figures.grown_mb = (process.memory_info().rss - grown_from) / (1 << 20)
        await asker.ask()
    check(hubs, process, figures, before)


def check(hubs: Hubs, process: psutil.Process, figures: Figures, before: dict[str, int]) -> None:
    """Raise PromiseBroken where the hostile kiosk got through with something; `before` is what `rows` gave before."""
    if not process.is_running() or process.pid != hubs.pid(0):
        raise PromiseBroken("the hub's process has ended")
    changed = {name: (before[name], now) for name, now in rows(hubs).items() if now != before[name]}
    if changed:
        raise PromiseBroken(f"rows were recorded: {changed}")
    data = hubs.seen.config.data_dir
    if left := [path for name in ("chunks", "drafts", "tails") for path in (data / name).rglob("*") if path.is_file()]:
        raise PromiseBroken(f"files were kept: {left[:3]}")
    if (slowest := max(figures.fuzzed_s + figures.flooded_s)) > ANSWER_WITHIN_S:
        raise PromiseBroken(f"another kiosk waited {slowest:.1f} s for its answer")
    if figures.grown_mb > MAY_GROW_MB:
        raise PromiseBroken(f"the hub has grown by {figures.grown_mb:.0f} MB")


def rows(hubs: Hubs) -> dict[str, int]:
    """Return how many rows each table has, but for what the kiosks say of themselves, last and minute by minute."""
    of_themselves = (LastSeen.__table__, VitalsKept.__table__)
    with hubs.seen.database.reading() as session:
        counted = [each for each in Base.metadata.sorted_tables if each not in of_themselves]
        return {each.name: session.scalar(select(func.count()).select_from(each)) or 0 for each in counted}


class Asker:
    """The other kiosk: it asks for the same paper again and again, which the hub answers and does not record twice."""

    def __init__(self, hubs: Hubs) -> None:
        self._hubs = hubs
        self._id, self._payload, _ = request(1)
        self._client: aiomqtt.Client | None = None

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Stay connected meanwhile."""
        async with client(self._hubs, KIOSK_ID) as self._client:
            await self._client.subscribe(topics.down(KIOSK_ID, "#"), qos=1)
            yield

    async def ask(self) -> float:
        """Return the seconds until the answer, asking again as an outbox does; raise PromiseBroken."""
        begun = time.monotonic()
        with suppress(TimeoutError):
            async with asyncio.timeout(3 * ANSWER_WITHIN_S):
                while not await self._asked_once():
                    pass
                return time.monotonic() - begun
        raise PromiseBroken(f"another kiosk had no answer in {3 * ANSWER_WITHIN_S:.0f} s")

    async def ask_while(self, hostile: Awaitable[object]) -> list[float]:
        """Ask until the hostile work is done; return each answer's time."""
        work, took = asyncio.ensure_future(hostile), []
        try:
            while not work.done() or not took:
                took.append(await self.ask())
                await asyncio.sleep(0.05)
            await work
        finally:
            work.cancel()
        return took

    async def _asked_once(self) -> bool:
        assert self._client is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(ASK_AGAIN_S):
                await self._client.publish(topics.up(KIOSK_ID, "request", "certify"), self._payload, qos=1)
                async for message in self._client.messages:
                    assert isinstance(message.payload, bytes)
                    answer = messages.decode(ReplyEnvelope, message.payload)
                    if answer.id == self._id and isinstance(answer.body, SendChunks):
                        return True
        return False


async def send(hubs: Hubs, hostile: Iterable[Hostile], sent: Counter[str]) -> None:
    """Send each message; who is thrown out by the broker comes back and goes on."""
    source = iter(hostile)
    while True:
        with suppress(aiomqtt.MqttError):
            async with client(hubs, HOSTILE_ID) as line:
                for each in source:
                    sent[each.said] += 1
                    with suppress(ValueError):  # topics that paho itself does not let out
                        await line.publish(each.topic, each.payload, qos=1, properties=each.properties, timeout=20)
                return


async def flood(hubs: Hubs, seconds: float, figures: Figures) -> None:
    """Send as fast as the line takes it: telemetry that keeps the contract, of up to 200 kB, and malformed requests."""
    now = hubs.seen.clock.now()
    device = DeviceReading(name="d", state="READY", detail="x" * 1900, remedy="", since=now)
    payloads = [messages.encode(Telemetry(v=1, at=now, devices=(device,) * count, vitals={})) for count in (0, 1, 100)]
    end = time.monotonic() + seconds
    rooms = (("telemetry",), ("telemetry",), ("telemetry",), ("request", "certify"))
    while time.monotonic() < end:
        with suppress(aiomqtt.MqttError):
            async with client(hubs, HOSTILE_ID) as line:
                while time.monotonic() < end:
                    room, payload = rooms[figures.flooded % 4], (*payloads, b"{}")[figures.flooded % 4]
                    await line.publish(topics.up(HOSTILE_ID, *room), payload, qos=0, timeout=20)
                    figures.flooded += 1


@asynccontextmanager
async def client(hubs: Hubs, kiosk: str) -> AsyncIterator[aiomqtt.Client]:
    """Yield a connection under a kiosk's certificate."""
    files = hubs.pki.issue_kiosk(kiosk)
    tls = ssl.create_default_context(cafile=str(files.authority))
    tls.load_cert_chain(files.certificate, files.key)
    version = aiomqtt.ProtocolVersion.V5
    async with aiomqtt.Client("localhost", hubs.broker_port, protocol=version, tls_context=tls) as connection:
        yield connection


def main() -> None:
    """Prove it at length and print the figures; a failure ends with the seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove.fuzz_intake")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--flood", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--database", choices=DATABASES, default="postgresql")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    asked = parser.parse_args()
    figures = Figures(seed=asked.seed)
    print(f"seed {asked.seed}, {asked.messages:,} hostile messages, then {asked.flood:.0f} s of flood")
    with two_hubs(asked.database, with_broker=True, count=1, kiosks=(KIOSK_ID, HOSTILE_ID)) as hubs:
        asyncio.run(prove(hubs, figures, count=asked.messages, flood_s=asked.flood))
    print(", ".join(f"{name} {count:,}" for name, count in sorted(figures.sent.items())))
    for name, took in (("quiet", figures.quiet_s), ("fuzzed", figures.fuzzed_s), ("flooded", figures.flooded_s)):
        if took:
            p95 = sorted(took)[int(0.95 * (len(took) - 1))]
            worst = f"p95 {p95 * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms"
            print(f"{name}: {len(took)} answers to another kiosk, {worst}")
    print(f"flood: {figures.flooded:,} messages; the hub has grown by {figures.grown_mb:.0f} MB; nothing was recorded")


if __name__ == "__main__":
    main()
