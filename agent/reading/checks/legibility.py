"""Whether the scan and the paper can be read: blur, cut edges, resolution, blank pages."""

from collections.abc import Iterator

from agent.reading.checks.case import Case, at_page
from agent.reading.values import ReadPage, Shot
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

BLURRED_BELOW = 0.35
BLURRED_PHOTOGRAPH_BELOW = 0.43
LEAST_DPI = 190
"""200 dpi is the floor for looking things up; a scanner may report a little less."""

_BLANK_INK_SHARE = 0.002
_LEAST_CONTRAST = 0.12
_LEAST_OUTSIDE = 0.001
_LEAST_COVERED = 0.003
_LEAST_GLARE = 0.002
_DEEP_SHADE = 0.35
_SIDES = {"left": "trái", "right": "phải", "top": "trên", "bottom": "dưới"}


def quality(case: Case) -> Iterator[ReadFinding]:
    """Yield what is wrong with each page's image."""
    for page in case.pages:
        if page.quality.shot and not page.quality.shot.found:
            text = f"Không thấy tờ giấy trong ảnh trang {page.number}."
            yield at_page(Ground.QUALITY_NO_PAPER, Severity.ASK, text, page)
            continue
        if not page.lines and page.quality.ink_share < _BLANK_INK_SHARE:
            text = f"Trang {page.number} không có nội dung."
            yield at_page(Ground.QUALITY_BLANK, Severity.ASK, text, page)
            continue
        yield from _image(page)
        if shot := page.quality.shot:
            yield from _shot(page, shot)


def _image(page: ReadPage) -> Iterator[ReadFinding]:
    # a cover of one dark colour has no edges to judge by
    blurred_below = BLURRED_BELOW if page.quality.shot is None else BLURRED_PHOTOGRAPH_BELOW
    if page.quality.sharpness < blurred_below and page.quality.contrast > _LEAST_CONTRAST:
        yield at_page(Ground.QUALITY_BLUR, Severity.ASK, f"Ảnh trang {page.number} bị mờ.", page)
    if page.quality.source_dpi < LEAST_DPI:
        text = f"Ảnh trang {page.number} chỉ có khoảng {page.quality.source_dpi} dpi."
        yield at_page(Ground.QUALITY_LOW_DPI, Severity.ASK, text, page)
    if page.quality.cut_edges:
        sides = ", ".join(_SIDES[side] for side in page.quality.cut_edges)
        text = f"Nội dung trang {page.number} chạm mép {sides}."
        yield at_page(Ground.QUALITY_CUT_EDGE, Severity.ADVISE, text, page)


def _shot(page: ReadPage, shot: Shot) -> Iterator[ReadFinding]:
    """Yield what spoils a photograph; the officer sees how much of the paper it concerns."""
    if shot.several:
        text = f"Ảnh trang {page.number} có nhiều tờ giấy; chỉ tờ lớn nhất được đọc."
        yield at_page(Ground.QUALITY_TWO_PAPERS, Severity.ASK, text, page)
    if shot.outside > _LEAST_OUTSIDE:
        text = f"Khoảng {_percent(shot.outside)} trang {page.number} nằm ngoài ảnh."
        yield at_page(Ground.QUALITY_CUT_EDGE, Severity.ASK, text, page)
    if shot.covered > _LEAST_COVERED:
        text = f"Khoảng {_percent(shot.covered)} trang {page.number} bị tay hoặc vật khác che."
        yield at_page(Ground.QUALITY_COVERED, Severity.ASK, text, page)
    if shot.glare > _LEAST_GLARE:
        text = f"Khoảng {_percent(shot.glare)} trang {page.number} bị lóa đèn."
        yield at_page(Ground.QUALITY_GLARE, Severity.ASK, text, page)
    if shot.shade > _DEEP_SHADE:
        text = f"Bóng đổ lấy mất khoảng {_percent(shot.shade)} ánh sáng trên trang {page.number}."
        yield at_page(Ground.QUALITY_SHADOW, Severity.ADVISE, text, page)


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"
