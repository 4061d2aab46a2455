"""When what another system did not take is offered to it again: ever more seldom, once an hour at the least."""

from datetime import timedelta

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
LOOK_EVERY_S = 15.0
LEASE = timedelta(minutes=3)
"""So long another hub leaves an item to the one that is at it; one that is sent twice has one effect."""


def pause_after(failures: int) -> timedelta:
    """Return the pause after so many failures in a row, 1 or more."""
    return min(FIRST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)
