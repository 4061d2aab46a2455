"""Pages as if they had been read: from texts below each other, or from a specimen's true lines, without any net."""

from collections.abc import Mapping
from functools import cache

from agent.reading.values import Line, Quality, ReadPage
from models.specimens import TruthLine, make

MM_PER_PX = 25.4 / 300
GOOD = Quality(sharpness=0.7, contrast=0.9, source_dpi=300, ink_share=0.06, cut_edges=())
_ROW_MM = 2.0
_SEED = 7


def page_of(*texts: str, number: int = 1, foot: str = "") -> ReadPage:
    """Return an A4 page with one line per text, and `foot` in the middle of its lower edge."""
    lines = [_line(text, (30.0, 20.0 + 8 * at, 30.0 + 2.2 * len(text), 25.0 + 8 * at)) for at, text in enumerate(texts)]
    lines += [_line(foot, (98.0, 280.0, 112.0, 284.0))] if foot else []
    return ReadPage(number=number, lines=tuple(lines), quality=GOOD, width_mm=210.0, height_mm=297.0)


@cache
def specimen_read(kind: str) -> tuple[Mapping[str, str], tuple[ReadPage, ...]]:
    """Return the fields of a specimen and its pages with its true lines, row by row."""
    specimen = make(kind, _SEED)
    return specimen.fields, tuple(
        ReadPage(number=number, lines=_in_rows(lines), quality=GOOD, width_mm=210.0, height_mm=297.0)
        for number, lines in enumerate(specimen.lines, 1)
    )


def _in_rows(lines: tuple[TruthLine, ...]) -> tuple[Line, ...]:
    boxes = [(line.text, tuple(side * MM_PER_PX for side in line.box)) for line in lines]
    ordered = sorted(boxes, key=lambda item: (round(item[1][3] / _ROW_MM), item[1][0]))
    return tuple(_line(text, (x0, y0, x1, y1)) for text, (x0, y0, x1, y1) in ordered)


def _line(text: str, box: tuple[float, float, float, float]) -> Line:
    return Line(text=text, box=box, confidence=0.95, sure=False)
