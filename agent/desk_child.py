"""The inside of the reading desk: nets loaded once, pages read one by one, pixels never handed out."""

import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection

import cv2

from agent.copies.image import EncodedImage, encode
from agent.reading.detector import Detector
from agent.reading.errors import ReadingError
from agent.reading.finder import LineFinder
from agent.reading.lines import PaddleFinder
from agent.reading.load import sheets
from agent.reading.page import find_page
from agent.reading.reader import Finder, PageReader
from agent.reading.second import SecondOpinion
from agent.reading.text import LineReader
from agent.reading.text_aster import AsterReader
from agent.reading.text_own import OwnReader
from agent.reading.understand import fact_lines, understand
from agent.reading.values import ReadPage, Seal, Understanding
from models.manifest import verified


class FinderChoice(StrEnum):
    """Which net finds the lines; our own is four times as fast but still clips large stamped words (R17)."""

    OWN = "own"
    PADDLE = "paddle"


class ReaderChoice(StrEnum):
    """Which net reads the lines."""

    OWN = "own"
    ASTER = "aster"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """How the desk works: finder, reader, second opinion by Tesseract, threads, and the bounds of its process."""

    finder: FinderChoice = FinderChoice.PADDLE
    reader: ReaderChoice = ReaderChoice.OWN
    second_opinion: bool = True
    threads: int = 1
    page_timeout_s: float = 20.0
    start_timeout_s: float = 30.0
    pages_per_process: int = 100
    memory_mb: int = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """One page as the kiosk keeps it: what was read, the compressed image, the red seals seen on it."""

    read: ReadPage
    image: EncodedImage
    seals: tuple[Seal, ...]


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
    declared_pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Nothing more follows for this call; `pages_read` counts since the process began."""

    pages_read: int


_FINDER_WEIGHTS = {FinderChoice.PADDLE: "line-detector", FinderChoice.OWN: "line-finder"}
_LINE_READER_WEIGHTS = {
    ReaderChoice.ASTER: ("aster-line-reader", "aster-charset"),
    ReaderChoice.OWN: ("line-reader", "line-reader-card"),
}

Call = ReadCall | UnderstandCall
Answer = ReadSheet | Understanding | ReadingError | Done


def check_weights(settings: DeskSettings) -> None:
    """Return if every weight that these settings need is the listed one; raise ModelError naming file and remedy."""
    for name in (_FINDER_WEIGHTS[settings.finder], *_LINE_READER_WEIGHTS[settings.reader]):
        verified(name)


def open_page_reader(settings: DeskSettings) -> PageReader:
    """Return a page reader with verified weights; raise ModelError or ReaderUnfit."""
    cv2.setNumThreads(settings.threads)
    return PageReader(
        finder=open_finder(settings),
        line_reader=open_line_reader(settings),
        second=SecondOpinion() if settings.second_opinion else None,
        worth_a_second_look=fact_lines,
    )


def open_finder(settings: DeskSettings) -> Finder:
    """Return the chosen line finder with verified weights; raise ModelError."""
    net = verified(_FINDER_WEIGHTS[settings.finder])
    if settings.finder is FinderChoice.PADDLE:
        return PaddleFinder(Detector(net, threads=settings.threads))
    return LineFinder(net, threads=settings.threads)


def open_line_reader(settings: DeskSettings) -> LineReader:
    """Return the chosen line reader with verified weights; raise ModelError or ReaderUnfit."""
    net, characters = map(verified, _LINE_READER_WEIGHTS[settings.reader])
    reader = AsterReader if settings.reader is ReaderChoice.ASTER else OwnReader
    return reader(net, characters, threads=settings.threads)


def read_sheets(reader: PageReader, content: bytes, first: int = 1) -> Iterator[ReadSheet]:
    """Yield the pages of a scan file; raise a leaf of UnreadableFile."""
    for number, sheet in enumerate(sheets(content), first):
        reading = reader.read(find_page(sheet.pixels, sheet.dpi), number)
        yield ReadSheet(read=reading.read, image=encode(reading.page.pixels), seals=reading.seals)


def serve(connection: Connection, settings: DeskSettings) -> None:
    """Answer calls until the other end closes; a fault that is no ReadingError ends the process."""
    resource.setrlimit(resource.RLIMIT_DATA, (settings.memory_mb << 20,) * 2)
    reader = open_page_reader(settings)
    pages_read = 0
    connection.send(Done(pages_read=pages_read))
    while True:
        try:
            call: Call = connection.recv()
        except EOFError:
            return
        for answer in _answers(reader, call):
            pages_read += isinstance(answer, ReadSheet)
            connection.send(answer)
        connection.send(Done(pages_read=pages_read))


def _answers(reader: PageReader, call: Call) -> Iterator[Answer]:
    if isinstance(call, UnderstandCall):
        yield understand(call.pages, call.seals, declared_pages=call.declared_pages)
        return
    try:
        yield from read_sheets(reader, call.content, call.first)
    except ReadingError as fault:
        yield fault


def seals_of(read: Sequence[ReadSheet]) -> tuple[tuple[Seal, ...], ...]:
    """Return the seals of each page."""
    return tuple(sheet.seals for sheet in read)
