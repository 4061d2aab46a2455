"""Blocks with frames: tables, cards, signers with seals."""

from dataclasses import replace
from itertools import pairwise

from models.linefinder.canvas import PX_PER_PT
from models.linefinder.desk import PX_PER_MM, Desk, fitting
from models.reader.words import mrz_line, number, personal_name

__all__ = ["banner", "card", "machine_zone", "rubber_stamp", "signers", "table"]


def table(desk: Desk, x0: float, x1: float, y: float) -> float:
    """A ruled grid, header in bold; cells hold one to four lines, often close to the rules."""
    rng = desk.rng
    edges = _edges(desk, x0, x1)
    thick, top = rng.choice((1, 1, 2, 3)), y - desk.pitch_px(desk.size_pt)
    bounds = [top]
    for row in range(rng.randint(2, 9)):
        bounds.append(_row(desk, edges, bounds[-1], "bold" if row == 0 else "regular"))
    if rng.random() < 0.85:
        for x in edges:
            desk.canvas.pen.line((x, top, x, bounds[-1]), fill=desk.ink, width=thick)
    for bound in bounds:
        desk.canvas.pen.line((x0, bound, x1, bound), fill=desk.ink, width=thick)
    return bounds[-1] + 1.2 * desk.pitch_px(desk.size_pt)


def _edges(desk: Desk, x0: float, x1: float) -> list[float]:
    shares = [desk.rng.uniform(0.3, 2.2) for _ in range(desk.rng.randint(2, 6))]
    edges = [x0]
    for share in shares:
        edges.append(edges[-1] + share / sum(shares) * (x1 - x0))
    return edges


def _row(desk: Desk, edges: list[float], top: float, style: str) -> float:
    rng, size = desk.rng, desk.size_pt * 0.9
    pad, em = rng.uniform(3, 9), size * PX_PER_PT
    bottoms = [top + 1.35 * em]
    for left, right in pairwise(edges):
        room = right - left - 2 * pad
        words = number(rng).split() if rng.random() < 0.35 else desk.phrase(1, 8)
        runs = [run for run in desk.type.runs(words, size, style) if run[1].getlength(run[0]) < room]
        if rng.random() < 0.9 and runs:
            align = rng.choice((0.0, 0.5, 0.5, 1.0))
            y = desk.paragraph(left + pad, top + pad + 0.85 * em, room, runs, desk.pitch_px(size), align=align)
            bottoms.append(y - desk.pitch_px(size) + 0.3 * em + pad / 2)
    return max(bottoms)


def signers(desk: Desk, x0: float, x1: float, y: float) -> float:
    """One to three signers beside each other: capital titles, signature, name; seals press over what is there."""
    rng, count = desk.rng, desk.rng.choice((1, 2, 2, 3))
    pitch, step = desk.pitch_px(desk.size_pt), (x1 - x0) / max(2, count)
    below = y + pitch * rng.uniform(4, 6.5)
    for place in range(count):
        middle = x1 - step * (place + 0.5)
        _signer(desk, middle, y, below, step * 0.95)
    return below + 1.5 * pitch


def _signer(desk: Desk, middle: float, y: float, below: float, width: float) -> None:
    rng, pitch = desk.rng, desk.pitch_px(desk.size_pt)
    titles = desk.type.runs(desk.capitals(1, 3), desk.size_pt, "bold")
    y = desk.paragraph(middle - width / 2, y, width, titles, pitch, align=0.5)
    if rng.random() < 0.4:
        runs = desk.type.runs(["(Ký,", "ghi", "rõ", "họ", "tên)"], desk.size_pt * 0.9, "italic")
        desk.line(middle, y, runs, align=0.5)
    if rng.random() < 0.8:
        _press_middle(desk, middle + rng.uniform(-30, 30), (y + below) / 2, signature=True)
    if rng.random() < 0.55:
        _press_middle(desk, middle - rng.uniform(20, 190), (y + below) / 2 + rng.uniform(-80, 60), signature=False)
    desk.line(middle, below, desk.type.runs(personal_name(rng).split(), desk.size_pt, "bold"), align=0.5)


def _press_middle(desk: Desk, x: float, y: float, *, signature: bool) -> None:
    mark = desk.marks.signature(desk.rng) if signature else desk.marks.seal(desk.rng)
    desk.canvas.press(mark, round(x - mark.shape[1] / 2), round(y - mark.shape[0] / 2))


def card(desk: Desk, x0: float, x1: float, y: float) -> float:
    """An identity card: tint, portrait or code, small labels, values, perhaps machine-readable lines."""
    rng = desk.rng
    width, height = 86 * PX_PER_MM, 54 * PX_PER_MM
    left, top = rng.uniform(x0, x1 - width), y - 20
    box = (left, top, left + width, top + height)
    desk.canvas.pen.rectangle(box, outline=rng.choice((60, 150, 200)), fill=rng.choice((255, 240, 225, 205)), width=2)
    inner = left + rng.uniform(0.02, 0.36) * width
    picture = desk.marks.portrait(rng, 150, 200) if rng.random() < 0.7 else desk.marks.code(rng, 150)
    room = rng.choice((8, 8, 150))
    if inner > left + 165:
        desk.canvas.stick(picture, round(left + 8), round(top + height * 0.35))
    if room > 8:
        desk.canvas.stick(desk.marks.code(rng, 130), round(left + width - 140), round(top + rng.uniform(8, 200)))
    _card_rows(desk, inner, left + width - room, top + 24, top + height)
    return top + height + 2 * desk.pitch_px(desk.size_pt)


def _card_rows(desk: Desk, left: float, right: float, y: float, bottom: float) -> None:
    rng, label, value = desk.rng, desk.rng.uniform(5, 6.5), desk.rng.uniform(6.5, 9)
    machine = rng.random() < 0.3
    end = bottom - 100 if machine else bottom - 8
    while y < end:
        small = y > end - 60 or rng.random() < 0.6
        words = desk.phrase(2, 7) if small else desk.capitals(2, 4)
        runs = desk.type.runs(words, label if small else value, "regular" if small else "bold")
        y = desk.paragraph(left, y, right - left, runs, 1.2 * (label if small else value) * PX_PER_PT, align=0.0)
        y += rng.uniform(0, 6)
    if machine:
        machine_zone(desk, left, right, bottom - 70)


def machine_zone(desk: Desk, x0: float, x1: float, y: float) -> float:
    """Two or three machine-readable lines in OCR-B as wide as the room."""
    rng = desk.rng
    line = mrz_line(rng)
    size = 10 * (x1 - x0) / desk.type.face(10).getlength(line)
    for _ in range(rng.choice((2, 3))):
        desk.canvas.write(x0, y, desk.type.runs([line], size), ink=desk.ink)
        y, line = y + 1.5 * size * PX_PER_PT, mrz_line(rng)
    return y + desk.pitch_px(desk.size_pt)


def banner(desk: Desk, x0: float, x1: float, y: float) -> float:
    """One to four light lines on a dark ground, as covers and heads of tables have."""
    rng, size = desk.rng, desk.rng.uniform(8, 20)
    light, pitch = replace(desk, ink=rng.randint(185, 255)), 1.5 * size * PX_PER_PT
    rows, top = rng.randint(1, 4), y - 1.2 * size * PX_PER_PT
    desk.canvas.pen.rectangle((x0, top, x1, top + (rows + 0.5) * pitch), fill=rng.randint(15, 110))
    for _ in range(rows):
        words = light.capitals(1, 5) if rng.random() < 0.5 else light.phrase(1, 8)
        runs = fitting(light.type.runs(words, size, rng.choice(("bold", "regular"))), x1 - x0 - 20)
        light.line((x0 + x1) / 2, y, runs, align=0.5)
        y += pitch
    return y + desk.pitch_px(desk.size_pt)


def rubber_stamp(desk: Desk, x0: float, x1: float, y: float) -> float:
    """A framed stamp with lines of text, laid anywhere on the sheet: `CÔNG VĂN ĐẾN`, `SAO Y BẢN CHÍNH`."""
    rng, width = desk.rng, desk.rng.uniform(38, 75) * PX_PER_MM
    size, left = rng.uniform(9, 13), rng.uniform(x0, max(x0 + 1, x1 - width))
    top, line = y - desk.pitch_px(desk.size_pt) * 0.8, y + 0.4 * size * PX_PER_PT
    for number_of_line in range(rng.randint(1, 4)):
        words = desk.capitals(2, 4) if number_of_line == 0 else desk.phrase(2, 5)
        runs = desk.type.runs(words, size, "bold" if number_of_line == 0 else "regular")
        line = desk.paragraph(left + 10, line, width - 20, runs, 1.35 * size * PX_PER_PT, align=0.5)
    if rng.random() < 0.8:
        bottom = line - 0.8 * size * PX_PER_PT
        desk.canvas.pen.rectangle((left, top, left + width, bottom), outline=desk.ink, width=rng.choice((2, 3)))
    return line + desk.pitch_px(desk.size_pt)
