"""Time as a value that is handed in, so that a test can run ten minutes in a millisecond."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

VIETNAM = timezone(timedelta(hours=7), "+07")
"""Vietnam's civil time (no daylight saving); NĐ 30/2020 Appendix I wants it in every signature's appearance."""


class Clock(Protocol):
    """The only source of time in the project."""

    def now(self) -> datetime:
        """Return the civil time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the civil time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        await asyncio.sleep(seconds)


class SimulatedClock:
    """A clock that jumps: sleeping takes no real time."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._ran_s = 0.0

    def now(self) -> datetime:
        """Return the simulated civil time."""
        return self._now

    def monotonic(self) -> float:
        """Return the simulated seconds since the start."""
        return self._ran_s

    async def sleep(self, seconds: float) -> None:
        """Advance by `seconds` and give other tasks a turn."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Move both readings on by `seconds`."""
        self._now += timedelta(seconds=seconds)
        self._ran_s += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A moment on the monotonic clock that is passed down instead of bare floats."""

    clock: Clock
    at_s: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> "Deadline":
        """Return the deadline `seconds` from now."""
        return cls(clock=clock, at_s=clock.monotonic() + seconds)

    @property
    def remaining_s(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at_s - self.clock.monotonic())

    @property
    def passed(self) -> bool:
        """Whether the moment is over."""
        return self.remaining_s == 0.0


def vietnam_text(moment: datetime) -> str:
    """Return `moment` as printed on papers: `22/11/2026 09:04:05 +07:00`."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00")
