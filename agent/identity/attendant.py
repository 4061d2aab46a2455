"""The attendant: reads the card that is laid down and looks at who stands there.

Each method raises an IdentityError, or a fault of its camera or card reader (`agent.devices.errors`), and returns by
its deadline. Nothing of what it saw stays with it once it has returned.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from agent.identity.values import CardRead, Prompt, Seen
from contract.clock import Deadline

__all__ = ["Attendant", "Playing", "Show", "SimulatedAttendant"]

T = TypeVar("T")


def _told() -> asyncio.Future[float]:
    return asyncio.get_running_loop().create_future()


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """A challenge on its way to the glass: when its first light was painted and when its last one was over, as the
    screen tells it, by the kiosk's monotonic clock. Wait with a bound: a screen that is gone tells nothing.
    """

    painted: asyncio.Future[float] = field(default_factory=_told)
    played: asyncio.Future[float] = field(default_factory=_told)


Show = Callable[[Prompt], Playing]
"""Puts a challenge on the screen; its time begins when that is painted."""


class Attendant(ABC):
    """Tells a citizen from a card, and a person from a picture; says so, and decides nothing."""

    @abstractmethod
    async def read_card(self, deadline: Deadline) -> CardRead:
        """Return what the card says, from its chip where it has one that answers, else from its print."""

    @abstractmethod
    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        """Draw a challenge that was never used before, show it, and return what the camera saw during it."""

    @abstractmethod
    async def photograph(self, deadline: Deadline) -> bytes:
        """Return one still of who stands there, as JPEG; no face is measured in it."""


class SimulatedAttendant(Attendant):
    """Simulated: sees what it is told to, one after the other; an exception among it is raised.

    The last card, sight and still stay before it. `prompt` is shown with each look.
    """

    def __init__(
        self,
        cards: Iterable[CardRead | Exception],
        sights: Iterable[Seen | Exception] = (),
        stills: Iterable[bytes | Exception] = (),
        prompt: Prompt | None = None,
    ) -> None:
        self.cards, self.sights, self.stills = list(cards), list(sights), list(stills)
        self.prompt = prompt
        self.looks = 0

    async def read_card(self, deadline: Deadline) -> CardRead:
        """Return the next card."""
        return _next(self.cards)

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        """Return the next sight."""
        self.looks += 1
        if self.prompt:
            show(self.prompt)
        await asyncio.sleep(0)
        return _next(self.sights)

    async def photograph(self, deadline: Deadline) -> bytes:
        """Return the next still."""
        return _next(self.stills)


def _next(told: list[T | Exception]) -> T:
    now = told.pop(0) if len(told) > 1 else told[0]
    if isinstance(now, Exception):
        raise now
    return now
