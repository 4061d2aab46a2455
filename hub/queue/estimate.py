"""How long somebody will wait: the line played forward by its own rule, each case as long as cases are today.

What is told is kept with the ticket, and held against the wait when it is over (measures.py).
"""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.queue.order import Place, next_of

PRIOR_CASES = 10
"""Until so many cases are finished, the configured minutes stand for those that are missing."""
RECENT_CASES = 60
"""Fewer would make the mean of lengths that differ as much as people's do an estimate of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A counter at work: which services it calls for, when it will be free, and how many of the last calls for these
    services in a row were of booked people.
    """

    name: str
    services: frozenset[str]
    free_at: datetime
    booked_in_a_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody who is not there yet and will be called before others: since when, and the share of it that comes true.

    A counter is reckoned to be busy for that share of a case.
    """

    place: Place
    share: float


def case_length(configured: timedelta, recent: Sequence[timedelta]) -> timedelta:
    """Return how long a case is expected to take: the mean of the recent ones, made up by the configured length."""
    missing = max(0, PRIOR_CASES - len(recent))
    return (configured * missing + sum(recent, timedelta())) / (missing + len(recent))


def call_expected_at(
    ticket: str,
    waiting: Sequence[Place],
    expected: Sequence[Expected],
    desks: Sequence[Desk],
    lengths: Mapping[str, timedelta],
    open_from: Callable[[datetime], datetime | None],
) -> tuple[int, datetime | None]:
    """Return how many who wait are called before a ticket, and when it is; no moment where nobody calls it today.

    `lengths` are those of a case of each service; `open_from` moves a moment out of a break.
    """
    shares = {each.place.ticket: each.share for each in expected}
    left = {each.ticket: each for each in (*waiting, *(each.place for each in expected))}
    runs = {desk.name: desk.booked_in_a_row for desk in desks}
    turns = [(desk.free_at, number, desk) for number, desk in enumerate(desks)]
    heapq.heapify(turns)
    before = 0
    while turns:
        free_at, number, desk = heapq.heappop(turns)
        if (at := open_from(free_at)) is None:
            continue
        there = (each for each in left.values() if each.service in desk.services and each.came_at <= at)
        called = next_of(there, at, runs[desk.name])
        if called is None:
            continue
        if called.ticket == ticket:
            return before, at
        before += called.ticket not in shares
        del left[called.ticket]
        for each in desks:
            if called.service in each.services:
                runs[each.name] = runs[each.name] + 1 if called.slot_at else 0
        takes = lengths[called.service] * shares.get(called.ticket, 1.0)
        heapq.heappush(turns, (at + takes, number, desk))
    return before, None
