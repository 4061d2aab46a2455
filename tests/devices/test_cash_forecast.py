"""How many more visits the change in the tubes lasts for."""

import pytest

from agent.devices.cash_change import visits_left


@pytest.mark.parametrize(
    ("tubes", "changes_vnd", "visits"),
    [
        ({1_000: 10}, [2_000], 5),
        ({1_000: 10}, [1_000, 3_000], 4),  # the newest kind of visit comes first: 3, 1, 3, 1
        ({5_000: 4, 1_000: 3}, [6_000], 3),
        ({5_000: 4}, [6_000], 0),
        ({1_000: 10}, [0], 1000),
        ({}, [1_000], 0),
        ({1_000: 10}, [], None),
    ],
)
def test_change_lasts_until_a_visit_like_the_last_ones_can_not_be_given_its_own(
    tubes: dict[int, int], changes_vnd: list[int], visits: int | None
) -> None:
    assert visits_left(tubes, changes_vnd) == visits
