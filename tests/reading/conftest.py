"""One loaded reader for all tests of reading, and papers made at test time."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from agent.reading import opened
from agent.reading.page import find_page
from agent.reading.reader import PageReader, PageReading
from agent.reading.understand import understand
from agent.reading.values import Understanding
from models.specimens import Flaw, Specimen, make, scan

Paper = Callable[..., tuple[Specimen, Understanding]]


@pytest.fixture(scope="session")
def page_reader() -> PageReader:
    return opened.page_reader()


def pixels_of(page: Image.Image) -> np.ndarray:
    return np.asarray(page.convert("RGB"))


@pytest.fixture(scope="session")
def readings(page_reader: PageReader) -> Callable[[Specimen], list[PageReading]]:
    def read(specimen: Specimen) -> list[PageReading]:
        return [page_reader.read(find_page(pixels_of(page), 300), at) for at, page in enumerate(specimen.pages, 1)]

    return read


@pytest.fixture(scope="session")
def paper(readings: Callable[[Specimen], list[PageReading]]) -> Paper:
    """Make a specimen, scan it in office quality, read and understand it; each only once."""
    known: dict[tuple[str, int, frozenset[Flaw]], tuple[Specimen, Understanding]] = {}

    def understood(kind: str, seed: int = 1, *flaws: Flaw) -> tuple[Specimen, Understanding]:
        key = (kind, seed, frozenset(flaws))
        if key not in known:
            specimen = scan(make(kind, seed, flaws=frozenset(flaws)), seed, strength="office")
            pages = readings(specimen)
            known[key] = (
                specimen,
                understand(
                    [page.read for page in pages],
                    [page.seals for page in pages],
                    evidence=[page.evidence for page in pages],
                ),
            )
        return known[key]

    return understood


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of scanned papers with one worker: each paper is read once."""
    for item in items:
        if "paper" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("paper"))
