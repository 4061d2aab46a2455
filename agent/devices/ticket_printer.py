"""The ticket printer: receipts and slips on an 80 mm roll."""

import asyncio
import re
from abc import ABC, abstractmethod
from pathlib import Path

from agent.devices.errors import TicketNotPrinted
from agent.devices.status import DeviceState, DeviceStatus

_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")


class TicketPrinter(ABC):
    """Prints a slip, once per key."""

    @abstractmethod
    async def print_ticket(self, key: str, png: bytes) -> None:
        """Print the picture (576 dots wide); the same key again prints nothing; raise TicketNotPrinted."""

    @abstractmethod
    async def status(self) -> DeviceStatus:
        """Return what telemetry, doctor and dashboard all show."""


class SimulatedTicketPrinter(TicketPrinter):
    """A printer whose slips lie as PNG files in a folder; it runs out of paper when the test says so."""

    def __init__(self, folder: Path, *, paper_out: bool = False) -> None:
        self.folder, self.paper_out = folder, paper_out
        folder.mkdir(parents=True, exist_ok=True)

    async def print_ticket(self, key: str, png: bytes) -> None:
        """Write `<key>.png`; raise TicketNotPrinted without paper."""
        if self.paper_out:
            raise TicketNotPrinted("the paper roll is empty")
        if not _KEY.fullmatch(key):
            raise TicketNotPrinted(f"{key!r} is no key of letters, digits, - and _")
        await asyncio.to_thread(_write_once, self.folder / f"{key}.png", png)

    async def status(self) -> DeviceStatus:
        """Return whether there is paper."""
        if self.paper_out:
            fault = TicketNotPrinted
            return DeviceStatus(state=DeviceState.DOWN, detail="the paper roll is empty", remedy=fault.remedy)
        return DeviceStatus(state=DeviceState.READY, detail="simulated")


def _write_once(path: Path, png: bytes) -> None:
    if path.exists():
        return
    part = path.with_suffix(".part")
    part.write_bytes(png)
    part.replace(path)
