"""What the citizen confirms on the screen, and journeys wait for."""

import asyncio
from collections import defaultdict
from enum import StrEnum

from agent.link.bell import first
from contract.clock import Deadline


class Touch(StrEnum):
    """A button of the screen."""

    TAKEN = "taken"
    PAGE_IS_IN = "page-is-in"


class Touches:
    """Buttons pressed since start; a press before the wait counts, a press before a crash must be made again."""

    def __init__(self) -> None:
        self._pressed: defaultdict[tuple[str, Touch], asyncio.Event] = defaultdict(asyncio.Event)

    def press(self, visit: str, touch: Touch) -> None:
        """Note that a button was pressed."""
        self._pressed[visit, touch].set()

    async def wait(self, visit: str, touch: Touch, deadline: Deadline) -> bool:
        """Return whether the button is pressed before the deadline; the press is used up."""
        pressed = self._pressed[visit, touch]
        await first(pressed.wait(), deadline.clock.sleep(deadline.remaining_s))
        return self._pressed.pop((visit, touch)).is_set()
