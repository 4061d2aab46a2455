"""The nets of reading, verified against their manifest and loaded."""

import cv2

from agent.reading.finder import LineFinder
from agent.reading.line_reader import LineReader
from agent.reading.reader import PageReader
from models.manifest import verified

LINE_FINDER = "line-finder"


def weights(line_reader_name: str) -> tuple[str, ...]:
    """Return the manifest's names of what a page reader loads."""
    return LINE_FINDER, line_reader_name, _card(line_reader_name)


def page_reader(line_reader_name: str = "line-reader", *, threads: int = 1) -> PageReader:
    """Return a page reader with verified weights; raise ModelError or ReaderUnfit."""
    cv2.setNumThreads(threads)
    finder = LineFinder(verified(LINE_FINDER), threads=threads)
    return PageReader(finder=finder, line_reader=line_reader(line_reader_name, threads=threads))


def line_reader(name: str = "line-reader", *, threads: int = 1) -> LineReader:
    """Return the line reader with verified weights; raise ModelError or ReaderUnfit."""
    return LineReader(verified(name), verified(_card(name)), threads=threads)


def _card(line_reader_name: str) -> str:
    return f"{line_reader_name}-card"
