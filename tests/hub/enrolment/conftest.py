"""Hubs where kiosks enrol: `place` is shared by a file's tests (each makes its own codes), `fresh` is one test's own.

TLS knows one clock, the machine's; so do these hubs.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from enrolment_doubles import Town, made

from contract.clock import SystemClock


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    here = made(tmp_path_factory.mktemp("place"), SystemClock())
    yield here
    here.hub.database.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Town]:
    here = made(tmp_path, SystemClock())
    yield here
    here.hub.database.close()
