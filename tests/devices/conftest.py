"""Stand-ins for the devices' tests; a missing program fails the test and names the package to install."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.clock import Deadline, SystemClock
from provisioning.onebox.child import free_port
from provisioning.onebox.printer import PrinterStandIn


@pytest.fixture(scope="session")
def need_scanimage() -> None:
    if shutil.which("scanimage") is None:
        pytest.fail("scanimage is not installed: apt-get install sane-utils libsane1")


@pytest.fixture
def soon() -> Deadline:
    return Deadline.after(SystemClock(), 60.0)


@pytest.fixture(scope="module")
def printer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrinterStandIn]:
    with PrinterStandIn(tmp_path_factory.mktemp("printer"), free_port()) as stand_in:
        yield stand_in


@pytest.fixture
def own_printer(tmp_path: Path) -> Iterator[PrinterStandIn]:
    """A printer that the test may break."""
    with PrinterStandIn(tmp_path / "printer", free_port()) as stand_in:
        yield stand_in
