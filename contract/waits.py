"""How a wait is told: as the range in which it lies, coarser the longer it is, in the same words everywhere."""

from datetime import datetime

from contract.clock import VIETNAM

MINUTES_UNTIL, STEP = 15, 5
"""So many minutes are told exactly, longer waits in steps of five: an estimate is no promise."""
SHORTEST = 2
CLOCK_FROM = 60
"""From so many minutes on the time of day is told: nobody reckons with 165 minutes."""

_STEP_S = STEP * 60

Said = tuple[str, str]


def minutes(wait_s: int) -> int:
    """Return a wait in whole minutes or steps, never less than it is."""
    whole = -(-wait_s // 60)
    return whole if whole <= MINUTES_UNTIL else -(-whole // STEP) * STEP


def bounds(from_s: int, to_s: int) -> tuple[int, int]:
    """Return the range in minutes as it is told: rounded outwards, and never a promise of less than SHORTEST."""
    whole = from_s // 60
    least = whole if whole <= MINUTES_UNTIL else whole // STEP * STEP
    return least, minutes(to_s) if least else max(SHORTEST, minutes(to_s))


def said(from_s: int, to_s: int, at: datetime) -> Said:
    """Return in Vietnamese and English how long somebody waits from a moment (aware), at least and at most."""
    least, most = bounds(from_s, to_s)
    if least >= CLOCK_FROM:
        since = _clock((at.timestamp() + from_s) // _STEP_S)
        until = _clock(-(-(at.timestamp() + to_s) // _STEP_S))
        return f"gọi lúc {since}–{until}", f"called at {since}–{until}"
    if least == 0:
        return f"dưới {most} phút", f"under {most} minutes"
    told = f"{least}" if least == most else f"{least}–{most}"
    return f"khoảng {told} phút", f"about {told} minute{'s' if told != '1' else ''}"


def _clock(steps: float) -> str:
    return f"{datetime.fromtimestamp(steps * _STEP_S, VIETNAM):%H:%M}"
