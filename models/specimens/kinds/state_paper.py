"""The frame of a state paper after NĐ 30/2020, Appendix I: head, body, recipients, signature and seal."""

from dataclasses import dataclass
from datetime import date

from ..faces import Style
from ..flow import PT_MM, paragraph
from ..order import Order
from ..ornament import specimen_mark, specimen_note
from ..pen import sign, write_digits
from ..persons import any_name
from ..places import Commune
from ..seal import SealDesign
from ..sheet import Sheet
from ..words import long_date

LEFT, RIGHT, WIDTH = 30.0, 190.0, 160.0
AGENCY_X, STATE_X, SIGNER_X = 62.0, 140.0, 150.0
BODY = Style(size_pt=14)
SMALL = Style(size_pt=11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: capital title lines ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH") and name."""

    titles: tuple[str, ...]
    name: str


def commune_signer(order: Order, subject: str = "signer") -> Signer:
    """Draw the signer of a commune's paper: its chairman, or a deputy for him."""
    stream = order.dice(subject)
    titles = stream.choice((("CHỦ TỊCH",), ("CHỦ TỊCH",), ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")))
    return Signer(titles=titles, name=any_name(stream, stream.random() < 0.3))


def commune_seal(commune: Commune) -> SealDesign:
    """Return the design of a commune's seal."""
    return SealDesign(upper=f"ỦY BAN NHÂN DÂN {commune.name.upper()}", lower=commune.province.name.upper())


def state_sheet(order: Order, page: int = 0, *, note_y: float = 289) -> Sheet:
    """Return an A4 sheet with the specimen marks."""
    sheet = order.blank(page)
    specimen_mark(sheet, 105, 165, 46)
    specimen_note(sheet, LEFT, note_y, Style(size_pt=8))
    return sheet


def motto(sheet: Sheet, x: float, y: float) -> None:
    """Write quốc hiệu and the underlined tiêu ngữ, centred at x."""
    sheet.write(x, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style(size_pt=12.5, bold=True), align="centre")
    width = sheet.write(x, y + 6, "Độc lập - Tự do - Hạnh phúc", Style(size_pt=13.5, bold=True), align="centre")
    sheet.rule(x - width / 2, y + 7.7, x + width / 2, y + 7.7, width=0.25)


def agency_head(sheet: Sheet, lines: tuple[str, ...], y: float, *, superior: str = "") -> None:
    """Write the issuing agency in bold, its superior above it, a short rule below."""
    if superior:
        sheet.write(AGENCY_X, y, superior, Style(size_pt=12.5), align="centre")
        y += 6
    width = 0.0
    for line in lines:
        width = sheet.write(AGENCY_X, y, line, Style(size_pt=12.5, bold=True), align="centre")
        y += 5.6
    sheet.rule(AGENCY_X - width / 5, y - 3.9, AGENCY_X + width / 5, y - 3.9, width=0.25)


def number_and_date(order: Order, sheet: Sheet, y: float, number: str, place: str, day: date) -> None:
    """Write `Số: 12/QĐ-UBND` and `Cửa Nam, ngày … tháng … năm …`; in some papers a pen filled in the number."""
    stream = order.dice("number by pen")
    count, symbol = number.split("/", 1)
    style, dated = Style(size_pt=13), Style(size_pt=13.5, italic=True)
    sheet.write(STATE_X, y, f"{place}, {long_date(day)}", dated, align="centre")
    if stream.random() < 0.7:
        sheet.write(AGENCY_X, y, f"Số: {number}", style, align="centre")
        return
    start = AGENCY_X - 22
    at = start + sheet.write(start, y, "Số:", style) + 0.5
    at += write_digits(sheet, stream, at, y, count) + 1
    sheet.write(at, y, f"/{symbol}", style)


def commune_head(order: Order, sheet: Sheet, commune: Commune, number: str, day: date) -> None:
    """Write the whole head of a commune's paper."""
    agency_head(sheet, ("ỦY BAN NHÂN DÂN", commune.name.upper()), 25)
    motto(sheet, STATE_X, 25)
    number_and_date(order, sheet, 41.5, number, commune.short, day)


def title(sheet: Sheet, y: float, text: str, subject: str) -> float:
    """Write a centred title, its subject and the short rule; return the baseline after them."""
    sheet.write(110, y, text, Style(size_pt=14, bold=True), align="centre")
    below = paragraph(sheet, 40, y + 6.2, 140, subject, BODY.but(bold=True), align="centre", leading=1.22)
    sheet.rule(96, below - 3.5, 124, below - 3.5, width=0.25)
    return below


def prose(sheet: Sheet, y: float, paragraphs: list[str], style: Style = BODY, *, gap: float = 1.9) -> float:
    """Set justified paragraphs with a first-line indent; return the next baseline."""
    for text in paragraphs:
        y = paragraph(sheet, LEFT, y, WIDTH, text, style, indent=12.7, leading=1.3) + gap
    return y


def recipients(sheet: Sheet, y: float, items: list[str]) -> None:
    """Write `Nơi nhận:` and its list."""
    sheet.write(LEFT, y, "Nơi nhận:", Style(size_pt=12, bold=True, italic=True))
    for number, item in enumerate(items, 1):
        sheet.write(LEFT, y + number * 11 * PT_MM * 1.2, f"- {item}", SMALL)


def signature(
    order: Order, sheet: Sheet, y: float, signer: Signer, design: SealDesign | None, *, x: float = SIGNER_X
) -> float:
    """Write the signer's titles, signature and name; the seal covers the left third of the signature.

    Returns the name's baseline. Source: NĐ 30/2020 Art. 33(1)(b).
    """
    for line in signer.titles:
        sheet.write(x, y, line, BODY.but(bold=True), align="centre")
        y += 6
    stream = order.dice(f"signature {signer.name}")
    width = stream.uniform(38, 50)
    start, middle = x - width / 2 + stream.uniform(-2, 4), y + stream.uniform(10, 13)
    sign(sheet, stream, start, middle, width)
    sheet.write(x, y + 27, signer.name, BODY.but(bold=True), align="centre")
    if design:
        edge = start + width / 3
        order.seal(sheet, design, edge - design.diameter_mm / 2, middle + stream.uniform(-4, 2))
    return y + 27


def agency_name(commune: Commune) -> str:
    """Return `Ủy ban nhân dân phường Cửa Nam`."""
    return f"Ủy ban nhân dân {commune.name}"


def recipient_list(commune: Commune, *first: str) -> list[str]:
    """Return a usual list of recipients."""
    superior = f"UBND {commune.province.name} (để báo cáo);"
    return [*first, superior, f"Đảng ủy, HĐND, UBND {commune.name};", "Lưu: VT."]
