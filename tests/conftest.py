"""What tests of several rooms share: published vectors, a clock that stands still, a card reader, a browser."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from contract.clock import SimulatedClock
from provisioning.onebox.card_reader import CardReaderStandIn

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the thousands of collected tests: some 5 % less processor time."""
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of published vectors beside the checkout; the test is skipped where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the shared vectors do not lie beside this checkout")
    return SHARED


@pytest.fixture
def clock() -> SimulatedClock:
    return working_morning()


def working_morning() -> SimulatedClock:
    """A working Monday morning in Hanoi."""
    return SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def card_stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardReaderStandIn]:
    """The one card reader of this process: PC/SC's library looks for its service once and for all."""
    with CardReaderStandIn(tmp_path_factory.mktemp("card")) as running:
        yield running


@contextmanager
def opened_chromium() -> Iterator[Browser]:
    """A browser; while it is open its event loop runs in this thread, and no other can."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with opened_chromium() as browser:
        yield browser
