"""What the citizen confirms on the screen, and journeys wait for."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from agent.link.bell import first
from contract.clock import Deadline


class Touch(StrEnum):
    """A button of the screen."""

    TAKEN = "taken"
    PAGE_IS_IN = "page-is-in"
    ALL_IN = "all-in"


class Touches:
    """Buttons pressed since start; a press before the wait counts, a press before a crash must be made again."""

    def __init__(self) -> None:
        self._pressed: defaultdict[tuple[str, Touch], asyncio.Event] = defaultdict(asyncio.Event)

    def press(self, visit: str, touch: Touch) -> None:
        """Note that a button was pressed."""
        self._pressed[visit, touch].set()

    async def wait(self, visit: str, touch: Touch, deadline: Deadline) -> bool:
        """Return whether the button is pressed before the deadline; the press is used up."""
        return await self.wait_for_one(visit, (touch,), deadline) is touch

    async def wait_for_one(self, visit: str, touches: Sequence[Touch], deadline: Deadline) -> Touch | None:
        """Return which of the buttons is pressed before the deadline, None for none; the press is used up."""
        waits = [self._pressed[visit, touch].wait() for touch in touches]
        await first(*waits, deadline.clock.sleep(deadline.remaining_s))
        pressed = next((touch for touch in touches if self._pressed[visit, touch].is_set()), None)
        if pressed:
            del self._pressed[visit, pressed]
        return pressed
