"""How a wait is told: true at both ends, and plain."""

from datetime import UTC, datetime

import pytest

from contract import waits

TEN_PAST_TWO = datetime(2026, 11, 23, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize(("from_s", "to_s", "vi", "en"), [
    (0, 0, "dưới 2 phút", "under 2 minutes"),
    (59, 241, "dưới 5 phút", "under 5 minutes"),
    (60, 60, "khoảng 1 phút", "about 1 minute"),
    (11 * 60, 14 * 60 + 1, "khoảng 11–15 phút", "about 11–15 minutes"),
    (19 * 60, 31 * 60, "khoảng 15–35 phút", "about 15–35 minutes"),
    (59 * 60, 80 * 60, "khoảng 55–80 phút", "about 55–80 minutes"),
    (62 * 60, 81 * 60, "gọi lúc 15:10–15:35", "called at 15:10–15:35"),
])  # fmt: skip
def test_a_range_is_told_outwards_and_a_long_wait_by_the_clock(from_s: int, to_s: int, vi: str, en: str) -> None:
    assert waits.said(from_s, to_s, TEN_PAST_TWO) == (vi, en)


@pytest.mark.parametrize(("second", "until"), [(0, "15:35"), (240, "15:35"), (241, "15:40")])
def test_a_time_of_day_is_never_before_the_end_of_the_wait(second: int, until: str) -> None:
    at = datetime.fromtimestamp(TEN_PAST_TWO.timestamp() + second, UTC)
    vi, _ = waits.said(62 * 60, 81 * 60, at)
    assert vi.endswith(until)


def test_one_number_of_minutes_is_never_less_than_the_wait() -> None:
    assert [waits.minutes(each * 60 + 1) for each in (0, 14, 15, 20)] == [1, 15, 20, 25]
