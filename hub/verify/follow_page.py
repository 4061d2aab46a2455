"""The public page where a receipt's code shows how far the copies have come that are sent; nothing of where they go."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM
from contract.destinations import Channel
from hub.console.access import ServedHub
from hub.delivery import deliveries
from hub.store.tables import Delivery, DeliveryState
from hub.verify.sheet import Words, sheet

router = APIRouter()

_WAYS: Final[dict[str, Words]] = {
    Channel.MAIL: ("Tệp gửi qua e-mail", "The file by e-mail"),
    Channel.POST: ("Bản giấy gửi qua bưu điện", "The paper copy by post"),
    Channel.PORTAL: ("Tệp gửi vào tài khoản Cổng Dịch vụ công quốc gia", "The file to the National Portal's account"),
    Channel.IHANOI: ("Tệp gửi vào tài khoản iHanoi", "The file to the iHanoi account"),
}
_ASK: Final = ("Chưa gửi được. Xin gọi cơ quan đã chứng thực.", "It could not be sent. Please call the agency.")
_STATES: Final[dict[str, Words]] = {
    DeliveryState.WAITING: ("Đã ký, đang chờ gửi.", "Signed, and about to be sent."),
    DeliveryState.TRYING: ("Đang gửi.", "Being sent."),
    DeliveryState.PRINTED: ("Đã in và đóng phong bì.", "Printed, in its envelope."),
    DeliveryState.DELIVERED: ("Đã gửi lúc {at}.", "Sent at {at}."),
    DeliveryState.REFUSED: _ASK,
    DeliveryState.UNKNOWN: (
        "Chưa rõ đã đến chưa. Xin xem hộp thư, rồi gọi cơ quan.",
        "It is not known whether it arrived. Please look into your mailbox, then call the agency.",
    ),
    DeliveryState.EXPIRED: _ASK,
}


@router.get("/p", response_class=HTMLResponse)
def follow_page(hub: ServedHub, code: Annotated[str, Query(max_length=40)] = "") -> HTMLResponse:
    """Return the field for a receipt's code, or how the copies of `code` stand."""
    found = deliveries.follow(hub, code) if code else []
    return sheet(
        "sent_copies.html",
        status=404 if code and not found else 200,
        agency=hub.config.agency.name,
        code=code,
        found=[_told(row) for row in found],
    )


def _told(row: Delivery) -> tuple[Words, Words, str]:
    at = f"{row.ended_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if row.ended_at else ""
    vi, en = _STATES[row.state]
    tracking = row.receipt if row.channel == Channel.POST else ""
    return _WAYS[row.channel], (vi.format(at=at), en.format(at=at)), tracking
