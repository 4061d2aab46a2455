"""Is the clock good enough to say that a signature has not expired? (R23)"""

from datetime import datetime
from pathlib import Path

from agent.update.faults import ClockNotTrusted
from contract.clock import Clock, vietnam_text


def trusted_now(clock: Clock, mark: Path | None, not_before: datetime | None) -> datetime:
    """Return the time; raise ClockNotTrusted.

    `mark` is what systemd-timesyncd touches once it has heard a time server since the boot
    (`/run/systemd/timesync/synchronized`), None where a person has compared the clock; `not_before` is the newest
    moment that was ever believed here.
    """
    now = clock.now()
    if not_before is not None and now < not_before:
        raise ClockNotTrusted(
            f"the clock shows {vietnam_text(now)}, but it was already {vietnam_text(not_before)} here: it went back"
        )
    if mark is not None and not mark.exists():
        raise ClockNotTrusted(f"no time server has set the clock since the start; it shows {vietnam_text(now)}")
    return now
