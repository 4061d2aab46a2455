"""What the screen says while a step runs, Vietnamese first (R18); a step's number (`scan 2`) makes no difference."""

import re

from agent.devices.cashless import SaleState

STEPS = {
    "scan": ("Đang quét giấy tờ.", "Scanning your paper."),
    "rescan": ("Công chức cần quét lại một trang. Hãy đặt trang đó vào máy.", "The officer needs a page again."),
    "read": ("Đang đọc giấy tờ bằng máy (AI hỗ trợ, công chức quyết định).", "Reading (AI assists, a person decides)."),
    "next sheet": (
        "Hãy đưa trang tiếp theo vào máy rồi bấm Tiếp tục. Nếu đã hết, bấm Đã đủ trang.",
        "Put the next page in and touch Go on. If that was the last one, touch All in.",
    ),
    "scan sheet": ("Đang quét trang tiếp theo.", "Scanning the next page."),
    "read sheet": ("Đang đọc trang tiếp theo.", "Reading the next page."),
    "lay paper": ("Hãy đặt giấy tờ vào máy.", "Put the paper in."),
    "scan paper": ("Đang quét giấy tờ.", "Scanning your paper."),
    "paper read": (
        "Đang đọc giấy tờ bằng máy (AI hỗ trợ, công chức kiểm tra).",
        "Reading (AI assists, a person checks).",
    ),
    "secret": ("Đang lập biên nhận.", "Making the receipt."),
    "draw up": ("Đang lập tệp PDF.", "Making the PDF."),
    "receipt page": ("Đang in biên nhận.", "Printing your receipt."),
    "hand back": ("Vui lòng lấy lại giấy tờ và biên nhận.", "Please take your papers and the receipt."),
    "send": ("Đang gửi hồ sơ về hệ thống.", "Sending the dossier to the hub."),
    "filed": ("Đang gửi hồ sơ về hệ thống.", "Sending the dossier to the hub."),
    "account": (
        "Bạn có muốn nhận thêm tệp vào tài khoản của mình không? Không mất tiền.",
        "Would you like the file in your account as well? It costs nothing.",
    ),
    "identity consent": (
        "Bạn có muốn trạm xác nhận bạn bằng khuôn mặt không? Bản sao được cấp như nhau.",
        "Should the kiosk confirm you by your face? You get the same copy either way.",
    ),
    "identity try": (
        "Hãy đặt thẻ căn cước lên đầu đọc, rồi nhìn vào camera.",
        "Lay your identity card on the reader, then look at the camera.",
    ),
    "identity way": (
        "Chọn cách khác: chụp một ảnh cho công chức xem, nhờ nhân viên, hoặc tiếp tục không xác nhận.",
        "Choose another way: a photograph for the officer, a member of staff, or go on without.",
    ),
    "identity photo": (
        "Hãy đặt thẻ căn cước lên đầu đọc và nhìn vào camera để chụp một ảnh.",
        "Lay your identity card on the reader and look at the camera for one photograph.",
    ),
    "open till": ("Đang mở máy thu tiền.", "Opening the till."),
    "quote": ("Đang tính số tiền.", "Working out the fee."),
    "pay": ("Vui lòng trả tiền.", "Please pay."),
    "card": ("Vui lòng chạm hoặc đưa thẻ vào đầu đọc.", "Please hold your card to the reader."),
    "change": ("Vui lòng nhận tiền thừa.", "Please take your change."),
    "draft": ("Đang lập bản nháp.", "Preparing the draft."),
    "ask": ("Đang gửi cho công chức.", "Sending to the officer."),
    "officer": ("Đang chờ công chức đối chiếu và ký.", "Waiting for the officer to compare and sign."),
    "leaving slip": ("Đang in giấy hẹn.", "Printing your slip."),
    "come back": ("Kết quả đang chờ người giữ giấy hẹn.", "The result waits for whom the slip was given to."),
    "greet": ("Đang tìm hồ sơ của bạn.", "Looking for your order."),
    "draw link": ("Đang lập mã tải về.", "Making your download code."),
    "collect": ("Đang nhận bản sao đã ký.", "Receiving the signed copy."),
    "assemble": ("Đang kiểm tra bản sao đã ký.", "Checking the signed copy."),
    "print": ("Đang in bản sao.", "Printing your copy."),
    "print #: ask": ("Đang hỏi máy in về bản sao của bạn.", "Asking the printer about your copy."),
    "await paper": ("Máy in tạm dừng, trạm sẽ in lại.", "The printer paused; the kiosk will print again."),
    "receipt code": ("Đang đọc mã trên biên nhận.", "Reading the code of your receipt."),
    "find": ("Đang tìm bản sao của bạn.", "Looking for your copy."),
    "fetch": ("Đang nhận bản sao đã ký.", "Receiving the signed copy."),
    "receipt": ("Đang lập biên nhận.", "Making the receipt."),
    "receipt slip": ("Đang in biên nhận.", "Printing your receipt."),
    "refusal slip": ("Đang in phiếu từ chối.", "Printing the refusal."),
    "hand over": ("Vui lòng lấy bản sao, giấy tờ gốc và biên nhận.", "Please take copy, original and receipt."),
    "draw voucher": ("Đang lập phiếu hoàn tiền.", "Making your voucher."),
    "voucher slip": ("Đang in phiếu hoàn tiền.", "Printing your voucher."),
    "count": ("Đang kiểm tra số tiền máy đã nhận.", "Checking what the machine has taken."),
    "return": ("Đang trả lại tiền.", "Returning your money."),
    "queue number": ("Đang lấy số.", "Drawing a number."),
    "queue ticket": ("Đang lấy số.", "Drawing a number."),
    "queue answer": ("Đang hỏi thời gian chờ.", "Asking how long it takes."),
    "queue picture": ("Đang in phiếu số.", "Printing your ticket."),
    "queue slip": ("Đang in phiếu số.", "Printing your ticket."),
    "purge": ("Đang xóa ảnh quét.", "Destroying the scans."),
}

NOT_COUNTED = (
    "Nếu máy đã nhận tiền mà chưa báo lại được, công chức sẽ kiểm tra và trả cho bạn.",
    "If the machine took money that it could not report, an officer checks that and gives it back to you.",
)
"""Said where the cash device fell silent while its slots were open: nobody knows yet what lies in it."""

LEFT = (
    "Hãy lấy bản chính khỏi máy quét và lấy giấy hẹn. Khi quay lại, chọn Nhận bản sao và gõ mã này.",
    "Take your original out of the scanner, and the slip. When you come back, choose Collect and type this code.",
)
"""Said to who leaves with a slip."""

OTHER = ("Vui lòng chờ trong giây lát.", "One moment, please.")

OFFLINE = (
    "Trạm đang mất kết nối; yêu cầu được giữ lại và sẽ tự gửi khi có mạng.",
    "The kiosk is offline; your order is kept and will be sent when the network is back.",
)


WAYS = {
    "cash": ("Tiền mặt", "Cash"),
    "card": ("Thẻ ngân hàng", "Card"),
    "transfer": ("Chuyển khoản VietQR", "Transfer by VietQR"),
}
PRESENT_CARD = ("Vui lòng chạm hoặc đưa thẻ vào đầu đọc.", "Please hold your card to the reader.")
EXACT_MONEY = (
    "Trạm này không trả lại tiền thừa. Xin trả vừa đủ; phần thừa được ghi vào phiếu hoàn tiền.",
    "This kiosk gives no change. Please pay the exact sum; a rest is written on a voucher.",
)
SCAN_CODE = (
    "Quét mã bằng ứng dụng ngân hàng. Trạm báo khi tiền đã đến.",
    "Scan the code with your bank's app. The kiosk tells you when the money has come.",
)
CODE_ASKED = ("Đang tạo mã chuyển khoản.", "Making the transfer code.")
TRANSFER_OFFLINE = (
    "Trạm đang mất kết nối nên chưa nhận chuyển khoản được. Xin trả bằng cách khác.",
    "The kiosk is offline and can't take transfers. Please pay in another way.",
)
NO_TRANSFERS = ("Trạm chưa nhận chuyển khoản.", "This kiosk takes no transfers yet.")
TRANSFER_MISSED = (
    "Nếu bạn đã chuyển khoản, tiền sẽ được hoàn lại: hãy hỏi tại quầy với mã {}.",
    "If you have made a transfer, it will be refunded: please ask at the counter with the code {}.",
)
CARD = {
    SaleState.DENIED: (
        "Thẻ chưa được chấp nhận và không bị trừ tiền. Xin thử lại hoặc trả cách khác.",
        "The card was not accepted and not charged. Please try again or pay in another way.",
    ),
    SaleState.UNKNOWN: (
        "Chưa rõ thẻ đã bị trừ tiền hay chưa; công chức sẽ kiểm tra. Xin trả bằng cách khác.",
        "Whether the card was charged is not known; an officer will check. Please pay in another way.",
    ),
}
"""What is said after a card that did not pay."""

VOUCHER_ASKED = ("Đang kiểm tra phiếu của bạn.", "Checking your voucher.")

_VOUCHER_REFUSED = {
    "VOUCHER_USED": (
        "Phiếu này đã được dùng. Nếu bạn chưa nhận tiền, vui lòng hỏi tại quầy.",
        "This voucher was used before. If you did not get the money, please ask at the counter.",
    ),
}
_VOUCHER_UNKNOWN = (
    "Không nhận được phiếu này. Hãy giữ phiếu và hỏi tại quầy.",
    "This voucher can't be taken. Keep it and ask at the counter.",
)


def voucher_refused(code: str) -> tuple[str, str]:
    """Return what is said of a voucher that the hub refused under `code`."""
    return _VOUCHER_REFUSED.get(code, _VOUCHER_UNKNOWN)


def of_step(name: str) -> tuple[str, str]:
    """Return the Vietnamese and the English sentence of a step."""
    return STEPS.get(re.sub(r" ?\d+$", "", re.sub(r"\d+:", "#:", name)), OTHER)


def waiting(position: int, promised: str) -> tuple[str, str]:
    """Return the sentence for one who waits, with papers before theirs and the promised time."""
    return (
        f"Còn {position} hồ sơ trước bạn. Hẹn trả trước {promised}.",
        f"{position} papers are before yours. Promised by {promised}.",
    )


def money(*, returned_vnd: int, voucher_vnd: int, kept_vnd: int, unknown_vnd: int) -> tuple[str, str]:
    """Return what became of the money; parts of zero are not mentioned."""
    parts = (
        (returned_vnd, "Đã trả lại {} đ.", "{} đ returned."),
        (
            voucher_vnd,
            "Phiếu hoàn tiền {} đ: nhận tiền ở trạm khác hoặc tại quầy.",
            "A voucher for {} đ: any kiosk or counter pays it.",
        ),
        (kept_vnd, "Đã thu {} đ.", "{} đ charged."),
        (unknown_vnd, "{} đ chờ công chức kiểm tra.", "{} đ are waiting for an officer to check."),
    )
    said = [(vi.format(dong(amount)), en.format(dong(amount))) for amount, vi, en in parts if amount]
    return (" ".join(vi for vi, _ in said) or "Không thu tiền."), (
        " ".join(en for _, en in said) or "Nothing was charged."
    )


def dong(amount_vnd: int) -> str:
    """Return an amount as written in Vietnam: 12.000."""
    return f"{amount_vnd:,}".replace(",", ".")
