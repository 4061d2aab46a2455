"""Is the clock good enough to say that a signature has not expired? (R23)"""

from datetime import datetime
from pathlib import Path

from agent.update.faults import ClockNotSet, ClockNotTrusted
from contract.clock import Clock, vietnam_text
from contract.time_report import ClockDoubted, require_believable


def trusted_now(clock: Clock, report: Path | None, not_before: datetime | None) -> datetime:
    """Return the time; raise ClockNotTrusted.

    `report` is what `contract.time_report` judges, None where a person has compared the clock; `not_before` is the
    newest moment that was ever believed here.
    """
    now = clock.now()
    if not_before is not None and now < not_before:
        raise ClockNotTrusted(
            f"the clock shows {vietnam_text(now)}, but it was already {vietnam_text(not_before)} here: it went back"
        )
    try:
        if report is not None:
            require_believable(report)
    except ClockDoubted as fault:
        raise ClockNotSet(f"the clock shows {vietnam_text(now)}, but {fault}") from fault
    return now
