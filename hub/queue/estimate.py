"""How long somebody will wait: the line played forward by its own rule, each case as long as cases are today.

What people need at a counter differs so much that a long wait can't be foretold to the minute: it is told as a range
in which it lies four times out of five. What is told is kept with the ticket, and held against the wait when it is over
(measures.py).
"""

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.queue.order import Place, next_of

PRIOR_CASES = 10
"""Until so many cases are finished, the configured minutes stand for those that are missing."""
RECENT_CASES = 200
"""The mean of 60 lengths that differ as much as people's do is wrong by 7 % (one standard error): in a line of 35
that is four minutes, for everybody who comes within an hour. The price: a change of pace is noticed later.
"""
PRIOR_VARIATION = 0.6
"""The coefficient of variation that stands for missing cases: log-normal lengths with a sigma of 0.5 have 0.53."""
FOUR_OF_FIVE = 1.28
"""So many standard deviations to either side hold four fifths of what is normally distributed."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of a service: its mean length, how lengths differ (coefficient of variation), of how many it is known."""

    mean: timedelta
    variation: float
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When somebody is called (None: nobody calls today), after how many who wait, and after how many cases in all.

    `cases` counts who is expected by their shares; `variance` is that of this number.
    """

    at: datetime | None
    before: int
    cases: float
    variance: float


def case(configured: timedelta, recent: Sequence[timedelta]) -> Case:
    """Return what a case is like by the recent ones, made up by the configured length while they are few."""
    missing = max(0, PRIOR_CASES - len(recent))
    known = missing + len(recent)
    mean = (configured * missing + sum(recent, timedelta())) / known
    squares = PRIOR_VARIATION**2 * missing + sum(((each - mean) / mean) ** 2 for each in recent if mean)
    return Case(mean=mean, variation=math.sqrt(squares / known), known=known)


def unsure(turn: Turn, case: Case) -> float:
    """Return by which share all cases before a turn together may be longer or shorter, four times out of five.

    Three things add up: the lengths of so many cases, who comes at all, and the mean itself, known from a sample. What
    a model of cases does not know (a hub that is away, numbers heard of late) is covered by the rounding of words:
    `make prove-day` measures how often the range holds as it is told.
    """
    cases = turn.cases + 1  # the one at the counter
    relative = (case.variation**2 * cases + turn.variance) / cases**2 + case.variation**2 / case.known
    return min(1.0, FOUR_OF_FIVE * math.sqrt(relative))


def turn_of(
    ticket: str,
    waiting: Sequence[Place],
    expected: Sequence[Expected],
    desks: Sequence[Desk],
    lengths: Mapping[str, timedelta],
    open_from: Callable[[datetime], datetime | None],
) -> Turn:
    """Return when a ticket is called, and after whom.

    `lengths` are those of a case of each service; `open_from` moves a moment out of a break.
    """
    shares = {each.place.ticket: each.share for each in expected}
    left = {each.ticket: each for each in (*waiting, *(each.place for each in expected))}
    runs = {desk.name: desk.booked_in_a_row for desk in desks}
    turns = [(desk.free_at, number, desk) for number, desk in enumerate(desks)]
    heapq.heapify(turns)
    before: list[str] = []
    at = None
    while turns:
        free_at, number, desk = heapq.heappop(turns)
        if (opened := open_from(free_at)) is None:
            continue
        there = (each for each in left.values() if each.service in desk.services and each.came_at <= opened)
        called = next_of(there, opened, runs[desk.name])
        if called is None:
            continue
        if called.ticket == ticket:
            at = opened
            break
        before.append(called.ticket)
        del left[called.ticket]
        for each in desks:
            if called.service in each.services:
                runs[each.name] = runs[each.name] + 1 if called.slot_at else 0
        takes = lengths[called.service] * shares.get(called.ticket, 1.0)
        heapq.heappush(turns, (opened + takes, number, desk))
    guessed = [shares[each] for each in before if each in shares]
    waits = len(before) - len(guessed)
    return Turn(
        at=at,
        before=waits,
        cases=waits + sum(guessed),
        variance=sum(share * max(0.0, 1 - share) for share in guessed),
    )
