"""The clock as a device: whether its time comes from servers that prove who they are (R23)."""

import asyncio
from abc import ABC, abstractmethod
from pathlib import Path

from agent.devices.status import DeviceState, DeviceStatus
from contract.time_report import REPORT, ClockDoubted, Doubt, require_believable


class TimeSource(ABC):
    """Says whether the machine's clock may be believed."""

    @abstractmethod
    async def require_believable(self) -> str:
        """Return who the time is from; raise ClockDoubted."""

    async def status(self) -> DeviceStatus:
        """Return READY, or DOWN with the cause."""
        try:
            return DeviceStatus(state=DeviceState.READY, detail=await self.require_believable())
        except ClockDoubted as fault:
            vi = "Chưa tin được đồng hồ của trạm. Gọi kỹ thuật viên; `tram doctor` nói rõ nguyên nhân."
            return DeviceStatus(state=DeviceState.DOWN, detail=str(fault), remedy=fault.remedy, vi=vi)


class ChronyTimeSource(TimeSource):
    """What chrony says of it (`contract.time_report`)."""

    def __init__(self, report: Path = REPORT) -> None:
        self._report = report

    async def require_believable(self) -> str:
        """Read the report."""
        return await asyncio.to_thread(require_believable, self._report)


class SimulatedTimeSource(TimeSource):
    """Believes the clock while no `doubt` is set: of sets of stand-ins, and of tests."""

    def __init__(self, doubt: Doubt | None = None) -> None:
        self.doubt = doubt

    async def require_believable(self) -> str:
        """Return or raise as it was set."""
        if self.doubt:
            raise ClockDoubted(self.doubt, "simulated")
        return "believed without a time server (simulated)"
