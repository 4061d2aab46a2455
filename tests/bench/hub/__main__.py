"""`make bench-hub`: `python -m tests.bench.hub [--kiosks N] [--seconds S] [--papers N] [--per-second R] …`.

A hub's process on PostgreSQL behind Mosquitto. First each kiosk of a simulated fleet speaks once in `--seconds` while
papers are certified; then each speaks once as fast as it is committed, to the hub and, after it, to a plain consumer
behind the same broker. All on one machine, with the simulator, the broker and the database.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import psutil
from sqlalchemy import text

from provisioning.onebox.child import Child
from tests.bench import signing
from tests.bench.hub import copies, fleet
from tests.bench.hub.fleet import Lines
from tests.prove.hubs import Hubs, two_hubs

KIOSKS_A_MINUTE = 10_000
PEAK_COPIES_PER_S = KIOSKS_A_MINUTE / 100 * 200 / 3600
PEERS = ("insert", "copy")
_SETTLE_S = 60.0


@dataclass(slots=True)
class Figures:
    """What was measured; rates are messages a second by the clock and by the consumer's processor time."""

    kiosks: int
    arrived: int = 0
    hub_share: float = 0.0
    took_s: list[float] = field(default_factory=list)
    rates: dict[str, tuple[float, float]] = field(default_factory=dict)


async def measure(hubs: Hubs, *, kiosks: int, connections: int, seconds: float, papers: int, per_s: float) -> Figures:
    """Return the figures of one run; the hub is running and its fleet enrolled."""
    figures, everyone = Figures(kiosks=kiosks), fleet.names(kiosks)
    hub = psutil.Process(hubs.pid(0))
    async with fleet.lines(hubs, connections) as lines:
        begun, before = hubs.seen.clock.now(), _cpu_s(hub)
        speaking = asyncio.create_task(lines.steadily(everyone, seconds))
        figures.took_s = await copies.measure(hubs, count=papers, per_s=per_s)
        await speaking
        figures.hub_share = (_cpu_s(hub) - before) / (hubs.seen.clock.now() - begun).total_seconds()
        figures.arrived = await _settled(lambda: _count(hubs, "last_seen", "received_at", begun), kiosks)
        figures.rates["hub"] = await _rate(hubs, lines, everyone, hub, ("last_seen", "received_at"))
        await asyncio.to_thread(hubs.kill_hub, 0)
        for how in PEERS:
            figures.rates[how] = await _peer_rate(hubs, lines, everyone, how)
    return figures


async def _rate(
    hubs: Hubs, lines: Lines, everyone: list[str], consumer: psutil.Process, where: tuple[str, str]
) -> tuple[float, float]:
    begun, before = hubs.seen.clock.now(), _cpu_s(consumer)
    took_s = await lines.at_once(everyone, lambda: _count(hubs, *where, begun))
    return len(everyone) / took_s, len(everyone) / max(_cpu_s(consumer) - before, 0.01)


async def _peer_rate(hubs: Hubs, lines: Lines, everyone: list[str], how: str) -> tuple[float, float]:
    files = hubs.pki.broker.hub
    database = hubs.seen.config.database.replace("postgresql+psycopg", "postgresql", 1)
    tls = map(str, (files.authority, files.certificate, files.key))
    where = ["localhost", str(hubs.broker_port), *tls, database]
    log = hubs.folder / f"peer-{how}.log"
    peer = Child("peer", [sys.executable, "-m", "tests.bench.hub.peer", how, *where], log)
    await asyncio.to_thread(peer.start, lambda: log.exists() and "peer ready" in log.read_text())
    try:
        await asyncio.sleep(1)
        table = "peer_last" if how == "insert" else "peer"
        return await _rate(hubs, lines, everyone, psutil.Process(peer.pid), (table, "at"))
    finally:
        peer.stop()


async def _settled(count: Callable[[], int], wanted: int) -> int:
    """Return how many arrived, once it is all of them or has waited long enough."""
    for _ in range(round(_SETTLE_S / 0.1)):
        if (arrived := await asyncio.to_thread(count)) >= wanted:
            break
        await asyncio.sleep(0.1)
    return arrived


def _count(hubs: Hubs, table: str, moment: str, since: datetime) -> int:
    with hubs.seen.database.reading() as session:
        counted = text(f"SELECT count(DISTINCT kiosk) FROM {table} WHERE {moment} >= :since AND kiosk LIKE 'sim-%'")
        return int(session.scalar(counted, {"since": since}) or 0)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def run(*, kiosks: int, connections: int, seconds: float, papers: int, per_s: float) -> Figures:
    """Start everything, measure, stop everything."""
    with two_hubs(
        "postgresql", with_broker=True, count=1, prepared=lambda hubs: fleet.enrol(hubs, fleet.names(kiosks))
    ) as hubs:
        return asyncio.run(
            measure(hubs, kiosks=kiosks, connections=connections, seconds=seconds, papers=papers, per_s=per_s)
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hub")
    parser.add_argument("--kiosks", type=int, default=KIOSKS_A_MINUTE)
    parser.add_argument("--connections", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--papers", type=int, default=60)
    parser.add_argument("--per-second", type=float, default=1.0)
    asked = parser.parse_args()
    figures = run(
        kiosks=asked.kiosks,
        connections=asked.connections,
        seconds=asked.seconds,
        papers=asked.papers,
        per_s=asked.per_second,
    )
    took = sorted(figures.took_s)
    print(f"{asked.kiosks:,} simulated kiosks on {asked.connections} real MQTT 5 connections, all on one machine")
    print(
        f"each once in {asked.seconds:.0f} s, {asked.kiosks / asked.seconds:.0f} a second: {figures.arrived:,} kept; "
        f"the hub took {figures.hub_share * 100:.0f} % of a core, with {asked.per_second:g} copies a second beside"
    )
    print(
        f"request to certified, approved at once by a script: p50 {took[len(took) // 2]:.2f} s, "
        f"p95 {took[int(len(took) * 0.95)]:.2f} s ({len(took)} papers; the peak of {KIOSKS_A_MINUTE:,} kiosks would be "
        f"{PEAK_COPIES_PER_S:.1f} a second)"
    )
    named = {"hub": "hub", "insert": "plain consumer, INSERT each", "copy": "plain consumer, COPY by 1,000"}
    for name, (by_clock, by_cpu) in figures.rates.items():
        print(f"telemetry, {named[name]}: {by_clock:,.0f} a second, {by_cpu:,.0f} a second of its processor time")
    signing.main()


if __name__ == "__main__":
    main()
