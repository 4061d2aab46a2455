"""A clock that goes as the simulated machines go: a loaded computer makes nobody impatient."""

import asyncio
import threading
import time
from pathlib import Path

from contract.clock import SystemClock
from firmware_bridge.board.peripherals.hand import Hand

LOOK_S = 0.01


class MachineClock(SystemClock):
    """Seconds of the machines behind `control`, which stand still while no board is connected; civil time is real."""

    def __init__(self, control: Path) -> None:
        self._hand, self._over = Hand(control, timeout_s=60.0), False
        self._now_s = self._look()
        threading.Thread(target=self._follow, name="machine clock", daemon=True).start()

    def monotonic(self) -> float:
        return self._now_s

    async def sleep(self, seconds: float) -> None:
        until_s = self._now_s + seconds
        while self._now_s < until_s:
            await asyncio.sleep(LOOK_S)

    def close(self) -> None:
        """Stop looking."""
        self._over = True

    def _look(self) -> float:
        return float(self._hand.do("now_us")) / 1e6

    def _follow(self) -> None:
        while not self._over:
            time.sleep(LOOK_S)
            try:
                self._now_s = self._look()
            except OSError:
                return
        self._hand.close()
