"""Paper or no paper: a sensor that bounces, believed once it has said the same for a while."""

from collections.abc import Awaitable, Callable

from contract.clock import Deadline

SETTLE_S = 0.6
LOOK_S = 0.15


class Debounce:
    """Takes readings as they come; `believed` changes when one value has lasted for `settle_s` without a break."""

    def __init__(self, believed: bool, *, settle_s: float = SETTLE_S) -> None:
        self.believed, self._settle_s = believed, settle_s
        self._other_since_s: float | None = None

    def read(self, value: bool, at_s: float) -> bool:
        """Take a reading at `at_s` (monotonic seconds); return what is believed now."""
        if value == self.believed:
            self._other_since_s = None
        elif self._other_since_s is None:
            self._other_since_s = at_s
        elif at_s - self._other_since_s >= self._settle_s:
            self.believed, self._other_since_s = value, None
        return self.believed


async def wait_for(sensor: Callable[[], Awaitable[bool | None]], wanted: bool, deadline: Deadline) -> bool:
    """Return whether the sensor says `wanted` for SETTLE_S before the deadline; None (no sensor) is never believed."""
    seen = Debounce(not wanted)
    while not deadline.passed:
        said = await sensor()
        if said is None:
            return False
        if seen.read(said, deadline.clock.monotonic()) == wanted:
            return True
        await deadline.clock.sleep(min(LOOK_S, deadline.remaining_s))
    return False
