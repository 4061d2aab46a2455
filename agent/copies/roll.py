"""An 80 mm paper roll: rows of text, rules and QR codes, drawn for a 203 dpi thermal head."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

from agent.copies import typefaces

WIDTH_PX = 576
DPI = 203

_MARGIN_PX = 16
_INNER_PX = WIDTH_PX - 2 * _MARGIN_PX
_PAIR_GAP_PX = 24
_LINE_EM = 1.32
_QR_LARGEST_MODULE_PX = 8
_QR_QUIET_MODULES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    picture: Image.Image
    x: int
    height: int


class Roll:
    """Grows downwards row by row; letters are whole black dots, because a thermal head knows no grey."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []

    def text(self, text: str, *, size: int = 24, bold: bool = False, centred: bool = False) -> None:
        """Write a paragraph, broken at the margin; `size` in dots."""
        for line in _broken(text, _font(size, bold), _INNER_PX):
            picture = _line(line, size, bold)
            self._place(picture, (WIDTH_PX - picture.width) // 2 if centred else _MARGIN_PX)

    def pair(self, left: str, right: str, *, size: int = 24, bold: bool = False) -> None:
        """Write a label and, flush right on its last line, a value."""
        value = _line(right, size, bold)
        lines = list(_broken(left, _font(size, bold), _INNER_PX - value.width - _PAIR_GAP_PX))
        for line in lines[:-1]:
            self._place(_line(line, size, bold), _MARGIN_PX)
        row = Image.new("1", (_INNER_PX, value.height), 1)
        row.paste(_line(lines[-1], size, bold), (0, 0))
        row.paste(value, (_INNER_PX - value.width, 0))
        self._place(row, _MARGIN_PX)

    def rule(self) -> None:
        """Draw a line across, with air around it."""
        picture = Image.new("1", (_INNER_PX, 22), 1)
        ImageDraw.Draw(picture).line((0, 11, _INNER_PX, 11), fill=0, width=2)
        self._place(picture, _MARGIN_PX)

    def gap(self, height_px: int) -> None:
        """Leave paper blank."""
        self._rows.append(_Row(picture=Image.new("1", (1, 1), 1), x=0, height=height_px))

    def qr(self, content: str) -> None:
        """Print a QR code (level M, quiet zone 4), its modules as large as the roll allows."""
        code = segno.make(content, error="m", micro=False)
        modules = code.symbol_size(border=_QR_QUIET_MODULES)[0]
        scale = min(_QR_LARGEST_MODULE_PX, int(_INNER_PX // modules))
        dark = np.pad(np.array([list(row) for row in code.matrix], dtype=bool), _QR_QUIET_MODULES)
        picture = Image.fromarray(~dark.repeat(scale, 0).repeat(scale, 1)).convert("1")
        self._place(picture, (WIDTH_PX - picture.width) // 2)

    def png(self) -> bytes:
        """Return the roll as a one-bit PNG, WIDTH_PX wide."""
        page = Image.new("1", (WIDTH_PX, sum(row.height for row in self._rows)), 1)
        y = 0
        for row in self._rows:
            page.paste(row.picture, (row.x, y))
            y += row.height
        out = BytesIO()
        page.save(out, "PNG", dpi=(DPI, DPI))
        return out.getvalue()

    def _place(self, picture: Image.Image, x: int) -> None:
        self._rows.append(_Row(picture=picture, x=x, height=picture.height))


@cache
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typefaces.sans(bold=bold), size)


def _line(text: str, size: int, bold: bool) -> Image.Image:
    font = _font(size, bold)
    picture = Image.new("1", (max(1, int(font.getlength(text)) + 2), round(size * _LINE_EM)), 1)
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    pen.text((0, round(size * 1.06)), text, font=font, fill=0, anchor="ls")
    return picture


def _broken(text: str, font: ImageFont.FreeTypeFont, width_px: int) -> Iterator[str]:
    """Yield lines that fit, broken between words, or inside a word that is wider than the paper."""
    line = ""
    for word in text.split():
        if line and font.getlength(f"{line} {word}") > width_px:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while font.getlength(line) > width_px:
            cut = _letters_that_fit(line, font, width_px)
            yield line[:cut]
            line = line[cut:]
    yield line


def _letters_that_fit(word: str, font: ImageFont.FreeTypeFont, width_px: int) -> int:
    count = len(word)
    while count > 1 and font.getlength(word[:count]) > width_px:
        count -= 1
    return count
