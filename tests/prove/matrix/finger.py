"""The citizen's finger on the glass, for the buttons that a visit asks for one after the other."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress

from agent.journeys.digitise import HAND_BACK
from agent.journeys.stacks import LAY
from agent.journeys.touches import Touch, Touches
from tests.agent.kiosk_doubles import PowerCut
from tests.prove.matrix.stories import STAFF_NAME
from tests.prove.matrix.trouble import Mode, Trouble

TOUCHES_AFTER_S, LATE_S = 2.0, 20.0
_BUTTONS: Mapping[str, Touch] = {LAY: Touch.PAGE_IS_IN, HAND_BACK: Touch.TAKEN}


class Finger:
    """Touches the button of a step soon after it has come up; where the screen is away, no touch comes through."""

    def __init__(
        self, touches: Touches, trouble: Trouble, buttons: Mapping[str, Touch], vouchers: dict[str, str]
    ) -> None:
        self._touches, self._trouble, self._buttons, self._vouchers = (
            touches,
            trouble,
            {**_BUTTONS, **buttons},
            vouchers,
        )

    def asked(self, visit: str, step: str) -> None:
        """Be told that a step has begun."""
        if button := self._buttons.get(re.sub(r" \d+$", "", step)):
            late_s = LATE_S if self._trouble.mode_of("screen") is Mode.SLOW else TOUCHES_AFTER_S
            asyncio.get_running_loop().call_later(late_s, self._touch, visit, button)

    def _touch(self, visit: str, button: Touch) -> None:
        if self._trouble.mode_of("screen") not in (None, Mode.SLOW):
            return
        if button is Touch.STAFF:  # a member of staff has typed the PIN
            self._vouchers[visit] = STAFF_NAME
        self._touches.press(visit, button)
        with suppress(PowerCut):  # it is the kiosk's, which notices by itself
            self._trouble.done_by("screen")
