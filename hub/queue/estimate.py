"""How long somebody will wait: the line played forward by its own rule, each case as long as cases are today.

What is told is kept with the ticket, and held against the wait when it is over (measures.py).
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.queue.order import Place, next_of

PRIOR_CASES = 5
"""The configured minutes count as much as so many finished cases."""
RECENT_CASES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A counter at work: which services it calls for, when it will be free, and how many of the last calls for these
    services in a row were of booked people.
    """

    name: str
    services: frozenset[str]
    free_at: datetime
    booked_in_a_row: int


def case_length(configured: timedelta, recent: Sequence[timedelta]) -> timedelta:
    """Return how long a case is expected to take: the mean of the recent ones, drawn to the configured length."""
    return (configured * PRIOR_CASES + sum(recent, timedelta())) / (PRIOR_CASES + len(recent))


def call_expected_at(
    ticket: str,
    waiting: Sequence[Place],
    desks: Sequence[Desk],
    lengths: Mapping[str, timedelta],
    open_from: Callable[[datetime], datetime | None],
) -> tuple[int, datetime | None]:
    """Return how many are called before a ticket, and when it is; no moment where no counter will come to it today.

    `lengths` are those of a case of each service; `open_from` moves a moment out of a break.
    """
    left = {each.ticket: each for each in waiting}
    runs = {desk.name: desk.booked_in_a_row for desk in desks}
    turns = [(desk.free_at, number, desk) for number, desk in enumerate(desks)]
    heapq.heapify(turns)
    before = 0
    while turns:
        free_at, number, desk = heapq.heappop(turns)
        if (at := open_from(free_at)) is None:
            continue
        called = next_of((each for each in left.values() if each.service in desk.services), at, runs[desk.name])
        if called is None:
            continue
        if called.ticket == ticket:
            return before, at
        before += 1
        del left[called.ticket]
        for each in desks:
            if called.service in each.services:
                runs[each.name] = runs[each.name] + 1 if called.slot_at else 0
        heapq.heappush(turns, (at + lengths[called.service], number, desk))
    return before, None
