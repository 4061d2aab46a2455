"""Pages drawn once for all tests of copies."""

import pytest
from drawn_paper import Paper


@pytest.fixture(scope="session")
def text_paper() -> Paper:
    return Paper()


@pytest.fixture(scope="session")
def sealed_paper() -> Paper:
    return Paper(seal=True)
