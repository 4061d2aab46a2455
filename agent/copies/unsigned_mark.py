"""The mark that everything unsigned carries (R3): large across the page, and who made the draft and in which mode."""

from datetime import datetime

from fpdf import FPDF

from agent.copies.draft_text import SERIF, SERIF_BOLD
from contract.clock import vietnam_text
from contract.layout import PAGE_HEIGHT_MM, PAGE_WIDTH_MM, UNSIGNED_TEXT, header
from contract.messages import LegalMode

MODE_TEXT = {
    LegalMode.PREPARE_ONLY: "Trạm chỉ chuẩn bị hồ sơ, không thực hiện chứng thực",
    LegalMode.STAFFED_AT_OFFICE: "Trạm đặt tại trụ sở, người thực hiện chứng thực đối chiếu với bản chính",
    LegalMode.PILOT_REMOTE: "Thí điểm: người thực hiện chứng thực đối chiếu từ xa",
}

_RED = (190, 20, 30)
_ANGLE_DEG = 52.0
_BIG_PT = 46.0
_BIG_OPACITY = 0.22
_NOTE_PT = 8.0


def draw_mark(pdf: FPDF, *, legal_mode: LegalMode, made_at: datetime, kiosk: str) -> None:
    """Add one page that holds nothing but the mark; the assembly lays it over every page of the draft."""
    pdf.add_page()
    pdf.set_text_color(*_RED)
    _draw_diagonal(pdf)
    top = header()
    pdf.set_font(SERIF_BOLD, size=_NOTE_PT)
    pdf.text(top.x, top.y + 3.5, f"BẢN QUÉT {UNSIGNED_TEXT}")
    pdf.set_font(SERIF, size=_NOTE_PT)
    pdf.text(top.x, top.y + 7.0, f"Trạm {kiosk} lập lúc {vietnam_text(made_at)}. {MODE_TEXT[legal_mode]}.")


def _draw_diagonal(pdf: FPDF) -> None:
    pdf.set_font(SERIF_BOLD, size=_BIG_PT)
    width_mm = pdf.get_string_width(UNSIGNED_TEXT)
    x, y = PAGE_WIDTH_MM / 2, PAGE_HEIGHT_MM / 2
    with pdf.local_context(fill_opacity=_BIG_OPACITY), pdf.rotation(_ANGLE_DEG, x, y):
        pdf.text(x - width_mm / 2, y + 5.0, UNSIGNED_TEXT)
