"""The slip for papers that were digitised and given back: what was scanned, how it looked, how it can be used again."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from fpdf import FPDF
from PIL import Image

from agent.copies.receipt import head
from agent.copies.roll import WIDTH_PX, Roll

_ROLL_MM = 72.0
_A4_MM = (210.0, 297.0)
_MARGIN_MM = 15.0
_BACK = "Đã trả lại đủ giấy tờ trên cho người nộp."
_REUSE = "Mã này lấy lại hồ sơ đã số hóa một lần: đưa tại quầy khi làm thủ tục khác. Xin giữ kín."
_NOT_YET = "Công chức kiểm tra rồi cơ quan ký số lên từng giấy tờ. Bản giấy vẫn là của bạn."


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """One paper: the citizen's count, the kiosk's, and the grade; `pages` 0 for one that was not scanned."""

    name: str
    counted: int
    pages: int
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitisedSlip:
    """`code` is the dossier's, `reuse` the text of the QR that gives it out once."""

    kiosk: str
    site: str
    visit: str
    when: datetime
    procedure: str
    lines: tuple[SlipLine, ...]
    code: str
    reuse: str


def render(slip: DigitisedSlip) -> bytes:
    """Return the slip as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll = Roll()
    head(roll, "BIÊN NHẬN SỐ HÓA", slip.site, slip.kiosk, slip.visit, slip.when)
    roll.text(slip.procedure, size=26, bold=True)
    roll.gap(8)
    for number, line in enumerate(slip.lines, 1):
        roll.pair(f"{number}. {line.name}", _pages(line))
        roll.text(f"Bạn đếm {line.counted} trang · tình trạng {line.condition}", size=20)
    roll.rule()
    total = sum(line.pages for line in slip.lines)
    roll.pair("Tổng cộng", f"{len([each for each in slip.lines if each.pages])} giấy tờ, {total} trang", bold=True)
    roll.text(_BACK, size=24)
    roll.gap(12)
    roll.text("Mã hồ sơ", size=20, centred=True)
    roll.text(slip.code, size=44, bold=True, centred=True)
    roll.gap(8)
    roll.qr(slip.reuse)
    roll.text(_REUSE, size=20)
    roll.gap(8)
    roll.text(_NOT_YET, size=20)
    roll.gap(28)
    return roll.png()


def as_page(png: bytes) -> bytes:
    """Return the slip as an A4 page for the page printer, at its true size or as small as it must be (PDF)."""
    with Image.open(BytesIO(png)) as picture:
        height_mm = picture.height / WIDTH_PX * _ROLL_MM
    scale = min(1.0, (_A4_MM[1] - 2 * _MARGIN_MM) / height_mm)
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.image(BytesIO(png), x=_MARGIN_MM, y=_MARGIN_MM, w=_ROLL_MM * scale, h=height_mm * scale)
    return bytes(pdf.output())


def _pages(line: SlipLine) -> str:
    return f"{line.pages} trang" if line.pages else "không quét"
