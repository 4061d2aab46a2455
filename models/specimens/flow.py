"""Running text: paragraphs broken into lines, ragged or justified, and the rows of a form."""

from collections.abc import Sequence

from .faces import Style
from .sheet import Sheet, Token, natural_width, px, tokens

PT_MM = 25.4 / 72


def paragraph(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    text: str,
    style: Style,
    *,
    indent: float = 0.0,
    align: str = "justify",
    leading: float = 1.2,
) -> float:
    """Set a paragraph whose first baseline is y; return the baseline where the next line would stand."""
    lines = wrap(tokens(text, style), width, indent)
    for number, words in enumerate(lines):
        inset = indent if number == 0 else 0.0
        spare = px(width - inset) - natural_width(words)
        start = px(x + inset) + round(spare * {"centre": 0.5, "right": 1.0}.get(align, 0.0))
        justified = align == "justify" and number < len(lines) - 1
        stretch = spare / max(1, len(words) - 1) if justified else 0.0
        sheet.set_line(start, px(y), words, stretch=stretch)
        y += leading * style.size_pt * PT_MM
    return y


def wrap(words: Sequence[Token], width: float, indent: float) -> list[list[Token]]:
    """Break words into lines no wider than `width` mm; the first is `indent` mm shorter."""
    lines: list[list[Token]] = [[]]
    for word in words:
        room = px(width) - (px(indent) if len(lines) == 1 else 0)
        if lines[-1] and natural_width([*lines[-1], word]) > room:
            lines.append([])
        lines[-1].append(word)
    return lines


def entries(sheet: Sheet, x: float, y: float, cells: Sequence[tuple[float, str]], style: Style) -> None:
    """Write the cells of one form row, each at its own offset in mm from x; each cell is a line of its own."""
    for offset, text in cells:
        sheet.write(x + offset, y, text, style)
