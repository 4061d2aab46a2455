"""The till: open for one visit while it pays; what is put in while it closes is never half in.

One way of paying is served at a time, so that nothing is asked for twice; which one, and what hinders the others, is
the screen's to show. `turn` counts the choices.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from agent.devices.cash import CashStatus
from agent.journeys.values import Way

Said = tuple[str, str]
"""A sentence in Vietnamese and in English."""


class TillClosed(Exception):
    """The visit does not pay now, or not in this way."""


class Till:
    """Which visit pays, and how. Whoever puts something in, and whoever closes, holds it for that moment."""

    def __init__(self) -> None:
        self._visit = ""
        self._held = asyncio.Lock()
        self.ways: Sequence[Way] = (Way.CASH,)
        self.turn = 0
        self.way: Way | None = None
        self.out: dict[Way, Said] = {}
        self.notice: Said | None = None
        self.slots: CashStatus | None = None

    def open_for(self, visit: str, ways: Sequence[Way] = (Way.CASH,)) -> None:
        """Let this visit pay in one of these ways, the first until another one is chosen."""
        self._visit, self.ways, self.turn = visit, ways, self.turn + 1
        self.way = ways[0] if ways else None
        self.out, self.notice, self.slots = {}, None, None

    def choose(self, visit: str, way: Way) -> None:
        """Serve this way from now on; raise TillClosed."""
        if self._visit != visit or way not in self.ways:
            raise TillClosed(visit)
        self.out.pop(way, None)
        self.way, self.notice, self.turn = way, None, self.turn + 1

    def rest(self, notice: Said | None = None) -> None:
        """Serve cash again where there is cash, else wait for a choice; say why."""
        has_cash = Way.CASH in self.ways and Way.CASH not in self.out
        self.way, self.notice, self.turn = Way.CASH if has_cash else None, notice, self.turn + 1

    def fail(self, way: Way, said: Said) -> bool:
        """Take a way out of service and say why; return whether the citizen has another one left."""
        self.out[way] = said
        if self.way is way:
            self.rest()
        return any(each not in self.out for each in self.ways)

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
