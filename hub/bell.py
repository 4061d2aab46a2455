"""Waking a worker that waits, from any thread."""

import asyncio


class Bell:
    """Rung by whoever left work in the database; who waits looks there before and after."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the waiting worker; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    async def wait(self, at_most_s: float) -> None:
        """Return once rung, or after `at_most_s` (another process may have left work without ringing)."""
        self._loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(at_most_s):
                await self._rung.wait()
        except TimeoutError:
            return
        finally:
            self._rung.clear()
