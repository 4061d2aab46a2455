"""The nets of reading, verified against their manifest and loaded."""

import cv2

from agent.reading.finder import LineFinder
from agent.reading.line_reader import LineReader
from agent.reading.reader import PageReader
from models.manifest import verified

LINE_FINDER = "line-finder"


def page_reader(line_reader_name: str = "line-reader", *, threads: int = 1) -> PageReader:
    """Return a page reader with verified weights; raise ModelError or ReaderUnfit."""
    cv2.setNumThreads(threads)
    finder = LineFinder(verified(LINE_FINDER), threads=threads)
    return PageReader(finder=finder, line_reader=line_reader(line_reader_name, threads=threads))


def line_reader(name: str = "line-reader", *, threads: int = 1) -> LineReader:
    """Return the line reader with verified weights; raise ModelError or ReaderUnfit."""
    return LineReader(verified(name), verified(f"{name}-card"), threads=threads)
