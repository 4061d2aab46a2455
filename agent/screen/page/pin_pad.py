"""A PIN typed on the screen: digits come one by one, and are shown as dots."""

import asyncio
from dataclasses import dataclass, replace
from typing import Self

from agent.journeys.pins import PinRefused, Pins, TooManyWrongPins
from agent.screen.page.state import Deed, Held, Tap

MOST_DIGITS = 12
PIN_KEYS = ("123", "456", "789")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinHeld(Held):
    """Who says to be there, and what was typed so far; `refused` is the key of the sentence that says why not."""

    names: tuple[str, ...]
    who: str = ""
    pin: str = ""
    refused: str = ""

    @classmethod
    def of(cls, names: tuple[str, ...]) -> Self:
        """Return the first scene: the names to choose from, or at once the PIN where there is one person only."""
        return cls(scene="pin" if len(names) == 1 else "who", names=names, who=names[0] if len(names) == 1 else "")

    def chosen(self, number: str) -> Self:
        """Return the scene that asks the person for the PIN."""
        is_known = number.isascii() and number.isdigit() and int(number) < len(self.names)
        return replace(self, scene="pin", who=self.names[int(number)], pin="", refused="") if is_known else self

    def typed(self, tap: Tap) -> Self:
        """Return it with one digit more or less."""
        if tap.do is not Deed.KEY:
            return self
        if tap.value == "del":
            return replace(self, pin=self.pin[:-1])
        is_digit = len(tap.value) == 1 and tap.value.isascii() and tap.value.isdigit()
        return replace(self, pin=(self.pin + tap.value)[:MOST_DIGITS], refused="") if is_digit else self

    async def checked(self, *doors: Pins) -> Self | None:
        """Return None where the PIN opens the first door that knows the person, else the scene that says why not."""
        door = next((door for door in doors if self.who in door.names), None)
        if door is None:
            return replace(self, pin="", refused="wrong")
        try:
            await asyncio.to_thread(door.check, self.who, self.pin)
        except PinRefused as refusal:
            return replace(self, pin="", refused="shut" if isinstance(refusal, TooManyWrongPins) else "wrong")
        return None
