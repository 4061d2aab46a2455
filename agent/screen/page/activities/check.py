"""Kiểm tra bản sao: lay a certified copy on the glass and learn what it is worth."""

from agent.journeys.values import Check, Wish
from agent.screen.page.activity import Activity, Held
from agent.screen.page.state import Deed, Tap


class CheckCopy(Activity):
    """Says how the copy is to be laid; the journey does the rest."""

    name = "check"
    order = 50
    opens_from = ("choose", "end")

    async def begin(self) -> Held:
        """Return the scene that shows where the paper goes."""
        return Held(scene="lay")

    async def touched(self, held: Held, tap: Tap) -> Held | Wish | None:
        """Begin the check, or go back."""
        return Check() if tap.do is Deed.GO_ON else None


ACTIVITY = CheckCopy
