"""Separator sheets for a stack: a code as large as none on a paper, with what comes behind it."""

from collections.abc import Sequence
from io import BytesIO

import segno
from fpdf import FPDF

from agent.copies import typefaces
from contract.digital import separator_text
from contract.dossiers import Component, Procedure

_CODE_MM = 70.0
_WIDTH_MM = 210.0
_FACE = "Sans"


def sheets(procedure: Procedure, components: Sequence[Component | None], *, two_sided: bool) -> bytes:
    """Return a PDF of A4 pages, one sheet for each component; None: whatever comes next.

    `two_sided` gives two pages a sheet, front and back alike, for a printer that prints both sides.
    """
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.add_font(_FACE, "", typefaces.sans())
    pdf.add_font(_FACE, "B", typefaces.sans(bold=True))
    pdf.set_title(f"Tờ ngăn hồ sơ {procedure.code}")
    for component in components:
        for _side in range(2 if two_sided else 1):
            _draw(pdf, procedure, component)
    return bytes(pdf.output())


def _draw(pdf: FPDF, procedure: Procedure, component: Component | None) -> None:
    pdf.add_page()
    pdf.set_y(45)
    _line(pdf, "TỜ NGĂN", 40, bold=True)
    _line(pdf, procedure.vi, 18)
    _line(pdf, component.vi if component else "Giấy tờ tiếp theo", 26, bold=True)
    out = BytesIO()
    text = separator_text(procedure.code, component.code if component else "")
    segno.make(text, error="h", micro=False).save(out, kind="png", scale=20, border=4)
    pdf.image(out, x=(_WIDTH_MM - _CODE_MM) / 2, y=125, w=_CODE_MM)
    pdf.set_y(205)
    _line(pdf, "Đặt tờ này trước giấy tờ ghi ở trên. Máy không lưu tờ ngăn.", 14)


def _line(pdf: FPDF, text: str, size_pt: float, *, bold: bool = False) -> None:
    pdf.set_font(_FACE, "B" if bold else "", size_pt)
    pdf.multi_cell(_WIDTH_MM - 40, size_pt * 0.5, text, align="C", new_x="LMARGIN", new_y="NEXT", center=True)
    pdf.ln(4)
