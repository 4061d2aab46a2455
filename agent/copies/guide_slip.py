"""The slip of one procedure to take home: what to bring, what it costs, how long, where, and the page behind it."""

from dataclasses import dataclass
from datetime import datetime

from agent.copies.roll import Roll
from contract.catalogue import Catalogue, Procedure
from contract.clock import VIETNAM

_MACHINE = "Máy trả lời theo danh mục, không phải người. Người ở quầy quyết định."


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideSlip:
    """`url` is the public page of the procedure, `catalogue` where its words are from."""

    kiosk: str
    site: str
    when: datetime
    procedure: Procedure
    catalogue: Catalogue
    url: str


def render(slip: GuideSlip) -> bytes:
    """Return the slip as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll, procedure = Roll(), slip.procedure
    roll.gap(16)
    roll.text(slip.site, size=24, centred=True)
    roll.gap(10)
    roll.text(procedure.short, size=32, bold=True, centred=True)
    roll.rule()
    roll.text("Cần mang theo", size=24, bold=True)
    for each in procedure.bring:
        roll.gap(6)
        roll.text(f"□ {each}", size=26)
    roll.rule()
    _facts(roll, procedure)
    roll.gap(14)
    roll.qr(slip.url)
    roll.text("Xem trên điện thoại", size=20, centred=True)
    roll.gap(10)
    roll.text(f"{slip.catalogue.source}. Bản tóm tắt số {slip.catalogue.version}.", size=20)
    roll.text(f"{_MACHINE} Trạm {slip.kiosk}, {slip.when.astimezone(VIETNAM):%H:%M %d/%m/%Y}.", size=20)
    roll.gap(28)
    return roll.png()


def _facts(roll: Roll, procedure: Procedure) -> None:
    for label, value in (
        ("Phí, lệ phí", procedure.fee),
        ("Bao lâu", procedure.time),
        ("Làm ở đâu", procedure.place),
        ("Ai giải quyết", procedure.decided_by),
        ("Lưu ý", procedure.note),
        ("Mã thủ tục", f"{procedure.code} ({procedure.decision})"),
        ("Căn cứ", "; ".join(procedure.basis)),
    ):
        if value:
            roll.text(label, size=20)
            roll.text(value, size=24)
            roll.gap(8)
