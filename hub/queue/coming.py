"""Who is not in the line yet and will be called before some of those who are: what an estimate must reckon with.

Whoever has booked and not reported yet is expected in the slot, by the share of today's bookings that were kept. People
with priority who come within their head start are called first too: so many are expected as have come today so far.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.clock import VIETNAM
from contract.messages import Priority
from hub.queue.estimate import Expected
from hub.queue.hours import Hours, local_day
from hub.queue.order import HEAD_START, Place
from hub.store.tables import QueueBooking, QueueTicket

KEPT, PRIOR_BOOKINGS = 0.9, 10
"""The share of bookings that is taken to be kept, and for how many bookings of the day that word stands."""
FIRST_HOUR = timedelta(hours=1)
"""A day that has just begun counts as so long: two who come in its first minute are no sixty an hour."""
STEP = timedelta(minutes=5)

_HALF_A_DAY = timedelta(hours=12)


def booked(session: Session, slot: timedelta, now: datetime) -> list[Expected]:
    """Return who may still report in time: of a slot that has begun the fewer, the more of it is over."""
    today = QueueBooking.slot_at.between(now - _HALF_A_DAY, now + _HALF_A_DAY)
    booked = list(session.scalars(select(QueueBooking).where(today, QueueBooking.cancelled_at.is_(None))))
    over = [each.ticket is not None for each in booked if each.slot_at + slot <= now]
    kept = (KEPT * PRIOR_BOOKINGS + sum(over)) / (PRIOR_BOOKINGS + len(over))
    return [
        Expected(
            place=Place(
                ticket=each.code,
                number=each.code,
                service=each.service,
                came_at=max(each.slot_at, now),
                slot_at=each.slot_at,
            ),
            share=kept * min(1.0, (each.slot_at + slot - now) / slot),
        )
        for each in booked
        if each.ticket is None and each.slot_at + slot > now
    ]


def with_priority(rows: Sequence[QueueTicket], hours: Hours, now: datetime) -> list[Expected]:
    """Return the people with priority who may come and overtake who comes now: one place for each STEP and service."""
    came = Counter(row.service for row in rows if row.priority != Priority.NONE and row.slot_at is None)
    midnight = datetime.combine(local_day(now), time.min, VIETNAM)
    so_far = max(FIRST_HOUR, hours.open_between(midnight, now))
    steps = [now + STEP * (number + 0.5) for number in range(HEAD_START // STEP)]
    return [
        Expected(
            place=Place(ticket=f"{service} {at}", number="", service=service, came_at=at, priority=Priority.ELDERLY),
            share=count * STEP / so_far,
        )
        for service, count in came.items()
        for at in steps
        if hours.is_open(at)
    ]
