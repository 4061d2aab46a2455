"""The slips that a citizen takes home: the receipt of a visit and the written refusal."""

from dataclasses import dataclass
from datetime import datetime

from agent.copies.roll import Roll
from contract.clock import VIETNAM
from contract.messages import QuoteLine

_NOT_A_COPY = "Biên nhận này không thay cho bản sao có chứng thực."
_COLLECT = "Nhận bản in tại trạm này trước {}, không trả thêm tiền: đặt biên nhận vào máy quét hoặc nhập mã ở trên."
_DOWNLOAD = "Quét mã trên bằng điện thoại để tải tệp. Chỉ tải được một lần, trong 24 giờ từ khi ký. Giữ kín mã này."
_DOWNLOAD_LATER = (
    "Khi giấy tờ đã được ký, quét mã trên bằng điện thoại để tải tệp, một lần, trong 24 giờ. Giữ kín mã này."
)
_FOLLOW = "Theo dõi thư và bưu phẩm bằng mã trên tại {}"
_WAITING = "Giấy tờ đang chờ người có thẩm quyền chứng thực. Giữ biên nhận này để nhận kết quả."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line of the account; an exemption is negative and names its legal basis."""

    text: str
    amount_vnd: int
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a visit cost and where its result is; `register_label` and `verify_url` are None until it is certified.

    `money` says what became of the sum where not all of it was charged or returned, `collect_until` until when the
    kiosk prints a copy that this receipt was given instead of, `promised_at` when at the latest it is decided (R8).
    `download_url` gives the electronic copy to a phone, once. At `follow_url` the code tells how far the copies have
    come that are sent.
    """

    kiosk: str
    site: str
    visit: str
    when: datetime
    lines: tuple[ReceiptLine, ...]
    paid_vnd: int
    change_vnd: int
    register_label: str | None
    verify_url: str | None
    collect_code: str
    money: str = ""
    collect_until: datetime | None = None
    promised_at: datetime | None = None
    download_url: str = ""
    follow_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalSlip:
    """A refusal in writing (NĐ 23/2015 Art. 8(1), 9, 22): why, on which basis, the money, whom to ask, who decided."""

    kiosk: str
    site: str
    visit: str
    when: datetime
    title: str
    ground: str
    legal_basis: str
    money: str
    ask: str
    decided_by: str


def account(quote: QuoteLine) -> tuple[ReceiptLine, ...]:
    """Return the account of a quote: state fee, exemption with its basis, print cost (NĐ 23/2015 Art. 15), postage."""
    fee = ReceiptLine(text="Phí chứng thực bản sao", amount_vnd=quote.state_fee_vnd)
    less = ReceiptLine(text="Miễn, giảm phí", amount_vnd=-quote.exemption_vnd, basis=quote.exemption_basis)
    cost = ReceiptLine(text="Chi phí in, chụp", amount_vnd=quote.print_cost_vnd)
    post = ReceiptLine(text="Cước bưu chính", amount_vnd=quote.postage_vnd)
    support = ReceiptLine(text="Hỗ trợ cước", amount_vnd=-quote.postage_support_vnd, basis=quote.postage_support_basis)
    always = (fee, less, cost) if quote.exemption_vnd else (fee, cost)
    return always + tuple(each for each in (post, support) if each.amount_vnd)


def render(receipt: Receipt) -> bytes:
    """Return the receipt as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll = Roll()
    title = "BIÊN NHẬN" if receipt.register_label else "BIÊN NHẬN VÀ HẸN TRẢ KẾT QUẢ"
    head(roll, title, receipt.site, receipt.kiosk, receipt.visit, receipt.when)
    _write_account(roll, receipt)
    roll.rule()
    _write_result(roll, receipt)
    roll.gap(12)
    roll.text(_NOT_A_COPY, size=20, centred=True)
    roll.gap(28)
    return roll.png()


def render_refusal(slip: RefusalSlip) -> bytes:
    """Return the refusal slip as a one-bit PNG, 576 dots wide."""
    roll = Roll()
    head(roll, "PHIẾU TỪ CHỐI CHỨNG THỰC", slip.site, slip.kiosk, slip.visit, slip.when)
    for label, value in (
        ("Giấy tờ", slip.title),
        ("Lý do", slip.ground),
        ("Căn cứ", slip.legal_basis),
        ("Người quyết định", slip.decided_by),
        ("Tiền đã nộp", slip.money),
        ("Hỏi tại", slip.ask),
    ):
        roll.text(label, size=20)
        roll.text(value, size=26, bold=label == "Lý do")
        roll.gap(12)
    roll.gap(16)
    return roll.png()


def vnd(amount: int) -> str:
    """Return an amount as printed: `4.000 đ`."""
    return f"{amount:,}".replace(",", ".").replace("-", "−") + " đ"


def head(roll: Roll, title: str, site: str, kiosk: str, visit: str, when: datetime) -> None:
    """Write what every slip begins with: where, what, when, which kiosk and visit."""
    roll.gap(16)
    roll.text(site, size=24, centred=True)
    roll.gap(10)
    roll.text(title, size=38 if len(title) < 20 else 32, bold=True, centred=True)
    roll.gap(8)
    roll.text(when.astimezone(VIETNAM).strftime("%d/%m/%Y   %H:%M:%S"), size=24, centred=True)
    roll.text(f"Trạm {kiosk}", size=20, centred=True)
    roll.text(f"Lượt {visit}", size=20, centred=True)
    roll.rule()


def _write_account(roll: Roll, receipt: Receipt) -> None:
    for line in receipt.lines:
        roll.pair(line.text, vnd(line.amount_vnd))
        if line.basis:
            roll.text(line.basis, size=20)
    roll.rule()
    roll.pair("Tổng cộng", vnd(sum(line.amount_vnd for line in receipt.lines)), size=28, bold=True)
    roll.pair("Đã nhận", vnd(receipt.paid_vnd))
    roll.pair("Trả lại", vnd(receipt.change_vnd))
    if receipt.money:
        roll.gap(8)
        roll.text(receipt.money, size=24)


def _write_result(roll: Roll, receipt: Receipt) -> None:
    if receipt.register_label is None:
        roll.text(_WAITING, size=24)
        if receipt.promised_at:
            roll.gap(8)
            roll.text(f"Hẹn trả kết quả: trước {_moment(receipt.promised_at)}", size=28, bold=True)
    else:
        roll.text("Số chứng thực", size=20, centred=True)
        roll.text(receipt.register_label, size=26, bold=True, centred=True)
    roll.gap(14)
    roll.text("Mã nhận kết quả", size=20, centred=True)
    roll.text(receipt.collect_code, size=44, bold=True, centred=True)
    roll.gap(8)
    roll.qr(receipt.verify_url or receipt.collect_code)
    use = "Quét mã để kiểm tra bản sao" if receipt.verify_url else "Đưa mã này vào trạm để nhận"
    roll.text(use, size=20, centred=True)
    if receipt.collect_until:
        roll.gap(12)
        roll.text(_COLLECT.format(_moment(receipt.collect_until)), size=26, bold=True)
    if receipt.follow_url:
        roll.gap(12)
        roll.text(_FOLLOW.format(receipt.follow_url), size=22)
    if receipt.download_url:
        roll.rule()
        roll.text("Bản sao điện tử", size=26, bold=True, centred=True)
        roll.qr(receipt.download_url)
        roll.text(_DOWNLOAD if receipt.register_label else _DOWNLOAD_LATER, size=22)


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
