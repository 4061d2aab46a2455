"""Reading a page: lines found, read, turned upright if need be, and those that matter read a second time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from agent.reading.page import turned
from agent.reading.seals import find_seals, without_red
from agent.reading.second import SecondOpinion
from agent.reading.text import LineReader
from agent.reading.values import MM_PER_PX, Found, Line, Page, Pixels, ReadPage, Seal

WorthASecondLook = Callable[[ReadPage], Sequence[int]]
"""Says which lines of a page (by index) a field is taken from."""

_UPRIGHT_CONFIDENCE = 0.5
_SAMPLE_LINES = 6
_LEAST_CONFIDENCE = 0.15


class Finder(Protocol):
    """Finds the lines of print on a flat page."""

    def find(self, page: Pixels, /) -> list[Found]:
        """Return the lines of a flat, upright page (RGB, 300 dpi) in reading order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page with what was read on it and the seals that were seen; its pixels are upright now."""

    page: Page
    read: ReadPage
    seals: tuple[Seal, ...]


class PageReader:
    """Line finder, line reader and second opinion, loaded once."""

    def __init__(
        self,
        *,
        finder: Finder,
        line_reader: LineReader,
        second: SecondOpinion | None,
        worth_a_second_look: WorthASecondLook,
    ) -> None:
        self._finder = finder
        self._line_reader = line_reader
        self._second = second
        self._worth = worth_a_second_look

    def read(self, page: Page, number: int) -> PageReading:
        """Return the lines of a page in reading order; `number` counts from 1."""
        page, seals, found = self._upright(page)
        texts = self._line_reader.read([line.crop for line in found])
        kept = [
            (line, text, chance) for line, (text, chance) in zip(found, texts, strict=True) if _legible(text, chance)
        ]
        read = ReadPage(
            number=number,
            lines=tuple(_as_line(*line) for line in kept),
            quality=page.quality,
            width_mm=page.width_mm,
            height_mm=page.height_mm,
        )
        return PageReading(page=page, read=self._confirmed(read, [line for line, _, _ in kept]), seals=seals)

    def read_lines(self, crops: Sequence[Found]) -> list[tuple[str, float]]:
        """Return text and confidence of lines that were cut already."""
        return self._line_reader.read([line.crop for line in crops])

    def _upright(self, page: Page) -> tuple[Page, tuple[Seal, ...], list[Found]]:
        """Return the page the right way up: a page on its head reads as nonsense."""
        seals, found = self._find(page)
        if not found or self._sense(found) >= _UPRIGHT_CONFIDENCE:
            return page, seals, found
        flipped = replace(page, pixels=turned(page.pixels, 2))
        flipped_seals, flipped_found = self._find(flipped)
        if self._sense(flipped_found) > self._sense(found):
            return flipped, flipped_seals, flipped_found
        return page, seals, found

    def _find(self, page: Page) -> tuple[tuple[Seal, ...], list[Found]]:
        seals = find_seals(page.pixels)
        clean = without_red(page.pixels, seals)
        return seals, self._finder.find(clean)

    def _sense(self, found: Sequence[Found]) -> float:
        longest = sorted(found, key=lambda line: line.box[0] - line.box[2])[:_SAMPLE_LINES]
        chances = [chance for _, chance in self.read_lines(longest)]
        return float(np.median(chances)) if chances else 0.0

    def _confirmed(self, read: ReadPage, found: Sequence[Found]) -> ReadPage:
        if self._second is None:
            return read
        chosen = list(self._worth(read))
        verdicts = self._second.confirms([found[at].crop for at in chosen], [read.lines[at].text for at in chosen])
        agreed = {at for at, verdict in zip(chosen, verdicts, strict=True) if verdict}
        lines = tuple(replace(line, sure=at in agreed) for at, line in enumerate(read.lines))
        return replace(read, lines=lines)


def _legible(text: str, chance: float) -> bool:
    """Return whether something was written there: drawings and specks read as a stray sign or two."""
    return any(char.isalnum() or char == "<" for char in text) and chance >= _LEAST_CONFIDENCE * (len(text) <= 4)


def _as_line(found: Found, text: str, chance: float) -> Line:
    x0, y0, x1, y1 = (side * MM_PER_PX for side in found.box)
    return Line(text=text, box=(x0, y0, x1, y1), confidence=min(1.0, chance), sure=False)
