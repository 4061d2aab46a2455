"""`python -m tests.firmware_bridge.figures`: memory, lease, frames a second, round trip of the firmware in simavr."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from firmware_bridge.board.simulated_board import SimulatedBoard
from firmware_bridge.bridge import Bridge
from firmware_bridge.firmware_image import build
from firmware_bridge.protocol import LEASE_MS, Echo, SetLock
from tests.firmware_bridge.recorded_bus import RecordedBus

ECHOES = 300
LEASES = 20


async def _round_trips(bridge: Bridge) -> list[float]:
    took_s = []
    for number in range(ECHOES):
        begun = time.perf_counter()
        await bridge.send(Echo(value=number))
        took_s.append(time.perf_counter() - begun)
    return took_s


async def _frames_a_second(bridge: Bridge) -> float:
    """Commands that wait for each other only on the wire: each is four frames (DATA and ACK both ways)."""
    begun = time.perf_counter()
    for start in range(0, ECHOES, 8):
        await asyncio.gather(*(bridge.send(Echo(value=number)) for number in range(start, start + 8)))
    return 4 * ECHOES / (time.perf_counter() - begun)


async def _lease_reactions(bus: RecordedBus, bridge: Bridge) -> list[float]:
    """Simulated milliseconds from the end of the last extension to the bolt's fall."""
    took_ms = []
    for _ in range(LEASES):
        await bridge.extend_lease()
        await bridge.send(SetLock(unlocked=1))
        before_us = bus.now_us
        await bridge.extend_lease()
        while bus.outputs[-1][1:] != ("lock", 0):
            await asyncio.sleep(0.05)
        took_ms.append((bus.outputs[-1][0] - before_us) / 1000)
    return took_ms


async def _main() -> None:
    await build("all", "board")
    with tempfile.TemporaryDirectory() as name:
        folder, bus = Path(name), RecordedBus()
        server = await bus.listen(folder / "bus")
        board = SimulatedBoard(folder, bus=folder / "bus")
        await board.start()
        async with await Bridge.open(board.port) as bridge:
            await asyncio.sleep(2)
            took_s = sorted(await _round_trips(bridge))
            frames = await _frames_a_second(bridge)
            reactions = await _lease_reactions(bus, bridge)
        used = await board.stop()
        server.close()
    median_s, p95_s = statistics.median(took_s), took_s[-ECHOES // 20]
    print(f"flash {used.flash:,} of 131,072 bytes")
    print(f"RAM {used.ram_static:,} static + {used.ram_stack} stack of {used.ram:,} bytes")
    print(f"round trip of a command: median {1e3 * median_s:.1f} ms, p95 {1e3 * p95_s:.1f} ms")
    print(f"frames a second on the wire: {frames:.0f}")
    print(f"lease of {LEASE_MS} ms: everything at rest after at most {max(reactions):.0f} ms of simulated time")


if __name__ == "__main__":
    asyncio.run(_main())
