"""Whether a certified copy is needed at all: papers whose data VNeID shows with the same value (F32)."""

from collections.abc import Iterator

from agent.reading.checks.case import Case, at_page
from contract.grounds import Ground
from contract.messages import ReadFinding, Severity

_CARD = "NĐ 69/2024 Điều 9(6)"
_ANNEX = "NQ 66.22/2026 Phụ lục I"
_BASIS = {
    "BANG_TOT_NGHIEP": f"{_ANNEX}; TT 10/2026/TT-BGDĐT",
    "BHXH": f"{_CARD}; {_ANNEX}",
    "BHYT": f"{_CARD}; {_ANNEX}",
    "CAN_CUOC_2024": _CARD,
    "CCCD_BARCODE": _CARD,
    "CCCD_CHIP": _CARD,
    "CHUNG_CHI": f"{_ANNEX}; TT 10/2026/TT-BGDĐT",
    "DANG_KY_XE": f"{_ANNEX}; TT 37/2026/TT-BCA",
    "GCN_QSDD": _ANNEX,
    "GPLX": _ANNEX,
    "KET_HON": _ANNEX,
    "KHAI_SINH": _ANNEX,
}
"""The law that lets an agency take each kind's data from VNeID instead of a copy (DOMAIN §3)."""


def on_vneid(case: Case) -> Iterator[ReadFinding]:
    """Yield advice where VNeID carries what the paper says; the citizen may still want the copy."""
    if basis := _BASIS.get(case.kind.code):
        text = f"{case.kind.title} có thể đã có trên VNeID; khi đó không cần bản sao chứng thực ({basis})."
        yield at_page(Ground.NOT_NEEDED_VNEID, Severity.ADVISE, text, case.pages[0])
