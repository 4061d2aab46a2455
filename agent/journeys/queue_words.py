"""What the citizen reads of a number: how a visit for one ends, and whom an agency calls earlier."""

from datetime import datetime
from typing import Final

from agent.journeys.values import Placed
from contract import waits
from contract.clock import VIETNAM
from contract.messages import PrintOutcome, Priority

Said = waits.Said

ENDINGS: Final[dict[str, Said]] = {
    "TICKET_PRINTED": ("Hãy lấy phiếu số ở khe bên dưới.", "Take your ticket from the slot below."),
    "TICKET_SHOWN": (
        "Trạm không in được phiếu. Hãy nhớ số này, hoặc quét mã QR bằng điện thoại. Số vẫn có hiệu lực.",
        "The ticket could not be printed. Note the number, or scan the QR code with your phone. The number holds.",
    ),
    "TICKET_UNKNOWN": (
        "Nếu phiếu không ra khỏi máy, hãy nhớ số này hoặc quét mã QR. Số vẫn có hiệu lực; trạm không in lần thứ hai.",
        "If no ticket came out, note the number or scan the QR code. The number holds; it is not printed twice.",
    ),
    "TICKET_GIVEN": ("Đây là số của bạn.", "This is your number."),
    "CHECKED_IN": ("Bạn đã báo có mặt. Hãy chờ gọi số này.", "You have reported. Wait for this number to be called."),
    "NO_SUCH_CODE": (
        "Không có đặt chỗ hoặc số nào với mã này trong hôm nay. Hãy xem lại mã, hoặc lấy số mới.",
        "Nothing is known under this code today. Check the code, or draw a number.",
    ),
    "CODE_OVER": (
        "Mã này không dùng được hôm nay: đã hủy, đã xong, hoặc hẹn vào ngày khác. Bạn có thể lấy số mới.",
        "This code can't be used today: it is cancelled, done, or for another day. You can draw a number.",
    ),
    "NOT_CHECKED_IN": (
        "Trạm chưa hỏi được hệ thống. Hãy thử lại sau ít phút, lấy số thường, hoặc báo nhân viên ở quầy.",
        "The hub could not be asked. Try again in a few minutes, draw a number, or tell the staff at the counter.",
    ),
}

BY_OUTCOME: Final[dict[PrintOutcome | None, str]] = {
    PrintOutcome.PRINTED: "TICKET_PRINTED",
    PrintOutcome.NOT_PRINTED: "TICKET_SHOWN",
    PrintOutcome.UNKNOWN: "TICKET_UNKNOWN",
    None: "TICKET_GIVEN",
}
"""How it ends by what is known of the paper; None where none was to be printed."""

RIGHTS: Final[dict[Priority, Said]] = {
    Priority.NONE: ("", ""),
    Priority.ELDERLY: ("Người cao tuổi", "Elderly"),
    Priority.DISABLED: ("Người khuyết tật", "Person with a disability"),
    Priority.PREGNANT: ("Phụ nữ mang thai", "Pregnant"),
    Priority.MERIT: ("Người có công", "Person with merit"),
}

_REFUSED: Final = {"UNKNOWN": "NO_SUCH_CODE", "BOOKING_OVER": "CODE_OVER", "NOT_SKIPPED": "CODE_OVER"}


def refusal_code(refused: str) -> str:
    """Return how a report ends that the hub refused with this code, or never answered (blank)."""
    return _REFUSED.get(refused, "NOT_CHECKED_IN")


def wait(placed: Placed) -> Said | None:
    """Return how long the hub lets somebody wait; None where it can't tell. An older hub tells no range."""
    queued, at = placed.queued, placed.at
    if queued is None or queued.wait_s is None or at is None:
        return None
    from_s = queued.wait_s if queued.wait_from_s is None else queued.wait_from_s
    to_s = queued.wait_s if queued.wait_to_s is None else queued.wait_to_s
    return waits.said(from_s, to_s, at)


def clock(moment: datetime) -> str:
    """Return `09:30`, Vietnam time."""
    return f"{moment.astimezone(VIETNAM):%H:%M}"
