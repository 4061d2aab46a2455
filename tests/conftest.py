"""Where the shared material lies when it is there, and a clock that stands still."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.clock import SimulatedClock

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published vectors beside the checkout; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the shared vectors do not lie beside this checkout")
    return SHARED


@pytest.fixture
def clock() -> SimulatedClock:
    """A working Monday morning in Hanoi."""
    return SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
