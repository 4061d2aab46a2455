"""What stands in letters on a draft's pages: the invisible text, the paper's edge, the scale."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from fpdf import FPDF
from fpdf.enums import DocumentCompliance, TextMode
from fpdf.fonts import TTFFont

from agent.copies import typefaces
from agent.copies.image import EncodedImage
from agent.reading.values import Line
from contract.layout import MARGIN_MM, Rect

SERIF, SERIF_BOLD = "Serif", "SerifBold"
POINTS_PER_MM = 72 / 25.4

_EDGE_MM = 0.1
_EDGE_GREY = 150
_NOTE_PT = 6.0
_NOTE_GREY = 90
_NOTE_ROOM_MM = 3.0
_FULL_SCALE = 0.995
# Liberation Serif's ascender and descender, in ems: a line's box spans them.
_ASCENT_EM, _DESCENT_EM = 0.891, 0.216


class TextLayer:
    """Builds the lettered part of a draft page by page; `pdf` is the document so far (A4, mm, PDF/A-2b)."""

    def __init__(self, title: str, made_at: datetime, *, creator: str) -> None:
        self.pdf = FPDF(unit="mm", format="A4", enforce_compliance=DocumentCompliance.PDFA_2B)
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.set_title(title)
        self.pdf.set_creator(creator)
        self.pdf.set_lang("vi-VN")
        self.pdf.set_creation_date(made_at)
        self.pdf.add_font(SERIF, "", typefaces.serif())
        self.pdf.add_font(SERIF_BOLD, "", typefaces.serif(bold=True))
        self._letters = {code for face in self.pdf.fonts.values() if isinstance(face, TTFFont) for code in face.cmap}

    def add_page(self, image: EncodedImage, lines: Iterable[Line], where: Rect) -> None:
        """Add the page whose image will stand at `where`."""
        self.pdf.add_page()
        scale = where.width / image.width_mm
        self._draw_edge(where)
        if scale < _FULL_SCALE:
            self._note_scale(scale, where)
        with self.pdf.local_context(text_mode=TextMode.INVISIBLE):
            for line in lines:
                self._lay(line, scale, where)

    def _draw_edge(self, where: Rect) -> None:
        with self.pdf.local_context(line_width=_EDGE_MM, draw_color=_EDGE_GREY):
            self.pdf.rect(where.x, where.y, where.width, where.height)

    def _note_scale(self, scale: float, where: Rect) -> None:
        """Write the scale below the paper, or up its left side where the page leaves more room there."""
        self.pdf.set_font(SERIF, size=_NOTE_PT)
        note = f"Tỷ lệ {round(scale * 100)} % so với bản chính"
        with self.pdf.local_context(text_color=_NOTE_GREY):
            if where.x - MARGIN_MM >= _NOTE_ROOM_MM:
                x, y = where.x - 1.0, where.bottom
                with self.pdf.rotation(90, x, y):
                    self.pdf.text(x, y, note)
            else:
                self.pdf.text(where.x, where.bottom + 2.4, note)

    def _lay(self, line: Line, scale: float, where: Rect) -> None:
        """Set one line without ink so that its letters span the box in which it was read."""
        x0, y0, x1, y1 = (value * scale for value in line.box)
        text = self._settable(line.text)
        if not text or x1 <= x0 or y1 <= y0:
            return
        self.pdf.set_font(SERIF, size=(y1 - y0) / (_ASCENT_EM + _DESCENT_EM) * POINTS_PER_MM)
        self.pdf.set_stretching(100)
        natural_mm = self.pdf.get_string_width(text)
        self.pdf.set_stretching(100 * (x1 - x0) / natural_mm)
        self.pdf.text(where.x + x0, where.y + y1 - (y1 - y0) * _DESCENT_EM / (_ASCENT_EM + _DESCENT_EM), text)
        self.pdf.set_stretching(100)

    def _settable(self, text: str) -> str:
        # PDF/A-2, 6.2.11.8: a glyph that the font does not have must not be shown, not even without ink.
        return "".join(
            letter if ord(letter) in self._letters else " " for letter in unicodedata.normalize("NFC", text)
        ).strip()
