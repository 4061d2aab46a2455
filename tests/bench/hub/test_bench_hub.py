"""The smoke form of `make bench-hub`: every message and paper of a small fleet arrives."""

import pytest

from tests.bench.hub.__main__ import PEERS, run

pytestmark = [pytest.mark.xdist_group("hubs"), pytest.mark.timeout(300)]


def test_small_fleet_is_ingested_whole_and_its_papers_are_certified() -> None:
    figures = run(kiosks=150, connections=4, seconds=2.0, papers=3, per_s=2.0)
    assert figures.arrived == 150
    assert len(figures.took_s) == 3 and max(figures.took_s) < 60
    assert set(figures.rates) == {"hub", *PEERS}
    assert all(by_clock > 10 for by_clock, _ in figures.rates.values())
