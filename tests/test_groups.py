"""Tests that must not run beside each other are kept in one worker; pytest 9.2 and xdist 3.8 together forget it."""

import pytest


@pytest.mark.xdist_group("groups")
def test_worker_gets_a_group_as_one(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("groups are for --dist loadgroup")
    assert request.node.nodeid.endswith("@groups")
