"""One set of keys for all tests that only read it, and one copy made with it."""

from pathlib import Path

import pytest
from signing_doubles import AGENCY, NOON, OFFICER, TITLE, Certifier, attestation, draft

from contract.clock import SimulatedClock
from hub.signing.pki import Officer, Pki, ensure

OFFICERS = [Officer(name=OFFICER, title=TITLE)]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a PKI that no test changes."""
    folder = tmp_path_factory.mktemp("signing") / "pki"
    ensure(folder, SimulatedClock(NOON), agency=AGENCY, certifiers=OFFICERS)
    return folder


@pytest.fixture(scope="session")
def certified(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certified copy of two pages."""
    clock = SimulatedClock(NOON)
    tail = Certifier(Pki(keys, clock), clock).certify(draft(), attestation()).tail
    path = tmp_path_factory.mktemp("copy") / "copy.pdf"
    path.write_bytes(draft() + tail)
    return path


@pytest.fixture
def noon() -> SimulatedClock:
    """The moment at which the keys were made."""
    return SimulatedClock(NOON)


@pytest.fixture
def own_pki(tmp_path: Path, noon: SimulatedClock) -> Pki:
    """A PKI that the test may spoil."""
    return ensure(tmp_path / "pki", noon, agency=AGENCY, certifiers=OFFICERS)


@pytest.fixture
def certifier(keys: Path, noon: SimulatedClock) -> Certifier:
    """A certifier with the keys of the session."""
    return Certifier(Pki(keys, noon), noon)
