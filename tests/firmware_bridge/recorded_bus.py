"""The peripherals in this process, behind the lockstep wire, with every question written down."""

import asyncio
from pathlib import Path

from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.record import Record


class RecordedBus:
    """Answers the board; `outputs` are (simulated µs, pin, value), `words` (simulated µs, word)."""

    def __init__(self) -> None:
        self.machines = Machines(Record(None))
        self.outputs: list[tuple[int, str, int]] = []
        self.words: list[tuple[int, int]] = []
        self.now_us = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.machines.wire.connected()
        while line := (await reader.readline()).decode():
            kind, at_us, *rest = line.split()
            self.now_us = int(at_us)
            if kind == "P":
                self.outputs.append((self.now_us, rest[0], int(rest[1])))
            elif kind == "M":
                self.words.append((self.now_us, int(rest[0], 16)))
            writer.write(self.machines.wire.answer(line).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def listen(self, path: Path) -> asyncio.Server:
        return await asyncio.start_unix_server(self.serve, path)

    def when(self, pin: str, value: int, *, after_us: int = 0) -> int:
        """Return the simulated time at which an output first took this value."""
        return next(at for at, name, now in self.outputs if name == pin and now == value and at >= after_us)
