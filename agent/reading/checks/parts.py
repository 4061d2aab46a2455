"""Whether booklets are whole and in order: the parts that a passport, a land certificate, a school record must show."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.reading.checks.case import Case, at_page
from agent.reading.folding import folded, says
from agent.reading.values import ReadPage
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_CLASS = re.compile(r"\blop (1[0-2]|[1-9])(?!\d)")
_LEVELS = (range(1, 6), range(6, 10), range(10, 13))
"""The years of primary, lower and upper secondary school (Law on Education 43/2019 Art. 28)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of a booklet, and print that only its page carries."""

    name: str
    phrases: tuple[str, ...]


_PARTS = {
    "GCN_QSDD": (
        _Part(name="trang người sử dụng đất", phrases=("Người sử dụng đất, chủ sở hữu",)),
        _Part(name="trang thông tin thửa đất", phrases=("Thửa đất số", "Tờ bản đồ số")),
        _Part(name="trang sơ đồ thửa đất", phrases=("Sơ đồ thửa đất", "Sơ đồ của thửa đất")),
        _Part(name="trang những thay đổi", phrases=("Những thay đổi sau khi cấp Giấy chứng nhận",)),
    ),
    "HOC_BA": (_Part(name="trang bìa có họ tên, ngày sinh", phrases=("HỌC BẠ",)),),
    "HO_CHIEU": (_Part(name="trang thông tin", phrases=("Số hộ chiếu / Passport No", "P<VNM")),),
}


def missing(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for every part of a booklet that no page shows, and for a passport scanned without its cover."""
    for part in _PARTS.get(case.kind.code, ()):
        if _page_of(part, case.pages) is None:
            yield _incomplete(f"Chưa thấy {part.name}.", case.pages[-1])
    if case.kind.code == "HO_CHIEU" and len(case.pages) == 1:
        yield _incomplete("Chưa thấy trang bìa của hộ chiếu.", case.pages[0])


def school_years(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding for every year between a school record's first and last, or of its level, that has no page."""
    if case.kind.code != "HOC_BA":
        return
    seen = [year for page in case.pages for year in sorted(_years(page))]
    for level in _LEVELS:
        lost = sorted(set(level) - set(seen)) if set(level) & set(seen) else []
        for year in lost:
            yield _incomplete(f"Chưa thấy trang của lớp {year}.", case.pages[-1])
    if seen != sorted(seen):
        yield _incomplete("Các trang của học bạ chưa theo thứ tự lớp.", case.pages[0])


def order(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where the parts of a booklet were scanned in another order than they are bound in."""
    places = [_page_of(part, case.pages) for part in _PARTS.get(case.kind.code, ())]
    known = [place for place in places if place is not None]
    if known != sorted(known):
        yield _incomplete("Các trang được quét chưa đúng thứ tự của bản chính.", case.pages[0])


def _page_of(part: _Part, pages: Sequence[ReadPage]) -> int | None:
    return next(
        (page.number for page in pages if any(says(line.text, part.phrases, at_least=0.9) for line in page.lines)), None
    )


def _years(page: ReadPage) -> set[int]:
    return {int(hit[1]) for line in page.lines if (hit := _CLASS.match(folded(line.text)))}


def _incomplete(text: str, page: ReadPage) -> ReadFinding:
    return at_page(Ground.INCOMPLETE, Severity.ASK, text, page)
