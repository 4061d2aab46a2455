"""Who is not in the line yet and will be called before some of those who are: what an estimate must reckon with.

Whoever has booked and not reported yet is expected in the slot, by the share of today's bookings that were kept.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.queue.estimate import Expected
from hub.queue.order import Place
from hub.store.tables import QueueBooking

KEPT, PRIOR_BOOKINGS = 0.9, 10
"""The share of bookings that is taken to be kept, and for how many bookings of the day that word stands."""

_HALF_A_DAY = timedelta(hours=12)


def expected(session: Session, slot: timedelta, now: datetime) -> list[Expected]:
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
