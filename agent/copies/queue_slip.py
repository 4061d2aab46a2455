"""The ticket with a queue number: read at arm's length, without glasses."""

from dataclasses import dataclass
from datetime import datetime

from agent.copies.roll import Roll
from contract.clock import VIETNAM

_OFFLINE = "Trạm đang mất kết nối nên chưa biết bạn phải chờ bao lâu. Số giữ thứ tự theo giờ lấy số. Hãy nghe gọi số."
_OFFLINE_EN = "The kiosk is offline: no wait can be told. The number counts from the time it was drawn."
_MISSED = "Lỡ lượt? Báo tại trạm bằng mã"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSlip:
    """`before` is None and `wait` (in words) blank where the hub has not told; `code` is for who was called and not
    there.
    """

    site: str
    number: str
    service: str
    service_en: str
    when: datetime
    right: str
    before: int | None
    wait: str
    slot_at: datetime | None
    follow: str
    code: str


def render(slip: QueueSlip) -> bytes:
    """Return the ticket as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll = Roll()
    roll.gap(16)
    roll.text(slip.site, size=24, centred=True)
    roll.gap(10)
    roll.text("SỐ THỨ TỰ", size=32, bold=True, centred=True)
    roll.text(slip.number, size=118, bold=True, centred=True)
    roll.text(slip.service, size=34, bold=True, centred=True)
    roll.text(slip.service_en, size=22, centred=True)
    if slip.right:
        roll.gap(6)
        roll.text(f"Ưu tiên: {slip.right}", size=26, centred=True)
    roll.rule()
    _write_wait(roll, slip)
    roll.rule()
    roll.qr(slip.follow)
    roll.text("Quét mã để theo dõi số trên điện thoại", size=22, centred=True)
    roll.gap(8)
    roll.text(_MISSED, size=22, centred=True)
    roll.text(f"{slip.code[:4]}-{slip.code[4:]}", size=32, bold=True, centred=True)
    roll.gap(8)
    roll.text(slip.when.astimezone(VIETNAM).strftime("%H:%M:%S  %d/%m/%Y"), size=24, centred=True)
    roll.gap(28)
    return roll.png()


def _write_wait(roll: Roll, slip: QueueSlip) -> None:
    if slip.before is None:
        roll.text(_OFFLINE, size=24)
        roll.text(_OFFLINE_EN, size=20)
        return
    roll.pair("Trước bạn", f"{slip.before} người", size=30, bold=True)
    roll.pair("Chờ (ước lượng)", slip.wait or "chưa rõ", size=30, bold=True)
    if slip.slot_at:
        roll.pair("Giờ đã đặt", f"{slip.slot_at.astimezone(VIETNAM):%H:%M}", size=30, bold=True)
