"""Whether all pages with information are there (TT 01/2020 Art. 10, R6)."""

import re
from collections.abc import Iterator

from agent.reading.checks.case import Case, at_page, shows_its_end
from agent.reading.values import ReadPage
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_CARDS = {
    "CAN_CUOC_2024": ("full_name", "mrz"),
    "CCCD_BARCODE": ("full_name", "issued_on"),
    "CCCD_CHIP": ("full_name", "mrz"),
    "CMND": ("full_name", "ethnicity"),
    "DANG_KY_XE": ("owner_name", "chassis_number"),
}
"""A fact of each card's front, and one of its back."""

_SIGNED_AT_THE_END = frozenset({"QUYET_DINH", "CONG_VAN"})
_NUMBER_TOP_MM = 25.0
_PAGE_NUMBER = re.compile(r"[-–\s]*(?P<word>Trang|trang)?\s*(?P<number>\d{1,3})(\s?/\s?(?P<all>\d{1,3}))?[-–\s]*")
"""Bare at the top (NĐ 30/2020); with the word, as booklets print it, also at the bottom."""


def declared(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where more or fewer pages were scanned than declared."""
    if case.declared_pages is not None and case.declared_pages != len(case.pages):
        text = f"Khai báo {case.declared_pages} trang nhưng đã quét {len(case.pages)} trang."
        yield at_page(Ground.INCOMPLETE, Severity.ASK, text, case.pages[-1])


def printed_numbers(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where a page's printed number (top centre from page 2, NĐ 30/2020) is not the one expected."""
    offset = next((number - page.number for page in case.pages if (number := _printed_number(page))), 0)
    for page in case.pages:
        number = _printed_number(page)
        if number and number != page.number + (0 if offset < 0 else offset):
            text = f"Trang quét thứ {page.number} ghi số trang {number}."
            yield at_page(Ground.INCOMPLETE, Severity.ASK, text, page)
    if offset > 0:
        text = f"Trang đầu tiên có số trang ghi số {offset + 1} trở đi; thiếu các trang trước."
        yield at_page(Ground.INCOMPLETE, Severity.ASK, text, case.pages[0])


def printed_total(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where `Trang 2/5` announces more pages than were scanned."""
    totals = [int(found["all"]) for page in case.pages if (found := _page_number(page)) and found["all"]]
    if totals and max(totals) > len(case.pages):
        text = f"Số trang in trên giấy cho biết có {max(totals)} trang nhưng chỉ quét {len(case.pages)} trang."
        yield at_page(Ground.INCOMPLETE, Severity.ASK, text, case.pages[-1])


def end_of_paper(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where a decision or letter does not show its end: its last page is missing."""
    if case.kind.code in _SIGNED_AT_THE_END and not shows_its_end(case):
        text = "Chưa thấy phần người ký ở cuối văn bản."
        yield at_page(Ground.INCOMPLETE, Severity.ASK, text, case.pages[-1])


def both_sides(case: Case) -> Iterator[ReadFinding]:
    """Yield a finding where one side of a card is missing."""
    wanted = _CARDS.get(case.kind.code)
    missing = [name for name in wanted or () if name not in {fact.name for fact in case.facts}]
    if missing:
        side = "mặt trước" if wanted and wanted[0] in missing else "mặt sau"
        yield at_page(Ground.INCOMPLETE, Severity.ASK, f"Chưa thấy {side} của thẻ.", case.pages[-1])


def _page_number(page: ReadPage) -> re.Match[str] | None:
    for line in page.lines:
        middle = (line.box[0] + line.box[2]) / 2
        central = abs(middle - page.width_mm / 2) < 0.12 * page.width_mm
        found = _PAGE_NUMBER.fullmatch(line.text) if central else None
        low = line.box[1] > page.height_mm - _NUMBER_TOP_MM
        if found and (line.box[3] < _NUMBER_TOP_MM or (low and found["word"])):
            return found
    return None


def _printed_number(page: ReadPage) -> int | None:
    found = _page_number(page)
    return int(found["number"]) if found else None
