"""Who comes on the simulated day, when, for how long, and how reliably: drawn once from a seed; nobody is real.

The hourly profile is the one of the driver's licence examination centre in Kelton, Sadowski and Zupick, Simulation with
Arena (exercise with arrivals per hour 22, 35, 40, 31, 35, 43, 29, 22): a published profile of an office where people
take a number, with a peak before noon and one after it. It is a textbook's, made for teaching, not a count at an office
in Vietnam; its eight hours are laid over the opening hours 07:30–11:30 and 13:30–17:00. All shares below are assumed.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.messages import Priority

PROFILE = (22, 35, 40, 31, 35, 43, 29, 22)
BOOKED_SHARE, PRIORITY_SHARE = 0.2, 0.12
LATE_SHARE, ABSENT_SHARE = 0.1, 0.1
"""Of those who booked: who comes after the slot, who never comes."""
WALKS_OFF_SHARE, RETURNS_SHARE = 0.05, 0.5
"""Who is not there when called; and of those, who reports back."""
CASE_S, CASE_SPREAD = 70.0, 0.5
"""The median length of a case at the counter, and the sigma of its logarithm (log-normal, as measured for service times
by Brown et al., J. Am. Stat. Assoc. 100 (2005) 36–50)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One person: when at the kiosk, with which right, for how long at the counter.

    `slot_at` is the booked slot; `comes_at` is None of who booked and never comes. `there` says whether the first call
    is heard, `returns` whether a missed one is made good at the kiosk.
    """

    number: int
    comes_at: datetime | None
    case_s: float
    priority: Priority = Priority.NONE
    slot_at: datetime | None = None
    there: bool = True
    returns: bool = False


def hours(open_at: datetime) -> list[tuple[datetime, timedelta]]:
    """Return the eight stretches of the day that the profile's hours stand for."""
    hour, short = timedelta(hours=1), timedelta(hours=3.5) / 4
    morning = [(open_at + hour * each, hour) for each in range(4)]
    afternoon = [(open_at + timedelta(hours=6) + short * each, short) for each in range(4)]
    return [*morning, *afternoon]


def drawn(count: int, open_at: datetime, slots: list[datetime], chance: random.Random) -> list[Visitor]:
    """Return `count` visitors; the bookings lie on `slots`, which has one entry for each place."""
    stretches = hours(open_at)
    free, visitors = list(slots), []
    for number in range(count):
        common = {"number": number, "case_s": chance.lognormvariate(0, CASE_SPREAD) * CASE_S}
        there = chance.random() >= WALKS_OFF_SHARE
        common |= {"there": there, "returns": not there and chance.random() < RETURNS_SHARE}
        if free and chance.random() < BOOKED_SHARE:
            slot = free.pop(chance.randrange(len(free)))
            visitors.append(Visitor(comes_at=_for_slot(slot, chance), slot_at=slot, **common))  # type: ignore[arg-type]
            continue
        (begin, length), *_ = chance.choices(stretches, weights=PROFILE)
        kind = chance.choice([each for each in Priority if each is not Priority.NONE])
        priority = kind if chance.random() < PRIORITY_SHARE else Priority.NONE
        visitors.append(Visitor(comes_at=begin + length * chance.random(), priority=priority, **common))  # type: ignore[arg-type]
    return visitors


def _for_slot(slot: datetime, chance: random.Random) -> datetime | None:
    draw = chance.random()
    if draw < ABSENT_SHARE:
        return None
    if draw < ABSENT_SHARE + LATE_SHARE:
        return slot + timedelta(minutes=chance.uniform(31, 60))
    return slot + timedelta(minutes=chance.uniform(-15, 15))
