"""What the hub writes on a copy: the certifying statement on the last page, the form of copy and page numbers above.

Wording: the statement follows NĐ 23/2015 and TT 01/2020, the sign of conversion Law 20/2023 Art. 12 with NĐ 137/2024
Art. 4, the form of copy NĐ 30/2020 Appendix I (top right of the first page, text only, Times upright 10 pt black).
Number, page and copy id on each page take the place of the seal across the sheets' edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import segno

from contract import layout
from contract.clock import VIETNAM
from contract.layout import Rect
from hub.signing.canvas import BOLD, REGULAR, Canvas, Ink
from hub.signing.values import Attestation

FORM_OF_COPY = "BẢN SAO CHỨNG THỰC ĐIỆN TỬ"
STATEMENT = "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH"
CONVERSION = "BẢN SAO ĐIỆN TỬ – chuyển từ bản giấy"
CERTIFIER_HEADING = "NGƯỜI THỰC HIỆN CHỨNG THỰC"
AGENCY_HEADING = "CƠ QUAN THỰC HIỆN CHỨNG THỰC"
MODULE_MM = 0.5
QUIET_MODULES = 4

_LEADING = 1.15
_MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What is drawn on each page: content streams, first page first."""

    pages: tuple[bytes, ...]
    ink: Ink


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyFurniture(Furniture):
    """That of a certified copy, and where the two signatures can be clicked."""

    certifier_box: Rect
    agency_box: Rect


def draw(attestation: Attestation, *, pages: int, qr_text: str, signed_at: datetime) -> CopyFurniture:
    """Draw everything that the hub adds to a copy of `pages` pages; raise TextUnprintable.

    `qr_text` is the seal's address in QR alphanumeric characters; `signed_at` is the time shown beside the signatures.
    """
    ink = Ink()
    canvases = [Canvas(ink) for _ in range(pages)]
    for number, canvas in enumerate(canvases, 1):
        _page_line(canvas, attestation, number, pages)
    _form_of_copy(canvases[0], attestation, signed_at)
    certifier_box, agency_box = _statement(canvases[-1], attestation, qr_text, signed_at)
    return CopyFurniture(
        pages=tuple(canvas.content for canvas in canvases),
        ink=ink,
        certifier_box=certifier_box,
        agency_box=agency_box,
    )


def _page_line(canvas: Canvas, attestation: Attestation, number: int, pages: int) -> None:
    strip = layout.header()
    canvas.text(f"Trang {number}/{pages}", x=strip.x, baseline=strip.y + 2.6, size_pt=10)
    canvas.text(f"Số chứng thực {attestation.register_label}", x=strip.x, baseline=strip.y + 6.3, size_pt=8)
    canvas.text(f"Mã bản sao …{attestation.copy_id[-8:]}", x=strip.x, baseline=strip.y + 10.0, size_pt=8)


def _form_of_copy(canvas: Canvas, attestation: Attestation, signed_at: datetime) -> None:
    strip = layout.header()
    lines = (FORM_OF_COPY, attestation.agency_name, signed_at.astimezone(VIETNAM).isoformat(timespec="seconds"))
    for row, line in enumerate(lines):
        size, _ = _paragraph(canvas, line, strip.width - 62.0, 10.0)
        canvas.right(line, x=strip.x + strip.width, baseline=strip.y + 2.6 + 3.7 * row, size_pt=size)


def _statement(canvas: Canvas, attestation: Attestation, qr_text: str, signed_at: datetime) -> tuple[Rect, Rect]:
    band = layout.attestation()
    canvas.line(x=band.x, y=band.y, width=band.width, thickness=0.35)
    code_width = _code(canvas, attestation, qr_text, band)
    room = Rect(
        x=band.x + code_width + 3.0, y=band.y + 1.0, width=band.width - code_width - 3.0, height=band.height - 1.0
    )
    _certification(canvas, attestation, room)
    boxes = _signatures(canvas, attestation, signed_at, room)
    _conversion(canvas, attestation, room)
    return boxes


def _code(canvas: Canvas, attestation: Attestation, qr_text: str, band: Rect) -> float:
    matrix = segno.make_qr(qr_text, error="m", boost_error=False, mode="alphanumeric").matrix
    side = (len(matrix) + 2 * QUIET_MODULES) * MODULE_MM
    inset = QUIET_MODULES * MODULE_MM
    canvas.modules(matrix, x=band.x + inset, y=band.y + 0.5 + inset, module=MODULE_MM)
    middle = band.x + side / 2
    lines = ("Kiểm tra bản sao tại", attestation.verify_base_url, attestation.copy_id)
    for row, line in enumerate(lines):
        size, _ = _paragraph(canvas, line, side, 7.5)
        canvas.centred(line, x=middle, baseline=band.y + side + 2.4 + 3.0 * row, size_pt=size)
    return side


def _certification(canvas: Canvas, attestation: Attestation, room: Rect) -> None:
    middle = room.x + room.width / 2
    day = attestation.issued_at.astimezone(VIETNAM)
    canvas.centred(STATEMENT, x=middle, baseline=room.y + 5.0, size_pt=13, style=BOLD)
    number = f"Số chứng thực {attestation.register_label}"
    canvas.centred(number, x=middle, baseline=room.y + 10.0, size_pt=11)
    date = f"Ngày {day.day:02d} tháng {day.month:02d} năm {day.year}"
    canvas.centred(date, x=middle, baseline=room.y + 14.7, size_pt=11)


def _signatures(canvas: Canvas, attestation: Attestation, signed_at: datetime, room: Rect) -> tuple[Rect, Rect]:
    half = room.width / 2
    agency = Rect(x=room.x, y=room.y + 17.5, width=half - 2, height=22.0)
    certifier = Rect(x=room.x + half + 2, y=room.y + 17.5, width=half - 2, height=22.0)
    signed = f"Đã ký số {_moment(signed_at)}"
    _centred(canvas, agency, AGENCY_HEADING, top=3.8, style=BOLD)
    _centred(canvas, agency, attestation.agency_name, top=8.6, style=BOLD, most=2)
    _centred(canvas, agency, signed, top=18.2, size_pt=9)
    _centred(canvas, certifier, CERTIFIER_HEADING, top=3.8, style=BOLD)
    _centred(canvas, certifier, attestation.certifier_title, top=8.6)
    _centred(canvas, certifier, signed, top=13.4, size_pt=9)
    _centred(canvas, certifier, attestation.certifier_name, top=18.2, style=BOLD)
    return certifier, agency


def _centred(
    canvas: Canvas, box: Rect, text: str, *, top: float, size_pt: float = 11.0, style: str = REGULAR, most: int = 1
) -> None:
    """Set `text` in the middle of `box`, its first baseline `top` below the box's edge, in at most `most` lines."""
    size, rows = _paragraph(canvas, text, box.width, size_pt, style=style, most=most)
    for row, line in enumerate(rows):
        canvas.centred(line, x=box.x + box.width / 2, baseline=box.y + top + 4.4 * row, size_pt=size, style=style)


def _conversion(canvas: Canvas, attestation: Attestation, room: Rect) -> None:
    sign = f"{CONVERSION} lúc {_moment(attestation.issued_at)} bởi {attestation.agency_name}"
    baseline = room.y + 41.4
    for text, size_pt in ((sign, 8.5), (attestation.legal_note, 7.5)):
        size, rows = _paragraph(canvas, text, room.width, size_pt, most=2)
        for line in rows:
            canvas.text(line, x=room.x, baseline=baseline, size_pt=size)
            baseline += size_pt * _LEADING * _MM_PER_PT


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y +07:00")


def _paragraph(
    canvas: Canvas, text: str, width_mm: float, size_pt: float, *, style: str = REGULAR, most: int = 1
) -> tuple[float, list[str]]:
    """Return the size, `size_pt` or as much less as needed, at which `text` fits into `most` lines, and the lines."""
    lines = list(_wrapped(canvas, text, width_mm, size_pt, style))
    while len(lines) > most or any(canvas.width_mm(line, size_pt, style) > width_mm for line in lines):
        size_pt *= 0.97
        lines = list(_wrapped(canvas, text, width_mm, size_pt, style))
    return size_pt, lines


def _wrapped(canvas: Canvas, text: str, width_mm: float, size_pt: float, style: str) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and canvas.width_mm(longer, size_pt, style) > width_mm:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line
