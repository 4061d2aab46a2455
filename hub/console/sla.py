"""How a paper stands against what its owner was promised (R8), as a level for the colour and as words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contract.clock import VIETNAM
from hub.calendar import CUT_OFF
from hub.console.strings import Words, strings

SOON = timedelta(hours=1)
LONG_AT_THE_KIOSK = timedelta(minutes=5)
"""The service promises 3 to 5 minutes to somebody who stands at the kiosk."""


class Level(StrEnum):
    """How loudly the page says it; never by colour alone."""

    LATE = "late"
    SOON = "soon"
    LONG = "long"
    FINE = "fine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Level, what was promised, how long the paper has waited, and why the promise is for another day, if it is."""

    level: Level
    promise: Words
    waited: Words
    reason: Words | None


def standing(queued_at: datetime, promised_at: datetime, now: datetime) -> Standing:
    """Return how a paper stands at `now`."""
    waited = now - queued_at
    if now > promised_at:
        level, promise = Level.LATE, _words("sla.late", _duration(now - promised_at))
    elif promised_at - now <= SOON:
        level, promise = Level.SOON, _words("sla.soon", _duration(promised_at - now))
    else:
        level, promise = Level.LONG if waited >= LONG_AT_THE_KIOSK else Level.FINE, _due(promised_at, now)
    came = queued_at.astimezone(VIETNAM)
    next_day = promised_at.astimezone(VIETNAM).date() > came.date()
    reason = "sla.after_cut_off" if came.time() > CUT_OFF else "sla.closed_day"
    return Standing(
        level=level,
        promise=promise,
        waited=_duration(waited),
        reason=strings()(reason) if next_day else None,
    )


def _due(promised_at: datetime, now: datetime) -> Words:
    due = promised_at.astimezone(VIETNAM)
    if due.date() == now.astimezone(VIETNAM).date():
        return strings()("sla.today", time=f"{due:%H:%M}")
    return strings()("sla.later", time=f"{due:%H:%M}", day=f"{due:%d/%m}")


def _words(key: str, duration: Words) -> Words:
    words = strings()(key)
    return Words(vi=words.vi.format(for_how_long=duration.vi), en=words.en.format(for_how_long=duration.en))


def _duration(length: timedelta) -> Words:
    minutes = int(length.total_seconds()) // 60
    if minutes < 1:
        return strings()("sla.moment")
    if minutes < 60:
        return strings()("sla.minutes", minutes=minutes)
    if minutes < 24 * 60:
        return strings()("sla.hours", hours=minutes // 60, minutes=f"{minutes % 60:02d}")
    return strings()("sla.days", days=minutes // (24 * 60))
