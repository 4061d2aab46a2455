"""F32: whoever may not need a copy is told so, with the law; nobody is kept from asking for one."""

import pytest

from agent.reading.understand import understand
from contract.grounds import DecidedBy, Ground
from contract.messages import ReadFinding, Severity
from tests.reading.read_pages import specimen_read


def _advice(kind: str) -> list[ReadFinding]:
    _, pages = specimen_read(kind)
    findings = understand(pages, [()] * len(pages)).findings
    return [finding for finding in findings if finding.ground == Ground.NOT_NEEDED_VNEID]


@pytest.mark.parametrize(
    ("kind", "basis"),
    [
        ("CAN_CUOC_2024", "NĐ 69/2024 Điều 9(6)"),
        ("CCCD_CHIP", "NĐ 69/2024 Điều 9(6)"),
        ("KHAI_SINH", "NQ 66.22/2026 Phụ lục I"),
        ("BANG_TOT_NGHIEP", "TT 10/2026/TT-BGDĐT"),
        ("DANG_KY_XE", "TT 37/2026/TT-BCA"),
        ("BHYT", "NĐ 69/2024 Điều 9(6)"),
    ],
)
def test_paper_on_vneid_gets_advice_that_names_the_law(kind: str, basis: str) -> None:
    (finding,) = _advice(kind)
    assert finding.severity is Severity.ADVISE
    assert basis in finding.text
    assert Ground[finding.ground].decided_by is DecidedBy.ADVISE


@pytest.mark.parametrize("kind", ["QUYET_DINH", "GIAY_UY_QUYEN", "XAC_NHAN_HON_NHAN", "GP_KINH_DOANH", "HO_CHIEU"])
def test_paper_that_is_on_no_list_gets_no_advice(kind: str) -> None:
    assert _advice(kind) == []
