"""Whether the scan and the paper can be read: blur, cut edges, resolution, blank pages, damage (Art. 22(2))."""

from collections.abc import Iterator

from agent.reading.checks.case import Case, at_page
from agent.reading.values import ReadPage
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

BLURRED_BELOW = 0.35
LEAST_DPI = 190
"""200 dpi is the floor for looking things up; a scanner may report a little less."""

_BLANK_INK_SHARE = 0.002
_LEAST_CONTRAST = 0.1
_DOUBTFUL_BELOW = 0.25
_DAMAGED_SHARE = 0.35
_FEWEST_LINES = 6
_SIDES = {"left": "trái", "right": "phải", "top": "trên", "bottom": "dưới"}


def quality(case: Case) -> Iterator[ReadFinding]:
    """Yield what is wrong with each page's image."""
    for page in case.pages:
        if not page.lines and page.quality.ink_share < _BLANK_INK_SHARE:
            text = f"Trang {page.number} không có nội dung."
            yield at_page(Ground.QUALITY_BLANK, Severity.ASK, text, page)
            continue
        yield from _image(page)


def damage(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for a page on which much of the print can't be read."""
    for page in case.pages:
        lines = [line for line in page.lines if len(line.text) >= 4]
        doubtful = [line for line in lines if line.confidence < _DOUBTFUL_BELOW]
        if len(lines) >= _FEWEST_LINES and len(doubtful) > _DAMAGED_SHARE * len(lines):
            text = f"{len(doubtful)} trong {len(lines)} dòng trên trang {page.number} không đọc rõ."
            yield at_page(Ground.A22_2_DAMAGED, Severity.ASK, text, page)


def _image(page: ReadPage) -> Iterator[ReadFinding]:
    # a cover of one dark colour has no edges to judge by
    if page.quality.sharpness < BLURRED_BELOW and page.quality.contrast > _LEAST_CONTRAST:
        yield at_page(Ground.QUALITY_BLUR, Severity.ASK, f"Ảnh trang {page.number} bị mờ.", page)
    if page.quality.source_dpi < LEAST_DPI:
        text = f"Ảnh trang {page.number} chỉ có khoảng {page.quality.source_dpi} dpi."
        yield at_page(Ground.QUALITY_LOW_DPI, Severity.ASK, text, page)
    if page.quality.cut_edges:
        sides = ", ".join(_SIDES[side] for side in page.quality.cut_edges)
        text = f"Nội dung trang {page.number} chạm mép {sides}."
        yield at_page(Ground.QUALITY_CUT_EDGE, Severity.ADVISE, text, page)
