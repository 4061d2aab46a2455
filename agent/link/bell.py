"""Waiting in one process: a bell that many may wait for, and waiting for whichever comes first."""

import asyncio
from collections.abc import Awaitable


class Bell:
    """Wakes everybody who took `next_ring()` before it rang."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def next_ring(self) -> asyncio.Event:
        """Return the event of the next ring; take it before looking at what the bell announces."""
        return self._event

    def ring(self) -> None:
        """Wake those who wait."""
        event, self._event = self._event, asyncio.Event()
        event.set()


async def first(*waits: Awaitable[object]) -> int:
    """Return which of `waits` is done first, by its place; the others are cancelled."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(place for place, task in enumerate(tasks) if task in done)
    finally:
        for task in tasks:
            task.cancel()
