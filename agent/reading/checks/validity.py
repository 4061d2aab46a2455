"""Whether a paper's own term has run out: advice, for a copy of an expired paper may still be certified.

NĐ 23/2015 Art. 22 lists the originals of which no copy is certified, and none of its cases is an expired term; the copy
stands for the original as it is (Art. 3(2)). But whoever receives it may want a valid paper, so it is said in time.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from agent.reading import dates
from agent.reading.checks.case import Case, at_page
from contract.grounds import Ground
from contract.messages import ReadFact, ReadFinding, Severity

_TERMED = frozenset({"CAN_CUOC_2024", "CCCD_BARCODE", "CCCD_CHIP", "CMND", "GPLX", "HO_CHIEU"})
_SIX_MONTHS = frozenset({"XAC_NHAN_HON_NHAN"})
"""Valid for six months from the day of issue (NĐ 123/2015 Art. 23(1))."""

_CMND_ENDED = date(2024, 12, 31)
"""The last day of every identity card of the CMND kind (Law 26/2023/QH15 Art. 46(2))."""

_LEAST_CONFIDENCE = 0.5
_STILL = "Bản sao vẫn chứng thực được, nhưng nơi nhận có thể không chấp nhận."


def term(case: Case) -> Iterator[ReadFinding]:
    """Yield advice where the last day that the paper names, or the law sets, lies before today; today is never it."""
    if case.today is None:
        return
    if case.kind.code == "CMND" and case.today > _CMND_ENDED:
        text = f"Giấy chứng minh nhân dân hết giá trị sử dụng từ 01/01/2025 (Luật Căn cước Điều 46). {_STILL}"
        yield at_page(Ground.NOT_VALID, Severity.ADVISE, text, case.pages[0])
        return
    for fact in case.facts:
        last = _last_day(case.kind.code, fact)
        if last and last < case.today and fact.confidence >= _LEAST_CONFIDENCE:
            text = f"{case.kind.title} hết hạn ngày {dates.slashed(last)}. {_STILL}"
            yield ReadFinding(
                ground=Ground.NOT_VALID.value, severity=Severity.ADVISE, text=text, page=fact.page, box=fact.box
            )


def _last_day(kind: str, fact: ReadFact) -> date | None:
    if kind in _TERMED and fact.name == "expires_on":
        return dates.find_date(fact.value)
    if kind in _SIX_MONTHS and fact.name == "issued_on":
        issued = dates.find_date(fact.value)
        return _six_months_after(issued) if issued else None
    return None


def _six_months_after(day: date) -> date:
    """Return the day of the same number six months on, or the last of that month (Civil Code 91/2015 Art. 148)."""
    year, month = day.year + (day.month > 6), (day.month + 5) % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
