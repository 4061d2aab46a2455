"""Rubber stamps that make a paper refusable: BẢN SAO, SAO Y, an earlier attestation, secrecy, no copying."""

from datetime import date

import numpy as np
from PIL import Image, ImageDraw

from .dice import Dice, clouds, grain
from .faces import BLACK, Colour, Style
from .kinds.state_paper import commune_seal
from .pen import sign
from .persons import LATEST, any_date, any_name
from .places import any_commune
from .seal import RED, press_seal
from .sheet import Sheet, around, moved, px
from .values import PX_PER_MM, Box, Flaw, Role
from .words import long_date

BLUE: Colour = (38, 52, 150)


def copy_mark(sheet: Sheet, stream: Dice) -> None:
    """Mark the paper as a copy: a stamped BẢN SAO or SAO Y, or the line of an electronic sao y (NĐ 30/2020 Art. 25)."""
    if any(mark.what == Flaw.BAN_SAO for mark in sheet.marks):
        return
    if stream.random() < 0.4:
        _electronic_copy_line(sheet, stream)
        return
    word = stream.choice(("BẢN SAO", "SAO Y", "SAO Y BẢN CHÍNH"))
    ink = stream.choice((RED, BLUE, BLACK))
    _press(sheet, stream, word, Style(size_pt=20, bold=True, ink=ink), Flaw.BAN_SAO, top=0, bottom=90)


def secrecy(sheet: Sheet, stream: Dice) -> None:
    """Stamp a grade of state secrecy in a red box."""
    word = stream.choice(("MẬT", "TỐI MẬT", "TUYỆT MẬT"))
    _press(sheet, stream, word, Style(size_pt=20, bold=True, ink=RED), Flaw.SECRET, top=0, bottom=110)


def no_copying(sheet: Sheet, stream: Dice) -> None:
    """Stamp the ban on copying in a red box."""
    style = Style(size_pt=16, bold=True, ink=RED)
    _press(sheet, stream, "KHÔNG ĐƯỢC SAO CHỤP", style, Flaw.NO_COPYING, top=0, bottom=297)


def earlier_attestation(sheet: Sheet, stream: Dice) -> None:
    """Stamp and sign the statement that makes a paper a certified copy (NĐ 23/2015, form of the lời chứng)."""
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    lines = (
        "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
        f"Số chứng thực: {stream.randint(12, 4800)}, quyển số {stream.randint(1, 9):02d}/{day.year}-SCT/BS",
        long_date(day).capitalize(),
        "NGƯỜI THỰC HIỆN CHỨNG THỰC",
        "CHỦ TỊCH",
    )
    style = Style(size_pt=11, bold=True, ink=stream.choice((RED, BLUE)))
    x, y = free_spot(sheet, 92, 68, top=10, bottom=290)
    first = len(sheet.lines)
    for number, line in enumerate(lines):
        sheet.write(
            x + 46, y + 6 + number * 5.4, line, style.but(bold=number in (0, 3, 4)), align="centre", role=Role.STAMP
        )
    sign(sheet, stream, x + 34, y + 44, 36)
    sheet.write(x + 50, y + 62, any_name(stream, female=False), style, align="centre", role=Role.STAMP)
    press_seal(sheet, stream, commune_seal(commune), x + 28, y + 44)
    boxes = [line.box for line in sheet.lines[first:]]
    sheet.mark(Flaw.EARLIER_ATTESTATION, around(boxes), lines[0])


def free_spot(sheet: Sheet, width: float, height: float, *, top: float, bottom: float) -> tuple[float, float]:
    """Return the top left (mm) of the emptiest place of this size between two heights, the highest of equals."""
    taken = np.zeros((298, 211), dtype=np.float32)
    for box in [line.box for line in sheet.lines] + [mark.box for mark in sheet.marks if mark.what != "specimen"]:
        x0, y0, x1, y1 = (round(side / PX_PER_MM) for side in box)
        taken[max(0, y0 - 1) : y1 + 2, max(0, x0 - 1) : x1 + 2] += 1
    total = taken.cumsum(0).cumsum(1)
    best = min(
        (float(total[y + h, x + w] - total[y, x + w] - total[y + h, x] + total[y, x]), y, x)
        for h, w in ((round(height), round(width)),)
        for y in range(round(top) + 4, min(round(bottom), 290) - h, 3)
        for x in range(16, 194 - w, 4)
    )
    return float(best[2]), float(best[1])


def _electronic_copy_line(sheet: Sheet, stream: Dice) -> None:
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    clock = f"{stream.randint(7, 16):02d}:{stream.randint(0, 59):02d}:{stream.randint(0, 59):02d}"
    text = f"SAO Y; ỦY BAN NHÂN DÂN {commune.name.upper()}; {day:%d/%m/%Y}; {clock} +07:00"
    sheet.write(203, 7, text, Style(size_pt=10), align="right", role=Role.STAMP)
    sheet.mark(Flaw.BAN_SAO, sheet.lines[-1].box, text)


def _press(sheet: Sheet, stream: Dice, word: str, style: Style, flaw: Flaw, *, top: float, bottom: float) -> None:
    """Press a boxed word, a little turned, at the emptiest place between two heights."""
    tile, text_box = _framed(word, style)
    turned = tile.rotate(stream.uniform(-4, 4), Image.Resampling.BICUBIC, expand=True)
    alpha = np.asarray(turned, dtype=np.float32) / 255
    height, width = alpha.shape
    alpha *= 0.6 + 0.4 * clouds(stream, height, width, 70)
    alpha *= np.clip(1.02 - 0.12 * np.abs(grain(stream, height, width)), 0, 1)
    x, y = free_spot(sheet, turned.width / PX_PER_MM, turned.height / PX_PER_MM, top=top, bottom=bottom)
    box = sheet.press(alpha, px(x), px(y), style.ink)
    dx, dy = (turned.width - tile.width) // 2, (turned.height - tile.height) // 2
    sheet.note_line(word, moved(text_box, box[0] + dx, box[1] + dy), Role.STAMP)
    sheet.mark(flaw, box, word)


def _framed(word: str, style: Style) -> tuple[Image.Image, Box]:
    """Return a word in a double box as ink strength, and where its letters stand on it."""
    pad = round(style.size_px * 0.36)
    ink = style.font.getbbox(word, anchor="ls")
    width, height = round(ink[2] - ink[0]) + 2 * pad, round(ink[3] - ink[1]) + 2 * pad
    tile = Image.new("L", (width + 16, height + 16))
    pen = ImageDraw.Draw(tile)
    pen.rectangle((6, 6, width + 8, height + 8), outline=255, width=7)
    spot = (8 + pad - ink[0], 8 + pad - ink[1])
    pen.text(spot, word, font=style.font, fill=255, anchor="ls")
    x0, y0, x1, y1 = pen.textbbox(spot, word, font=style.font, anchor="ls")
    return tile, (int(x0), int(y0), int(x1) + 1, int(y1) + 1)
