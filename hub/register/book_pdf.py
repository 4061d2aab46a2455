"""The book on paper: A4 landscape to be bound at the left, the columns of NĐ 23/2015 Art. 13, totals carried over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from contract.clock import VIETNAM
from hub.signing.typeface import font_file
from hub.store.tables import RegisterRow

_WIDTHS_MM = (21.0, 21.0, 50.0, 58.0, 46.0, 15.0, 22.0, 32.0)
_HEADS = (
    "Số chứng thực", "Ngày, tháng, năm", "Họ tên người yêu cầu chứng thực", "Tên của bản chính giấy tờ, văn bản",
    "Họ tên, chức danh người ký chứng thực", "Số bản sao", "Phí chứng thực (đồng)", "Ghi chú",
)  # fmt: skip
_LEFT, _TOP, _BOTTOM = 22.0, 12.0, 190.0
_LINE_MM, _PAD_MM = 4.6, 0.8
_FACE = "Serif"
_FIGURES = frozenset({5, 6})


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Entries, copies and fees (VND) since the year began."""

    entries: int = 0
    copies: int = 0
    fee_vnd: int = 0

    def plus(self, row: RegisterRow) -> "Totals":
        """Return the totals with one entry more."""
        return Totals(entries=self.entries + 1, copies=self.copies + row.copies, fee_vnd=self.fee_vnd + row.fee_vnd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What is printed: entries with their notes, notes to pages that are bound already, the totals before it."""

    agency: str
    book_code: str
    year: int
    month: int
    entries: Sequence[tuple[RegisterRow, str]]
    later_notes: Sequence[str]
    before: Totals
    first_page: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """The file, its pages, and the totals at its end."""

    pdf: bytes
    pages: int
    totals: Totals


def draw(month: Month) -> Printed:
    """Return the month's pages; the same input gives the same bytes. A new book begins on a new page."""
    sheet = _Sheet(month)
    for row, note in month.entries:
        sheet.enter(row, note)
    sheet.end()
    return Printed(pdf=bytes(sheet.pdf.output()), pages=sheet.pdf.page, totals=sheet.totals)


class _Sheet:
    def __init__(self, month: Month) -> None:
        self._month, self.totals = month, month.before
        self._book = month.entries[0][0].book_no if month.entries else 1
        self.pdf = FPDF(orientation="landscape", format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margins(_LEFT, _TOP, 10)
        self.pdf.add_font(_FACE, "", font_file("LiberationSerif-Regular.ttf"))
        self.pdf.add_font(_FACE, "B", font_file("LiberationSerif-Bold.ttf"))
        self.pdf.set_creation_date(month.made_at)
        self.pdf.set_lang("vi")
        self.pdf.set_title(f"Sổ chứng thực {month.book_code}, tháng {month.month:02d}/{month.year}")
        self._page()

    def enter(self, row: RegisterRow, note: str) -> None:
        """Write one entry, on a new page where it does not fit or begins a book."""
        cells = _cells(row, note)
        if row.book_no != self._book:
            self._turn(row.book_no)
        elif self.pdf.get_y() + self._height(cells) > _BOTTOM - 8:
            self._turn(self._book)
        self._row(cells)
        self.totals = self.totals.plus(row)

    def end(self) -> None:
        """Write totals, notes to earlier pages, and where the month is signed."""
        self._sum("Cộng từ đầu năm đến hết tháng")
        for note in self._month.later_notes:
            if self.pdf.get_y() > _BOTTOM - 10:
                self._page(heads=False)
            self._say(f"Ghi chú cho trang đã in: {note}")
        if self.pdf.get_y() > _BOTTOM - 34:
            self._page(heads=False)
        count = len(self._month.entries)
        self._say(f"Tháng {self._month.month:02d}/{self._month.year} có {count} việc chứng thực.")
        self._signing_places()

    def _turn(self, book: int) -> None:
        self._sum("Mang sang trang sau")
        self._book = book
        self._page()
        self._sum("Trang trước mang sang")

    def _page(self, *, heads: bool = True) -> None:
        pdf, month = self.pdf, self._month
        pdf.add_page()
        number = month.first_page + pdf.page - 1
        pdf.set_font(_FACE, "B", 12)
        pdf.cell(150, 6, month.agency)
        pdf.set_font(_FACE, "", 11)
        label = f"Trang {number} / Quyển số {self._book:02d}/{month.year}-{month.book_code}"
        pdf.cell(0, 6, label, align="R", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font(_FACE, "B", 14)
        title = f"SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH – THÁNG {month.month:02d}/{month.year}"
        pdf.cell(0, 9, title, align="C", new_x="LMARGIN", new_y="NEXT")
        if heads:
            self._row(_HEADS, bold=True)

    def _row(self, cells: Sequence[str], *, bold: bool = False) -> None:
        pdf, top, height = self.pdf, self.pdf.get_y(), self._height(cells, bold=bold)
        left = _LEFT
        for at, (text, width) in enumerate(zip(cells, _WIDTHS_MM, strict=True)):
            pdf.rect(left, top, width, height)
            pdf.set_xy(left, top + _PAD_MM)
            align = "C" if bold or at < 2 else "R" if at in _FIGURES else "L"
            pdf.multi_cell(width, _LINE_MM, text, align=align)
            left += width
        pdf.set_xy(_LEFT, top + height)

    def _height(self, cells: Sequence[str], *, bold: bool = False) -> float:
        self.pdf.set_font(_FACE, "B" if bold else "", 10)
        most = max(self._lines(text, width) for text, width in zip(cells, _WIDTHS_MM, strict=True))
        return most * _LINE_MM + 2 * _PAD_MM

    def _lines(self, text: str, width_mm: float) -> int:
        lines = self.pdf.multi_cell(width_mm, _LINE_MM, text, dry_run=True, output=MethodReturnValue.LINES)
        assert isinstance(lines, list)
        return len(lines)

    def _sum(self, words: str) -> None:
        pdf, totals = self.pdf, self.totals
        pdf.set_font(_FACE, "B", 10)
        pdf.cell(sum(_WIDTHS_MM[:5]), 7, f"{words}: {totals.entries} việc", border=1)
        pdf.cell(_WIDTHS_MM[5], 7, _dots(totals.copies), border=1, align="R")
        pdf.cell(_WIDTHS_MM[6], 7, _dots(totals.fee_vnd), border=1, align="R")
        pdf.cell(_WIDTHS_MM[7], 7, "", border=1, new_x="LMARGIN", new_y="NEXT")

    def _say(self, text: str) -> None:
        self.pdf.set_font(_FACE, "", 11)
        self.pdf.multi_cell(sum(_WIDTHS_MM), 6, text, new_x="LMARGIN", new_y="NEXT")

    def _signing_places(self) -> None:
        half = sum(_WIDTHS_MM) / 2
        self.pdf.set_font(_FACE, "B", 11)
        self.pdf.cell(half, 6, "NGƯỜI GIỮ SỔ", align="C")
        self.pdf.cell(half, 6, "NGƯỜI THỰC HIỆN CHỨNG THỰC", align="C")


def _cells(row: RegisterRow, note: str) -> tuple[str, ...]:
    day = f"{row.at.astimezone(VIETNAM):%d/%m/%Y}"
    signer = f"{row.signer_name}, {row.signer_title}"
    number, copies, fee = f"{row.number:02d}", str(row.copies), _dots(row.fee_vnd)
    return (number, day, row.requester_name, row.title, signer, copies, fee, note)


def _dots(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")
