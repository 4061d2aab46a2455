"""Where things stand on a copy's pages: the kiosk draws the original inside a frame, the hub writes outside it.

Every page is A4 upright, millimetres, origin top left. A header strip carries the form of the copy (NĐ 30/2020,
Appendix I: top right of the first page, text only) and, on each page, the page number that takes the place of the
overlapping seal. The last page keeps a band free below the frame for the certifying statement (NĐ 23/2015 Art. 20;
TT 01/2020 Art. 12).
"""

from dataclasses import dataclass

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
MARGIN_MM = 7.0
HEADER_MM = 15.0
FOOTER_MM = 8.0
ATTESTATION_MM = 58.0

UNSIGNED_TEXT = "CHƯA CÓ GIÁ TRỊ CHỨNG THỰC"
UNSIGNED_MARK_KEY = "/TramUnsigned"
"""A content stream whose dictionary has this key set to true carries the unsigned mark; the hub's tail drops it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """A rectangle in millimetres, origin top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


def header() -> Rect:
    """Return the strip above the frame."""
    return Rect(x=MARGIN_MM, y=4.0, width=PAGE_WIDTH_MM - 2 * MARGIN_MM, height=HEADER_MM - 5.0)


def frame(*, last: bool) -> Rect:
    """Return the room for the original's image on a page."""
    below = ATTESTATION_MM if last else FOOTER_MM
    height = PAGE_HEIGHT_MM - HEADER_MM - below
    return Rect(x=MARGIN_MM, y=HEADER_MM, width=PAGE_WIDTH_MM - 2 * MARGIN_MM, height=height)


def attestation() -> Rect:
    """Return the band of the certifying statement on the last page."""
    top = frame(last=True).bottom + 2.0
    return Rect(x=MARGIN_MM, y=top, width=PAGE_WIDTH_MM - 2 * MARGIN_MM, height=PAGE_HEIGHT_MM - top - 4.0)


def fit(width_mm: float, height_mm: float, room: Rect) -> Rect:
    """Return where an image of this true size stands in `room`: centred, never enlarged, shrunk as far as needed."""
    scale = min(1.0, room.width / width_mm, room.height / height_mm)
    width, height = width_mm * scale, height_mm * scale
    return Rect(x=room.x + (room.width - width) / 2, y=room.y + (room.height - height) / 2, width=width, height=height)
