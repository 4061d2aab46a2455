"""The inside of the reading desk: nets loaded once, pages read one by one, pixels never handed out."""

import ctypes
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from itertools import count
from multiprocessing.connection import Connection
from typing import Literal

import numpy as np

from agent.copies import jpeg2000
from agent.copies.image import BUDGET_BYTES, EncodedImage, encode
from agent.reading import opened
from agent.reading.errors import ReadingError
from agent.reading.load import sheets
from agent.reading.page import find_page
from agent.reading.paper_net import PAGE_FINDER
from agent.reading.reader import PageReader
from agent.reading.side_net import SIDE_FINDER
from agent.reading.understand import understand
from agent.reading.values import Evidence, Pixels, ReadPage, Seal, Understanding
from models.manifest import verified


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """How the desk works: its line reader, by its name in models/manifest.toml, its threads, its process's bounds.

    `line-reader-small` takes well under half the time of `line-reader` and is right less often: for a Raspberry Pi
    that would else keep people waiting.
    """

    line_reader: Literal["line-reader", "line-reader-small"] = "line-reader"
    threads: int = 1
    page_timeout_s: float = 20.0
    start_timeout_s: float = 30.0
    pages_per_process: int = 100
    memory_mb: int = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """One page as the kiosk keeps it: what was read, the compressed image, red seals seen, evidence measured."""

    read: ReadPage
    image: EncodedImage
    seals: tuple[Seal, ...]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCall:
    """Read the pages of a file; they are numbered from `first`."""

    content: bytes
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandCall:
    """Understand pages read before."""

    pages: tuple[ReadPage, ...]
    seals: tuple[tuple[Seal, ...], ...]
    evidence: tuple[tuple[Evidence, ...], ...]
    declared_pages: int | None
    today: date | None


class Stage(Enum):
    """What happens to the next page; told at its beginning, so that it is known over what a process died."""

    DRAWING = auto()
    READING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Nothing more follows for this call; `pages_read` counts since the process began."""

    pages_read: int


_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 8_000_000
"""From this size on (a whole page in grey) glibc keeps a block apart and gives it back when it is freed; left alone, it
raises that bound page by page, and the heap grew from 180 to 376 MB over eleven pages."""

Call = ReadCall | UnderstandCall
Answer = ReadSheet | Understanding | ReadingError | Stage | Done


def check_weights(settings: DeskSettings) -> None:
    """Return if every weight of the desk is the listed one; raise ModelError naming file and remedy."""
    for name in (PAGE_FINDER, SIDE_FINDER, *opened.weights(settings.line_reader)):
        verified(name)


def read_sheets(
    reader: PageReader, content: bytes, first: int = 1, tell: Callable[[Stage], object] = lambda _: None
) -> Iterator[ReadSheet]:
    """Yield the pages of a scan file and `tell` how far each is; raise a leaf of UnreadableFile."""
    numbers = count(first)
    drawn = sheets(content)
    while True:
        tell(Stage.DRAWING)
        if (sheet := next(drawn, None)) is None:
            return
        tell(Stage.READING)
        page = find_page(sheet.pixels, sheet.dpi)
        del sheet  # a page's pixels are 26 MB
        reading = reader.read(page, next(numbers))
        give_memory_back()
        image = encode(reading.page.pixels, _jpeg2000_apart)
        yield ReadSheet(read=reading.read, image=image, seals=reading.seals, evidence=reading.evidence)
        give_memory_back()


def _jpeg2000_apart(pixels: Pixels) -> bytes:
    """Return a page as JPEG 2000, made by a process of its own whose memory is never added to that of reading."""
    height, width = pixels.shape[:2]
    mode = "L" if pixels.ndim == 2 else "RGB"
    command = [sys.executable, "-P", jpeg2000.__file__, mode, str(width), str(height), str(BUDGET_BYTES)]
    view = np.ascontiguousarray(pixels).data.cast("B")
    return subprocess.run(command, input=view, stdout=subprocess.PIPE, check=True).stdout


def give_memory_back() -> None:
    """Let glibc return what a step left on the heap (some 90 MB), before the next one asks for as much."""
    ctypes.CDLL(None).malloc_trim(0)


def serve(connection: Connection, settings: DeskSettings) -> None:
    """Answer calls until the other end closes; a fault that is no ReadingError ends the process."""
    _limit_memory(settings.memory_mb << 20)
    ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    reader = opened.page_reader(settings.line_reader, threads=settings.threads)
    pages_read = 0
    connection.send(Done(pages_read=pages_read))
    while True:
        try:
            call: Call = connection.recv()
        except EOFError:
            return
        for answer in _answers(reader, call, connection.send):
            pages_read += isinstance(answer, ReadSheet)
            connection.send(answer)
        connection.send(Done(pages_read=pages_read))


def _limit_memory(most_bytes: int) -> None:
    """Bound what this process may hold; a tighter bound that it was started with stays."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


def _answers(reader: PageReader, call: Call, tell: Callable[[Stage], object]) -> Iterator[Answer]:
    if isinstance(call, UnderstandCall):
        yield understand(
            call.pages, call.seals, evidence=call.evidence, declared_pages=call.declared_pages, today=call.today
        )
        return
    try:
        yield from read_sheets(reader, call.content, call.first, tell)
    except ReadingError as fault:
        yield fault


def seals_of(read: Sequence[ReadSheet]) -> tuple[tuple[Seal, ...], ...]:
    """Return the seals of each page."""
    return tuple(sheet.seals for sheet in read)


def evidence_of(read: Sequence[ReadSheet]) -> tuple[tuple[Evidence, ...], ...]:
    """Return what was measured on each page."""
    return tuple(sheet.evidence for sheet in read)
