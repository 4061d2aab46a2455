"""What ID-1 cards share (ISO/IEC 7810): the face, a QR, a machine-readable zone, and the scanner bed they lie on."""

import io

import segno
from PIL import Image, ImageDraw

from ..faces import BLACK, Colour, Family, Style
from ..flow import paragraph
from ..order import Order
from ..ornament import guilloche, specimen_mark, specimen_note
from ..sheet import Sheet, blank, px

WIDTH, HEIGHT, CORNER = 85.6, 54.0, 3.18
LABEL = Style(size_pt=5.6, family=Family.SANS)
VALUE = Style(size_pt=7.4, family=Family.SANS)
MRZ = Style(size_pt=11.2, family=Family.MACHINE)


def face(order: Order, side: str, tint: Colour, ink: Colour) -> Sheet:
    """Return one card face with its security print and the specimen marks."""
    sheet = blank(order.dice(f"card {side}"), tint, (px(WIDTH), px(HEIGHT)))
    guilloche(sheet, order.dice(f"ground {side}"), ink, strength=0.22, pitch_mm=1.1)
    specimen_mark(sheet, 44, 30 if side == "front" else 21, 14, (222, 226, 230))
    return sheet


def note(sheet: Sheet, x: float, y: float) -> None:
    """Write the specimen line in the size of a card."""
    specimen_note(sheet, x, y, Style(size_pt=4.6, family=Family.SANS))


def both(order: Order, front: Sheet, back: Sheet) -> Sheet:
    """Return the A4 scan of both sides on a scanner bed, the front above the back."""
    bed = blank(order.dice("bed"), (246, 246, 244))
    stream = order.dice("laid")
    x = (210 - WIDTH) / 2 + stream.uniform(-6, 6)
    for card, y in ((front, 48.0), (back, 140.0)):
        left, top = x + stream.uniform(-1, 1), y + stream.uniform(-4, 4)
        _shadow(bed, left, top)
        bed.lay(card, left, top, _rounded(card.image.size))
        box = (px(left), px(top), px(left) + card.image.width, px(top) + card.image.height)
        bed.mark("card", box, "front" if card is front else "back")
    return bed


def qr(sheet: Sheet, text: str, x: float, y: float, side: float, ink: Colour = BLACK) -> None:
    """Print a QR code (UTF-8, level M) with a side in mm, quiet zone excluded; recorded as mark `qr`."""
    code = segno.make(text, error="m", micro=False, encoding="utf-8")
    stream = io.BytesIO()
    code.save(stream, kind="png", scale=4, border=0)
    image = Image.open(stream).convert("L").resize((px(side), px(side)), Image.Resampling.BOX)
    sheet.pen.rectangle((px(x - 0.9), px(y - 0.9), px(x + side + 0.9), px(y + side + 0.9)), fill=(250, 250, 250))
    sheet.image.paste(ink, (px(x), px(y)), image.point(lambda value: 255 - value))
    sheet.mark("qr", (px(x), px(y), px(x) + image.width, px(y) + image.height), text)


def mrz(
    sheet: Sheet, lines: tuple[str, ...], y: float, *, x: float = 4.6, pitch: float = 2.54, step: float = 4.3
) -> None:
    """Print a machine-readable zone, one truth line per line; `pitch` is the width of a character (ICAO 9303-3 §4)."""
    for number, line in enumerate(lines):
        tile = Image.new("L", (px(pitch * len(line)), px(5)))
        pen = ImageDraw.Draw(tile)
        for column, letter in enumerate(line):
            pen.text((px(pitch * (column + 0.5)), px(3.6)), letter, font=MRZ.font, fill=255, anchor="ms")
        top = px(y + step * number - 3.6)
        sheet.image.paste(BLACK, (px(x), top), tile)
        ink = tile.getbbox() or (0, 0, 1, 1)
        sheet.note_line(line, (px(x) + ink[0], top + ink[1], px(x) + ink[2], top + ink[3]))


def caption(sheet: Sheet, x: float, y: float, text: str, english: str, *, bold: bool = False) -> float:
    """Write a bilingual label `Họ và tên / Full name:`; return its width."""
    width = sheet.write(x, y, f"{text} / {english}", LABEL.but(bold=bold))
    return width + 1.0


def flowing(sheet: Sheet, x: float, y: float, text: str, english: str, value: str) -> None:
    """Write a label and behind it a value that runs on below, up to the card's right margin."""
    after = caption(sheet, x, y, text, english)
    style = VALUE.but(size_pt=6.4)
    paragraph(sheet, x, y, WIDTH - x - 2.5, value, style, indent=after, align="left", leading=1.3)


def _shadow(bed: Sheet, x: float, y: float) -> None:
    box = (px(x) - 3, px(y) - 2, px(x + WIDTH) + 5, px(y + HEIGHT) + 6)
    bed.pen.rounded_rectangle(box, px(CORNER), fill=(214, 214, 212))


def _rounded(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), px(CORNER), fill=255)
    return mask
