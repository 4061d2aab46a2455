"""When the counters are open, and the slots of a day that can be booked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from contract.clock import VIETNAM
from hub.calendar import WorkingCalendar
from hub.queue.settings import QueueConfig

DAYS_AHEAD = 6
"""A place can be booked for today and so many days more (as on iHanoi, DOMAIN F22)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The opening hours of working days, in Vietnam time."""

    calendar: WorkingCalendar
    periods: tuple[tuple[time, time], ...]
    slot: timedelta

    @classmethod
    def of(cls, config: QueueConfig, calendar: WorkingCalendar) -> Self:
        """Return the hours that the configuration gives."""
        return cls(calendar=calendar, periods=config.periods, slot=timedelta(minutes=config.slot_min))

    def bookable_days(self, today: date) -> list[date]:
        """Return the working days among today and the six that follow."""
        days = (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1))
        return [day for day in days if self.calendar.is_working(day)]

    def slots(self, day: date) -> list[datetime]:
        """Return the beginnings of a day's slots; one that would end after closing is left out."""
        return [
            opens + self.slot * number
            for opens, closes in self._periods(day)
            for number in range((closes - opens) // self.slot)
        ]

    def is_open(self, moment: datetime) -> bool:
        """Return whether counters are open at a moment (aware)."""
        return any(opens <= moment < closes for opens, closes in self._periods(local_day(moment)))

    def open_from(self, moment: datetime) -> datetime | None:
        """Return the moment itself while open, else the next opening of that day; None where it stays closed."""
        later = (max(opens, moment) for opens, closes in self._periods(local_day(moment)) if moment < closes)
        return next(later, None)

    def open_between(self, since: datetime, until: datetime) -> timedelta:
        """Return how long counters were open between two moments of one day."""
        spans = (min(closes, until) - max(opens, since) for opens, closes in self._periods(local_day(since)))
        return sum((span for span in spans if span > timedelta()), timedelta())

    def _periods(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.calendar.is_working(day):
            for opens, closes in self.periods:
                yield datetime.combine(day, opens, VIETNAM), datetime.combine(day, closes, VIETNAM)


def local_day(moment: datetime) -> date:
    """Return the Vietnamese day of an aware moment."""
    return moment.astimezone(VIETNAM).date()
