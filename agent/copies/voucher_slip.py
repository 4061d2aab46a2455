"""The slip that stands for money: what a kiosk owes and could not pay out, with the code under which it is paid."""

from dataclasses import dataclass
from datetime import datetime

from agent.copies.receipt import head, vnd
from agent.copies.roll import Roll

_WHERE = "Đưa phiếu này vào bất kỳ trạm nào hoặc quầy một cửa để nhận tiền hoặc trả phí. Mỗi phiếu dùng một lần."
_BEARER = "Ai giữ phiếu này thì nhận được tiền. Xin giữ cẩn thận."


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherSlip:
    """`code` is the text of the QR (contract.voucher); `ask` is whom to ask."""

    kiosk: str
    site: str
    visit: str
    when: datetime
    amount_vnd: int
    reason: str
    code: str
    ask: str


def render(slip: VoucherSlip) -> bytes:
    """Return the slip as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll = Roll()
    head(roll, "PHIẾU HOÀN TIỀN", slip.site, slip.kiosk, slip.visit, slip.when)
    roll.text(vnd(slip.amount_vnd), size=60, bold=True, centred=True)
    roll.gap(10)
    roll.text(slip.reason, size=24, centred=True)
    roll.gap(14)
    roll.qr(slip.code)
    roll.gap(8)
    roll.text(_WHERE, size=24)
    roll.gap(8)
    roll.text(_BEARER, size=24, bold=True)
    roll.gap(8)
    roll.text(f"Hỏi tại: {slip.ask}", size=20)
    roll.gap(28)
    return roll.png()
