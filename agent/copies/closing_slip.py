"""The collector's slip: what came in and whose it is, what the machine should hold and holds, what was taken."""

from datetime import datetime

from agent.copies.receipt import vnd
from agent.copies.roll import Roll
from contract.clock import VIETNAM
from contract.messages import ClosingFact

_FIRST = "Kỳ đầu tiên: tiền lẻ nạp ban đầu lấy theo số máy đếm."


def render(closing: ClosingFact, *, kiosk: str, site: str) -> bytes:
    """Return the slip as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll = Roll()
    roll.gap(16)
    roll.text(site, size=24, centred=True)
    roll.gap(10)
    roll.text(f"PHIẾU THU TIỀN SỐ {closing.number}", size=32, bold=True, centred=True)
    roll.gap(8)
    roll.text(f"Trạm {kiosk}", size=20, centred=True)
    roll.text(f"Từ {_moment(closing.since)} đến {_moment(closing.until)}", size=20, centred=True)
    roll.text(f"Người thu: {closing.collector}", size=24, centred=True)
    roll.rule()
    _pairs(
        roll,
        ("Phí chứng thực (Nhà nước)", closing.fee_vnd),
        ("Chi phí in, chụp", closing.print_vnd),
        ("Cước bưu chính", closing.post_vnd),
        ("Chờ kiểm tra", closing.unknown_vnd),
        ("Của lượt chưa xong", closing.open_vnd),
        ("Phiếu hoàn tiền đã lập", closing.vouchers_given_vnd),
        ("Phiếu hoàn tiền đã nhận", -closing.vouchers_taken_vnd),
    )
    roll.rule()
    _pairs(
        roll,
        ("Có từ kỳ trước", closing.left_before_vnd),
        ("Tiền khách đưa vào", closing.received_vnd),
        ("Tiền trả cho khách", -closing.returned_vnd),
    )
    roll.pair("Theo sổ phải có", vnd(closing.expected_vnd), bold=True)
    _pairs(roll, ("Máy đếm: ống tiền lẻ", closing.tubes_vnd), ("Máy đếm: hộp tiền", closing.cassette_vnd))
    roll.gap(8)
    roll.text(_difference(closing.difference_vnd), size=26, bold=True)
    if closing.since is None:
        roll.text(_FIRST, size=20)
    roll.rule()
    roll.pair("Đã lấy ra", vnd(closing.collected_vnd), size=28, bold=True)
    roll.pair("Để lại làm tiền lẻ", vnd(closing.left_vnd))
    roll.gap(10)
    roll.text(f"Xong lúc {_moment(closing.finished_at)}", size=20)
    roll.gap(14)
    roll.text("Người thu ký:", size=24)
    roll.gap(90)
    return roll.png()


def _pairs(roll: Roll, *lines: tuple[str, int]) -> None:
    for label, amount in lines:
        roll.pair(label, vnd(amount))


def _difference(difference_vnd: int) -> str:
    if not difference_vnd:
        return "Sổ và máy khớp từng đồng."
    lacks = "THIẾU" if difference_vnd < 0 else "THỪA"
    return f"Máy {lacks} {vnd(abs(difference_vnd))} so với sổ. Cần kiểm tra."


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y") if moment else "lúc bắt đầu"
