"""The short form of `make prove-money`."""

import shutil
from pathlib import Path

import pytest

from tests.prove import money

pytestmark = [
    pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]


def test_after_cuts_at_random_moments_the_machines_hold_what_the_books_say(tmp_path: Path) -> None:
    tally = money.prove(tmp_path / "money", cuts=7, seed=4)
    assert sum(tally.cuts.values()) >= 7
    assert tally.totals["box"] > 0
