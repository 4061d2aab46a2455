"""What a block of a page is drawn with, and the two ways of setting text that all blocks share."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from models.linefinder.canvas import PX_PER_PT, Canvas, Run
from models.linefinder.marks import Marks
from models.linefinder.typeset import Type, Vocabulary

__all__ = ["PX_PER_MM", "Desk", "fitting", "width_of"]

PX_PER_MM = 200 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Page, chance, faces and words; `size_pt` is the body size and `leading` the line pitch in sizes."""

    canvas: Canvas
    rng: random.Random
    type: Type
    words: Vocabulary
    marks: Marks
    size_pt: float
    leading: float
    ink: int

    def phrase(self, least: int, most: int) -> list[str]:
        """Return some running text."""
        return self.words.words(self.rng, self.rng.randint(least, most))

    def capitals(self, least: int, most: int) -> list[str]:
        """Return a phrase in capitals."""
        return [word.upper() for word in self.phrase(least, most)]

    def pitch_px(self, size_pt: float) -> float:
        """Return the distance of baselines."""
        return self.leading * size_pt * PX_PER_PT

    def line(self, x: float, baseline: float, runs: Sequence[Run], *, align: float = 0.0) -> tuple[float, float]:
        """Write one line that starts (0), is centred (0.5) or ends (1) at x; return both its ends."""
        start = x - align * width_of(runs)
        return start, self.canvas.write(start, baseline, runs, ink=self.ink)

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        runs: Sequence[Run],
        pitch: float,
        *,
        indent: float = 0.0,
        align: float | None = None,
    ) -> float:
        """Set a paragraph whose first baseline is y, justified if `align` is None; return the next baseline."""
        rows = _wrap(runs, width, indent)
        for number, row in enumerate(rows):
            inset = 0.0 if number else indent
            spare = width - inset - width_of(row)
            last = number == len(rows) - 1
            stretch = spare / max(1, len(row) - 1) if align is None and not last else 0.0
            self.canvas.write(x + inset + (align or 0.0) * spare, y, row, ink=self.ink, stretch=stretch)
            y += pitch
        return y


def width_of(runs: Sequence[Run]) -> float:
    """Return the width of words set with their own spaces."""
    return sum(face.getlength(word) for word, face in runs) + sum(face.getlength(" ") for _, face in runs[:-1])


def fitting(runs: list[Run], room: float) -> list[Run]:
    """Return the first words, as many as fit into a width."""
    kept: list[Run] = []
    for word, face in runs:
        room -= face.getlength(word) + face.getlength(" ")
        if room < 0:
            break
        kept.append((word, face))
    return kept


def _wrap(runs: Sequence[Run], width: float, indent: float) -> list[list[Run]]:
    rows: list[list[Run]] = [[]]
    room = width - indent
    for word, face in runs:
        needed = face.getlength(word) + face.getlength(" ")
        if rows[-1] and needed > room:
            rows.append([])
            room = width
        rows[-1].append((word, face))
        room -= needed
    return rows
