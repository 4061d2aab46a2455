"""A clock for machines that are simulated faster than they are."""

import asyncio
import time

from contract.clock import SystemClock


class HastyClock(SystemClock):
    """Each second of the machine it runs on counts as `speed` seconds; the civil time is as it is."""

    def __init__(self, speed: float) -> None:
        self.speed = speed

    def monotonic(self) -> float:
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)
