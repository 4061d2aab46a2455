"""R8: the same working day, after 15:00 the next one."""

from datetime import date, datetime

import pytest

from contract.clock import VIETNAM
from hub.calendar import WorkingCalendar


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        ("2026-11-23 08:00:00", "2026-11-23"),
        ("2026-11-23 15:00:00", "2026-11-23"),
        ("2026-11-23 15:00:01", "2026-11-24"),
        ("2026-11-27 15:30:00", "2026-11-30"),
        ("2026-11-28 09:00:00", "2026-11-30"),
        ("2026-02-13 16:00:00", "2026-02-23"),
        ("2026-08-22 09:00:00", "2026-08-22"),
        ("2026-04-29 15:01:00", "2026-05-04"),
        ("2026-12-31 23:59:59", "2027-01-04"),
    ],
    ids=[
        "morning", "at the cut-off", "a second later", "Friday afternoon", "Saturday", "before Tết", "worked Saturday",
        "before 30 April", "New Year's Eve",
    ],
)  # fmt: skip
def test_paper_is_promised_for_the_day_the_law_says(received: str, promised: str) -> None:
    at = datetime.fromisoformat(received).replace(tzinfo=VIETNAM)
    day = date.fromisoformat(promised)
    assert WorkingCalendar.vietnam().promised_at(at) == datetime(day.year, day.month, day.day, 17, 0, tzinfo=VIETNAM)


def test_cut_off_is_vietnam_time_whatever_the_zone_of_the_clock() -> None:
    at = datetime.fromisoformat("2026-11-23T08:00:01+00:00")  # 15:00:01 in Vietnam
    assert WorkingCalendar.vietnam().promised_at(at).date() == date(2026, 11, 24)
