"""Puts the kiosk's doubles (kiosk_doubles.py) on the path of every test below, and the usual kiosk into reach."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from kiosk_doubles import Hub, Town

from contract.clock import SimulatedClock


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: hundreds of boots need not wait for a disk to sync."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory, prefix="tram-test-") as name:
        yield Path(name)


@pytest.fixture
def town(folder: Path, clock: SimulatedClock) -> Town:
    """A kiosk's surroundings in which nothing goes wrong unless the test says so."""
    return Town(folder=folder, clock=clock, hub=Hub(clock))
