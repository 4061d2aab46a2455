"""What the two older identity cards share: dotted form lines, two finger boxes, the director's block."""

import random

from ..dice import Dice
from ..faces import Family, Style
from ..order import Order
from ..pen import sign
from ..seal import SealDesign
from ..sheet import Sheet, px
from .card import HEIGHT, WIDTH
from .identity_card import fingerprint

_FEATURES = (
    "Nốt ruồi cách 1,5cm dưới trước mép phải",
    "Sẹo chấm cách 2cm trên sau đuôi mắt trái",
    "Sẹo thẳng cách 1cm trên cánh mũi trái",
    "Nốt ruồi cách 2cm dưới sau mép trái",
)


def any_features(order: Order) -> str:
    """Draw a distinguishing mark."""
    return order.dice("features").choice(_FEATURES)


def dotted(sheet: Sheet, x0: float, x1: float, y: float) -> None:
    """Draw the dots of a form line from x0 to x1, just below the baseline y."""
    for step in range(round((x1 - x0) / 0.75)):
        x, low = px(x0 + 0.75 * step), px(y + 0.55)
        sheet.pen.ellipse((x - 1, low - 1, x + 1, low + 1), fill=(120, 130, 130))


def fingers(order: Order, sheet: Sheet, top: float, *, x: float = 4.0, step: float = 22.0) -> None:
    """Draw the boxes of the two forefingers with their captions, nobody's prints."""
    small = Style(size_pt=4.4, family=Family.SANS, bold=True)
    for number, name in enumerate(("NGÓN TRỎ TRÁI", "NGÓN TRỎ PHẢI")):
        y = top + number * step
        fingerprint(sheet, order.dice(f"finger {number}"), x + 1.6, y + 1, 14.8, 16)
        sheet.frame(x, y, x + 18, y + step - 0.4, width=0.15, ink=(110, 120, 124))
        sheet.write(x + 9, y + step - 1.6, name, small, align="centre")


def director(order: Order, sheet: Sheet, y: float, titles: tuple[str, ...], name: str, *, x: float = 56.0) -> None:
    """Write the director's titles and name; signature and small seal between."""
    style = Style(size_pt=5.4, family=Family.SANS, bold=True)
    for number, line in enumerate(titles):
        sheet.write(x, y + 2.4 * number, line, style, align="centre")
    below = y + 2.4 * len(titles)
    sign(sheet, order.dice("director"), x - 9, below + 3.4, 18, nib=0.22)
    order.seal(sheet, SealDesign(upper="MẪU - CÔNG AN", lower="", diameter_mm=11.5), x - 10, below + 3.4)
    sheet.write(x, HEIGHT - 4.4, name, style.but(size_pt=6.2), align="centre")


def stacked_barcode(sheet: Sheet, stream: Dice, x: float, y: float, width: float, height: float) -> None:
    """Draw a two-dimensional stacked bar code that holds nothing; recorded as mark `barcode`."""
    module, row = px(0.25), px(0.8)
    left, top, columns = px(x), px(y), px(width) // px(0.25)
    pen, bars = sheet.pen, random.Random(stream.getrandbits(63))  # noqa: S311 - a drawing
    pen.rectangle((left - module, top - module, left + px(width) + module, top + px(height) + module), fill=(250,) * 3)
    for line in range(px(height) // row):
        for column in range(columns):
            edge = min(column, columns - 1 - column)
            if edge < 8 if edge < 12 else bars.random() < 0.5:
                at = left + column * module
                pen.rectangle((at, top + line * row, at + module - 1, top + (line + 1) * row - 1), fill=(30, 30, 34))
    sheet.mark("barcode", (left, top, left + px(width), top + px(height)))


RIGHT = WIDTH - 3.0
