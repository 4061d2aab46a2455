"""The look shared by civil-status papers (TT 04/2020/TT-BTP): ground, border, emblem, label and value rows."""

from collections.abc import Sequence

from ..emblem import emblem
from ..faces import Colour, Style
from ..flow import PT_MM, paragraph
from ..order import Order
from ..ornament import border, guilloche, rosette, specimen_mark, specimen_note
from ..sheet import Sheet, px
from ..values import Flaw
from .state_paper import motto

LABEL = Style(size_pt=13)
LEFT, WIDTH = 30.0, 152.0
Row = tuple[str, ...]
"""One cell, or two or three cells beside each other; each reads `label: value` and its value is bold."""


def civil_sheet(order: Order, ink: Colour) -> Sheet:
    """Return an A4 sheet with the pale security print of civil-status papers in one ink."""
    sheet = order.blank()
    guilloche(sheet, order.dice("ground"), ink, strength=0.2, pitch_mm=1.9)
    rosette(sheet, 105, 150, 52, ink, strength=0.16)
    border(sheet, 9, ink)
    specimen_mark(sheet, 105, 150, 44)
    specimen_note(sheet, 105, 277.5, Style(size_pt=8), align="centre")
    return sheet


def civil_head(sheet: Sheet, name: str, *, top: float = 38.0, size_pt: float = 22) -> float:
    """Write emblem, motto and title; return the baseline below."""
    sheet.press(emblem(px(17)), px(105 - 8.5), px(top - 17.5), (196, 40, 36))
    motto(sheet, 105, top + 6)
    title = Style(size_pt=size_pt, bold=True, ink=(186, 24, 32))
    sheet.write(105, top + 25, name, title, align="centre")
    return top + 33


def civil_title(order: Order, sheet: Sheet, original: str, extract: str) -> float:
    """Write the head; where a copy is asked for, half of the papers are extracts that say so in their title."""
    if Flaw.BAN_SAO not in order.flaws or order.dice("extract").random() < 0.5:
        return civil_head(sheet, original)
    y = civil_head(sheet, extract)
    sheet.write(105, y - 1, "(BẢN SAO)", Style(size_pt=14, bold=True), align="centre")
    sheet.mark(Flaw.BAN_SAO, sheet.lines[-1].box, "(BẢN SAO)")
    return y + 5


def rows(sheet: Sheet, y: float, content: Sequence[Row], *, style: Style = LABEL, leading: float = 1.6) -> float:
    """Write form rows; a single cell wraps over the whole width; return the next baseline."""
    step = style.size_pt * PT_MM * leading
    for row in content:
        if len(row) == 1:
            y = paragraph(sheet, LEFT, y, WIDTH, row[0], style, align="left", leading=leading)
            continue
        for number, cell in enumerate(row):
            sheet.write(LEFT + WIDTH * number / len(row), y, cell, style)
        y += step
    return y


def entry(label: str, value: str) -> str:
    """Return `label: **value**`."""
    return f"{label}: **{value}**"
