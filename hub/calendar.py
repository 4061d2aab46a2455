"""When a paper is promised (R8): the same working day, after 15:00 the next one (NĐ 23/2015 Art. 7)."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from contract.clock import VIETNAM

CUT_OFF = time(15, 0)
END_OF_DAY = time(17, 0)
_SATURDAY = 5
_DATA = Path(__file__).with_name("holidays.toml")


class _Year(Struct, frozen=True, forbid_unknown_fields=True):
    year: int
    sure: bool
    basis: str
    closed: tuple[date, ...]
    worked: tuple[date, ...]


class _Days(Struct, frozen=True, forbid_unknown_fields=True):
    every_year: tuple[str, ...]
    years: tuple[_Year, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """The days on which an agency works; `every_year` are closed days as `MM-DD`."""

    every_year: frozenset[str]
    closed: frozenset[date]
    worked: frozenset[date]

    @classmethod
    @cache
    def vietnam(cls) -> Self:
        """Return the calendar of holidays.toml; years not in it know only the holidays of fixed date."""
        days = msgspec.convert(tomllib.loads(_DATA.read_text(encoding="utf-8")), _Days)
        return cls(
            every_year=frozenset(days.every_year),
            closed=frozenset(day for year in days.years for day in year.closed),
            worked=frozenset(day for year in days.years for day in year.worked),
        )

    def is_working(self, day: date) -> bool:
        """Return whether the agency works on `day`."""
        if day in self.worked:
            return True
        return day.weekday() < _SATURDAY and day not in self.closed and f"{day:%m-%d}" not in self.every_year

    def promised_at(self, received_at: datetime) -> datetime:
        """Return the moment by which a paper received at `received_at` (aware) is decided, Vietnam time."""
        local = received_at.astimezone(VIETNAM)
        day = local.date()
        if local.time() > CUT_OFF or not self.is_working(day):
            day = self._next_working(day)
        return datetime.combine(day, END_OF_DAY, VIETNAM)

    def _next_working(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_working(day):
            day += timedelta(days=1)
        return day
