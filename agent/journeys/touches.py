"""What the citizen confirms on the screen, and journeys wait for."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from agent.journeys.delays import TOUCH_LOOK_S
from agent.ledger.journal import Visit
from agent.link.bell import first
from contract.clock import Deadline


class Touch(StrEnum):
    """A button of the screen."""

    TAKEN = "taken"
    PAGE_IS_IN = "page-is-in"
    ALL_IN = "all-in"
    AGAIN = "again"
    AGREE = "agree"
    NOT_MY_FACE = "not-my-face"
    PHOTO = "photo"
    STAFF = "staff"
    WITHOUT = "without"
    TO_PORTAL = "to-portal"
    TO_IHANOI = "to-ihanoi"
    NO_ACCOUNT = "no-account"
    LEAVE = "leave"
    BACK = "back"


class Touches:
    """Buttons pressed since start; a press before the wait counts, a press before a crash must be made again."""

    def __init__(self) -> None:
        self._pressed: defaultdict[tuple[str, Touch], asyncio.Event] = defaultdict(asyncio.Event)

    def press(self, visit: str, touch: Touch) -> None:
        """Note that a button was pressed."""
        self._pressed[visit, touch].set()

    async def pressed(self, visit: str, touch: Touch) -> None:
        """Wait until the button is pressed, however long; the press is not used up."""
        await self._pressed[visit, touch].wait()

    def use_up(self, visit: str, touch: Touch) -> bool:
        """Return whether the button was pressed; the press is used up."""
        if is_pressed := self._pressed[visit, touch].is_set():
            del self._pressed[visit, touch]
        return is_pressed

    async def wait(self, visit: str, touch: Touch, deadline: Deadline) -> bool:
        """Return whether the button is pressed before the deadline; the press is used up."""
        return await self.wait_for_one(visit, (touch,), deadline) is touch

    async def wait_for_one(self, visit: str, touches: Sequence[Touch], deadline: Deadline) -> Touch | None:
        """Return which of the buttons is pressed before the deadline, None for none; the press is used up."""
        waits = [self._pressed[visit, touch].wait() for touch in touches]
        await first(*waits, deadline.clock.sleep(deadline.remaining_s))
        pressed = next((touch for touch in touches if self._pressed[visit, touch].is_set()), None)
        return pressed if pressed and self.use_up(visit, pressed) else None


async def wait_unless_cancelled(
    touches: Touches, visit: Visit, buttons: Sequence[Touch], deadline: Deadline
) -> Touch | None:
    """Return which of the buttons is pressed; None where none is before the deadline, or the citizen cancels."""
    while not deadline.passed and not await visit.cancelled():
        look = Deadline.after(deadline.clock, min(TOUCH_LOOK_S, deadline.remaining_s))
        if touched := await touches.wait_for_one(visit.id, buttons, look):
            return touched
    return None
