"""The rule of the line: who is called next.

1. Who booked and has checked in is called within the slot: once the slot has begun, before the line, by slot, then by
   check-in. Who checks in after the slot's end has lost the place and stands in the line as if come just then. A place
   that nobody checks in for holds no counter back: the next in line is called.
2. Everybody else is called by arrival. Priority classes (elderly, disabled, pregnant, people with merit) stand as if
   come `HEAD_START` earlier: nobody is overtaken by a priority person who came later than that after them.
3. After `MOST_BOOKED_IN_A_ROW` calls of booked people the next call goes to the line, if anybody stands in it. So at
   least each third call is the line's, and since only people who came at most `HEAD_START` later overtake in it,
   nobody waits for ever, however many book or have priority. (hub.toml lets no more be booked than half of what the
   counters can do, so that the third rule seldom delays anybody who booked.)
4. Who booked and is early is called before the slot only where a counter would stand idle.
5. Who was called, did not come, and reports back, stands where they stood before: once. Who is sent to another
   service stands there by the first arrival too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.messages import Priority

HEAD_START = timedelta(minutes=20)
MOST_BOOKED_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Somebody who waits: since when, for what, with which right; `slot_at` where a booked slot is kept."""

    ticket: str
    number: str
    service: str
    came_at: datetime
    priority: Priority = Priority.NONE
    slot_at: datetime | None = None

    @property
    def due(self) -> tuple[datetime, str]:
        """By what the line is sorted; two who came in the same moment by their numbers."""
        head = HEAD_START if self.priority is not Priority.NONE else timedelta()
        return self.came_at - head, self.number


def next_of(waiting: Iterable[Place], now: datetime, booked_in_a_row: int) -> Place | None:
    """Return whom a counter calls now; `booked_in_a_row` counts the booked calls since the line's last one."""
    booked: list[Place] = []
    line: list[Place] = []
    for each in waiting:
        (line if each.slot_at is None else booked).append(each)
    begun = [each for each in booked if each.slot_at is not None and each.slot_at <= now]
    if begun and (booked_in_a_row < MOST_BOOKED_IN_A_ROW or not line):
        return min(begun, key=_by_slot)
    if line:
        return min(line, key=lambda each: each.due)
    return min(booked, key=_by_slot, default=None)


def _by_slot(place: Place) -> tuple[datetime, datetime, str]:
    assert place.slot_at is not None
    return place.slot_at, place.came_at, place.number
