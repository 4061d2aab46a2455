"""Blocks of running text and forms: each draws itself between x0 and x1 from y on and returns where it ends."""

from itertools import pairwise

from models.linefinder.canvas import PX_PER_PT, Run
from models.linefinder.desk import PX_PER_MM, Desk, fitting
from models.reader.words import code, personal_name

__all__ = ["columns", "form", "items", "paragraphs", "state_head", "title"]

_STATE = ["CỘNG", "HÒA", "XÃ", "HỘI", "CHỦ", "NGHĨA", "VIỆT", "NAM"]
_MOTTO = ["Độc", "lập", "-", "Tự", "do", "-", "Hạnh", "phúc"]


def paragraphs(desk: Desk, x0: float, x1: float, y: float) -> float:
    """One to four paragraphs in one style, justified or ragged."""
    rng, pitch = desk.rng, desk.pitch_px(desk.size_pt)
    style = rng.choices(("regular", "italic", "bold", "bolditalic"), (7, 3, 1, 0.3))[0]
    align = None if rng.random() < 0.7 else 0.0
    indent = rng.choice((0.0, 12.7 * PX_PER_MM, 8 * PX_PER_MM))
    for _ in range(rng.randint(1, 4)):
        runs = _mixed(desk, desk.phrase(6, 70), style)
        y = desk.paragraph(x0, y, x1 - x0, runs, pitch, indent=indent, align=align) + rng.uniform(0, 0.7) * pitch
    return y


def _mixed(desk: Desk, words: list[str], style: str) -> list[Run]:
    """Words of which the first few may be bold, as `Điều 1.` is."""
    lead = desk.rng.choice((0, 0, 0, 2, 4))
    return desk.type.runs(words[:lead], desk.size_pt, "bold") + desk.type.runs(words[lead:], desk.size_pt, style)


def title(desk: Desk, x0: float, x1: float, y: float) -> float:
    """A centred title in capitals, a centred subject, perhaps a short rule."""
    rng, size = desk.rng, desk.size_pt * desk.rng.uniform(1.0, 1.9)
    y += 0.4 * size * PX_PER_PT
    y = desk.paragraph(
        x0, y, x1 - x0, desk.type.runs(desk.capitals(1, 5), size, "bold"), desk.pitch_px(size), align=0.5
    )
    if rng.random() < 0.6:
        inset = rng.uniform(0.02, 0.2) * (x1 - x0)
        subject = desk.type.runs(desk.phrase(4, 24), desk.size_pt, rng.choice(("bold", "bold", "italic", "regular")))
        y = desk.paragraph(x0 + inset, y, x1 - x0 - 2 * inset, subject, desk.pitch_px(desk.size_pt), align=0.5)
    if rng.random() < 0.4:
        _rule(desk, (x0 + x1) / 2, y - 0.75 * desk.pitch_px(desk.size_pt), rng.uniform(0.06, 0.2) * (x1 - x0))
    return y + 0.3 * desk.pitch_px(desk.size_pt)


def _rule(desk: Desk, middle: float, y: float, width: float) -> None:
    desk.canvas.pen.line(
        (middle - width / 2, y, middle + width / 2, y), fill=desk.ink, width=desk.rng.choice((1, 2, 2, 3))
    )


def state_head(desk: Desk, x0: float, x1: float, y: float) -> float:
    """Agency left, motto right, then number left and date right, as state papers begin."""
    rng, size = desk.rng, min(desk.size_pt, 13.5) * rng_size(desk)
    pitch, middle = desk.pitch_px(size), x0 + rng.uniform(0.38, 0.46) * (x1 - x0)
    left, right = (x0 + middle) / 2, (middle + x1) / 2 + rng.uniform(0, 0.03) * (x1 - x0)
    _left_head(desk, left, y, middle - x0, size)
    desk.line(right, y, desk.type.runs(_STATE, size * 0.96, "bold"), align=0.5)
    motto = desk.type.runs(_MOTTO, size, "bold")
    start, end = desk.line(right, y + pitch, motto, align=0.5)
    _rule(
        desk,
        (start + end) / 2,
        y + pitch + rng.uniform(0.25, 0.45) * size * PX_PER_PT,
        (end - start) * rng.uniform(0.5, 1),
    )
    below = y + pitch * rng.uniform(2.2, 3.4)
    _number(desk, left, below, size)
    dated = (
        f"{personal_name(rng)}, ngày {rng.randint(1, 31):02d} tháng {rng.randint(1, 12)} năm {rng.randint(1985, 2026)}"
    )
    desk.line(right, below + rng.uniform(-0.2, 0.2) * pitch, desk.type.runs(dated.split(), size, "italic"), align=0.5)
    return below + pitch * rng.uniform(1.5, 2.6)


def rng_size(desk: Desk) -> float:
    """Return a small change of size."""
    return desk.rng.uniform(0.85, 1.05)


def _left_head(desk: Desk, middle: float, y: float, width: float, size: float) -> None:
    rng = desk.rng
    style = rng.choice(("regular", "bold"))
    for words in (desk.capitals(2, 4), desk.capitals(2, 5))[: rng.choice((1, 2, 2))]:
        runs = desk.type.runs(words, size * 0.95, style)
        y, style = desk.paragraph(middle - width / 2, y, width * 0.97, runs, desk.pitch_px(size), align=0.5), "bold"
    if rng.random() < 0.8:
        _rule(desk, middle, y - 0.72 * desk.pitch_px(size), width * rng.uniform(0.15, 0.4))


def _number(desk: Desk, middle: float, y: float, size: float) -> None:
    """`Số: 12/QĐ-UBND`, printed, or with the number written by pen between the printed parts."""
    rng = desk.rng
    if rng.random() < 0.6:
        desk.line(middle, y, desk.type.runs(["Số:", f"{rng.randint(1, 3000)}/{code(rng)}"], size), align=0.5)
        return
    digits, start = desk.marks.digits(rng), middle - 22 * PX_PER_MM
    end = start + desk.type.face(size).getlength("Số: ") + rng.uniform(0, 6)
    desk.canvas.press(digits, round(end), round(y - digits.shape[0] + rng.uniform(0, 6)))
    after = end + digits.shape[1] + rng.uniform(0, 8)
    desk.canvas.write(after, y, desk.type.runs([f"/{code(rng)}"], size), ink=desk.ink)
    desk.canvas.write(start, y, desk.type.runs(["Số:"], size), ink=desk.ink)
    desk.canvas.bridge(start, after + 10, y, desk.type.face(size))


def form(desk: Desk, x0: float, x1: float, y: float) -> float:
    """Rows of label and value, one to three cells a row, on dotted, ruled or no leaders."""
    rng, cells_style = desk.rng, desk.rng.choice(("bold", "regular", "italic", "regular"))
    leader = rng.choice(("none", "dots", "dots", "rule"))
    pitch = desk.pitch_px(desk.size_pt) * rng.uniform(1.0, 1.6)
    for _ in range(rng.randint(3, 11)):
        cells = rng.choice((1, 1, 1, 2, 2, 3))
        edges = [x0 + (x1 - x0) * number / cells for number in range(cells + 1)]
        for left, right in pairwise(edges):
            _entry(desk, left, right - 8, y, leader, cells_style)
        y += pitch
    return y


def _entry(desk: Desk, x0: float, x1: float, y: float, leader: str, style: str) -> None:
    rng = desk.rng
    label = [*desk.phrase(1, 4 if x1 - x0 < 600 else 7)]
    label[-1] += ":"
    value = [] if rng.random() < 0.15 else desk.phrase(1, 3 if x1 - x0 < 600 else 8)
    if rng.random() < 0.3:
        value = [word.upper() for word in value]
    gap = rng.choice((0.0, 0.0, 0.4, 1.0, 2.5, 5.0)) * desk.size_pt * PX_PER_PT
    runs = fitting(desk.type.runs(label, desk.size_pt), x1 - x0)
    end = desk.canvas.write(x0, y, runs, ink=desk.ink)
    start = end + desk.type.face(desk.size_pt).getlength(" ") + gap
    filled = fitting(desk.type.runs(value, desk.size_pt * rng.uniform(0.9, 1.1), style), x1 - start)
    after = desk.canvas.write(start, y - rng.uniform(0, 4), filled, ink=desk.ink) if filled else end
    if filled and gap < desk.size_pt * PX_PER_PT:
        desk.canvas.bridge(x0, after, y, desk.type.face(desk.size_pt))
    desk.canvas.leader(
        leader, end + 4 if rng.random() < 0.6 else after + 4, x1, y + rng.uniform(1, 5), desk.ink, rng.randint(5, 11)
    )


def columns(desk: Desk, x0: float, x1: float, y: float) -> float:
    """Two columns of text of different sizes, as recipients and signer, or a paper in two languages."""
    rng = desk.rng
    middle, gap = x0 + rng.uniform(0.35, 0.6) * (x1 - x0), rng.uniform(2.2, 5) * desk.size_pt * PX_PER_PT
    small = desk.size_pt * rng.uniform(0.75, 1.0)
    below = [y]
    for left, right, size in ((x0, middle - gap / 2, small), (middle + gap / 2, x1, desk.size_pt)):
        runs = desk.type.runs(desk.phrase(8, 50), size, rng.choice(("regular", "italic")))
        align = rng.choice((None, 0.0, 0.0, 0.5))
        below.append(desk.paragraph(left, y, right - left, runs, desk.pitch_px(size), align=align))
    return max(below)


def items(desk: Desk, x0: float, x1: float, y: float) -> float:
    """A list of short lines with dashes or numbers; small, as recipients are."""
    rng, size = desk.rng, desk.size_pt * desk.rng.uniform(0.7, 1.0)
    if rng.random() < 0.6:
        desk.line(x0, y, desk.type.runs(["Nơi", "nhận:"], size, "bolditalic"))
        y += desk.pitch_px(size)
    mark = rng.choice(("-", "+", "", "1.", "a)", "•"))
    for _ in range(rng.randint(2, 7)):
        runs = desk.type.runs([mark, *desk.phrase(1, 9)] if mark else desk.phrase(1, 9), size)
        desk.line(x0, y, fitting(runs, x1 - x0))
        y += desk.pitch_px(size)
    return y
