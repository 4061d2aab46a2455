"""The till: open for one visit while it pays; what is put in while it closes is never half in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class TillClosed(Exception):
    """The visit does not pay now."""


class Till:
    """Which visit pays. Whoever puts something in, and whoever closes, holds it for that moment."""

    def __init__(self) -> None:
        self._visit = ""
        self._held = asyncio.Lock()

    def open_for(self, visit: str) -> None:
        """Let this visit pay."""
        self._visit = visit

    @asynccontextmanager
    async def paying(self, visit: str) -> AsyncIterator[None]:
        """Hold the till open while something is put in; raise TillClosed where the visit does not pay now."""
        async with self._held:
            if self._visit != visit:
                raise TillClosed(visit)
            yield

    @asynccontextmanager
    async def closing(self, visit: str) -> AsyncIterator[Callable[[], None]]:
        """Hold the till and yield what closes it."""

        def close() -> None:
            self._visit = ""

        async with self._held:
            yield close
