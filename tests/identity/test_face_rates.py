"""The rates of the face bench, on distances whose rates are known."""

import numpy as np
import pytest

from tests.bench.face_rates import Compared, eer, interval, most, tar, threshold_for

STEPS = np.arange(1000) / 1000


def test_the_equal_error_rate_of_overlapping_rows_is_their_overlap() -> None:
    assert eer(Compared(mated=STEPS, non_mated=STEPS + 0.9)) == pytest.approx(0.05, abs=0.001)
    assert eer(Compared(mated=STEPS, non_mated=STEPS + 1.1)) == 0
    assert eer(Compared(mated=STEPS, non_mated=STEPS)) == pytest.approx(0.5, abs=0.001)


def test_the_threshold_lets_no_more_through_than_asked() -> None:
    compared = Compared(mated=STEPS, non_mated=STEPS + 0.5)
    for fmr in (0.0, 0.001, 0.01, 0.1):
        assert compared.fmr(threshold_for(compared, fmr)) <= fmr
    assert tar(compared, 0.1) == pytest.approx(0.6, abs=0.002)


def test_the_interval_holds_the_rate() -> None:
    compared = Compared(mated=STEPS, non_mated=STEPS + 0.9)
    low, high = interval(compared)
    assert low < 0.05 < high < 0.08


def test_no_error_is_bounded_by_the_rule_of_three() -> None:
    assert most(0, 300) == pytest.approx(0.01)
    assert 0.01 < most(3, 300) < 0.03
