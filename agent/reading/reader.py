"""Reading a page: lines found, read, turned upright if need be, and looked at twice; stamped words besides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent.reading.codes import find_codes
from agent.reading.ctc import Decoded
from agent.reading.evidence.find import find_evidence
from agent.reading.finder import LineFinder
from agent.reading.line_reader import LineReader
from agent.reading.line_view import fit_height
from agent.reading.page import turned
from agent.reading.seals import find_seals, grey_without_seals
from agent.reading.small_print import needs_a_third_look, sharpened, stands
from agent.reading.stamps import find_stamps
from agent.reading.values import MM_PER_PX, Evidence, Found, Line, Page, Pixels, ReadPage, Seal

_UPRIGHT_CONFIDENCE = 0.5
_SAMPLE_LINES = 6
_LEAST_CONFIDENCE = 0.15
_STAMP_SLOPE_EM = 2.0  # a stamp is pressed by hand: from this length on it has a slope of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page with what was read, the seals that were seen and what was measured on it; its pixels are upright now."""

    page: Page
    read: ReadPage
    seals: tuple[Seal, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A page one way up: its seals, its lines, each as the reader sees it, and what one look at it says."""

    page: Page
    seals: tuple[Seal, ...]
    found: Sequence[Found]
    views: Sequence[NDArray[np.uint8]]
    said: Sequence[Decoded]

    @property
    def sense(self) -> float:
        """How sure the longest lines are; a page on its head reads as nonsense."""
        longest = sorted(range(len(self.found)), key=lambda at: self.found[at].box[0] - self.found[at].box[2])
        chances = [self.said[at].confidence for at in longest[:_SAMPLE_LINES]]
        return float(np.median(chances)) if chances else 0.0


class PageReader:
    """Line finder and line reader, loaded once."""

    def __init__(self, *, finder: LineFinder, line_reader: LineReader) -> None:
        self._finder = finder
        self._line_reader = line_reader

    def read(self, page: Page, number: int) -> PageReading:
        """Return the lines of a page in reading order; `number` counts from 1."""
        look = self._upright(page)
        read = ReadPage(
            number=number,
            lines=self._lines(look),
            quality=page.quality,
            width_mm=look.page.width_mm,
            height_mm=look.page.height_mm,
            stamps=self._stamps(look.page.pixels),
            codes=find_codes(look.page.pixels),
        )
        evidence = find_evidence(look.page.pixels, read.lines, look.seals)
        return PageReading(page=look.page, read=read, seals=look.seals, evidence=evidence)

    def _upright(self, page: Page) -> _Look:
        """Return the page the right way up."""
        look = self._look(page)
        if not look.found or look.sense >= _UPRIGHT_CONFIDENCE:
            return look
        flipped = self._look(replace(page, pixels=turned(page.pixels, 2)))
        return flipped if flipped.sense > look.sense else look

    def _look(self, page: Page) -> _Look:
        seals = find_seals(page.pixels)
        found = self._finder.find_in(grey_without_seals(page.pixels, seals))
        views = [fit_height(line.crop) for line in found]
        return _Look(page=page, seals=seals, found=found, views=views, said=self._line_reader.look(views))

    def _lines(self, look: _Look) -> tuple[Line, ...]:
        """Return what is written, each line looked at twice: that costs less than to ask which lines matter."""
        kept = [at for at, said in enumerate(look.said) if _legible(said)]
        sure = self._line_reader.sure([look.views[at] for at in kept], [look.said[at] for at in kept])
        dpi = look.page.quality.source_dpi
        return tuple(
            _line(look.found[at].box, look.said[at], sure=twice and self._stands(look.found[at], look.said[at], dpi))
            for at, twice in zip(kept, sure, strict=True)
        )

    def _stands(self, found: Found, said: Decoded, source_dpi: int) -> bool:
        if not needs_a_third_look(found.crop, said.text, source_dpi):
            return True
        return stands(said, self._line_reader.look([sharpened(found.crop)])[0])

    def _stamps(self, pixels: Pixels) -> tuple[Line, ...]:
        """Return every reading of the stamped words, the same text of one word once."""
        words = find_stamps(pixels, lambda grey: self._finder.bands(grey, long_em=_STAMP_SLOPE_EM))
        lines: list[Line] = []
        for word in words:
            said = {look.text: look for look in self._line_reader.look(word.looks) if _legible(look)}
            lines += [_line(word.box, look, sure=False) for look in said.values()]
        return tuple(lines)


def _legible(said: Decoded) -> bool:
    """Return whether something was written there: drawings and specks read as a stray sign or two."""
    is_text = any(char.isalnum() or char == "<" for char in said.text)
    return is_text and said.confidence >= _LEAST_CONFIDENCE * (len(said.text) <= 4)


def _line(box_px: tuple[int, int, int, int], said: Decoded, sure: bool) -> Line:
    x0, y0, x1, y1 = (side * MM_PER_PX for side in box_px)
    return Line(text=said.text, box=(x0, y0, x1, y1), confidence=said.confidence, sure=sure)
