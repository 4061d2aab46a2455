"""What a machine will do later, in simulated time."""

import heapq
from collections.abc import Callable
from itertools import count


class Timers:
    """Actions in the order in which they fall due; time stands still between two calls of `advance`."""

    def __init__(self, now_us: int = 0) -> None:
        self.now_us = now_us
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._ticket = count()

    def after(self, delay_ms: int, action: Callable[[], None]) -> None:
        """Do `action` when `delay_ms` of simulated time have passed."""
        heapq.heappush(self._due, (self.now_us + delay_ms * 1000, next(self._ticket), action))

    def advance(self, to_us: int) -> None:
        """Move time on, doing what falls due at its own moment; time never runs backwards."""
        while self._due and self._due[0][0] <= to_us:
            due_us, _, action = heapq.heappop(self._due)
            self.now_us = max(self.now_us, due_us)
            action()
        self.now_us = max(self.now_us, to_us)

    def clear(self) -> None:
        """Forget everything, as a machine without power does."""
        self._due.clear()
