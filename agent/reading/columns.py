"""A page whose form stands in two columns, read one column after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from agent.reading.kind import Fact
from agent.reading.labels import x_at
from agent.reading.values import Line, ReadPage

_OVERHANG_MM = 3.0
_CUT_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column as a page of its own; `lines[i]` is the place of its i-th line on the whole page."""

    page: ReadPage
    lines: tuple[int, ...]

    def on_the_page(self, fact: Fact) -> Fact:
        """Return a fact that was read in the column as one of the page."""
        return replace(fact, lines=tuple(self.lines[at] for at in fact.lines))


def two_columns(page: ReadPage, gutter_mm: float) -> tuple[Column, Column]:
    """Return what stands left and right of a gutter; a line found over both is cut at the nearest space, in doubt."""
    return _column(page, lambda line: _left(line, gutter_mm)), _column(page, lambda line: _right(line, gutter_mm))


def _column(page: ReadPage, part: Callable[[Line], Line | None]) -> Column:
    kept = [(at, own) for at, line in enumerate(page.lines) if (own := part(line))]
    return Column(page=replace(page, lines=tuple(own for _, own in kept)), lines=tuple(at for at, _ in kept))


def _left(line: Line, gutter: float) -> Line | None:
    if line.box[2] <= gutter + _OVERHANG_MM:
        return line
    return _cut(line, gutter)[0] if line.box[0] < gutter - _OVERHANG_MM else None


def _right(line: Line, gutter: float) -> Line | None:
    if line.box[0] >= gutter - _OVERHANG_MM:
        return line
    return _cut(line, gutter)[1] if line.box[2] > gutter + _OVERHANG_MM else None


def _cut(line: Line, gutter: float) -> tuple[Line, Line] | tuple[None, None]:
    spaces = [at for at, sign in enumerate(line.text) if sign == " "]
    if not spaces:
        return None, None
    at = min(spaces, key=lambda at: abs(x_at(line, at + 1) - gutter))
    x0, y0, x1, y1 = line.box
    doubt = min(line.confidence, _CUT_CONFIDENCE)
    left = replace(line, text=line.text[:at], box=(x0, y0, gutter, y1), confidence=doubt)
    return left, replace(line, text=line.text[at + 1 :], box=(gutter, y0, x1, y1), confidence=doubt)


def read_in(columns: tuple[Column, ...], read: Callable[[ReadPage], list[Fact]]) -> Iterator[Fact]:
    """Yield the facts of each column."""
    for column in columns:
        for fact in read(column.page):
            yield column.on_the_page(fact)
