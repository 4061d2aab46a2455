"""Whether somebody may begin or pay now, and the sentence where not: for the local API and the screen's page alike."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from agent.journeys.parts import Kiosk
from agent.journeys.till import TillClosed
from agent.journeys.values import Order, Wish
from contract.destinations import Channel, channel_of
from contract.ids import sha256_hex
from contract.messages import RedeemRequest

Begin = Callable[[Wish], Awaitable[str]]
"""Starts a visit and returns its id."""


class Problem(Struct, frozen=True, kw_only=True):
    """Why a call was not done, and what to do."""

    vi: str
    en: str


BUSY = Problem(
    vi="Trạm đang phục vụ người khác. Vui lòng chờ.", en="Somebody else stands at the screen. Wait until it is free."
)
OUT_OF_SERVICE = Problem(
    vi="Trạm tạm ngừng nhận hồ sơ mới. Vui lòng dùng trạm khác hoặc đến quầy.",
    en="The kiosk takes no new visits for now. Use another kiosk, or a counter.",
)
NOT_SENT = Problem(
    vi="Trạm này không gửi được theo cách đó. Xin chọn cách nhận khác.",
    en="This kiosk can't send in that way. Please choose another.",
)
NOTHING_TO_SEND = Problem(
    vi="E-mail cần có bản điện tử, bưu điện cần có bản giấy. Xin chọn lại.",
    en="E-mail needs the electronic copy, post a copy on paper. Please choose again.",
)
NOT_PAYING = Problem(
    vi="Lúc này chưa cần trả tiền. Hãy giữ phiếu của bạn.", en="Nothing is to be paid now. Keep your voucher."
)
OFFLINE = Problem(
    vi="Trạm đang mất kết nối nên chưa nhận được phiếu. Hãy trả tiền mặt hoặc đưa phiếu tại quầy.",
    en="The kiosk is offline and can't take vouchers. Pay in cash, or take the voucher to a counter.",
)


def shut(kiosk: Kiosk) -> Problem | None:
    """Return why nobody can begin now."""
    if not kiosk.door.is_open:
        return OUT_OF_SERVICE
    return BUSY if kiosk.floor.locked() else None


async def admit(kiosk: Kiosk, begin: Begin, wish: Wish) -> str | Problem:
    """Begin a visit and return its id, or why nobody can."""
    if problem := shut(kiosk) or _not_sent(kiosk, wish):
        return problem
    with kiosk.door.entering():
        return await begin(wish)


def _not_sent(kiosk: Kiosk, wish: Wish) -> Problem | None:
    """Return why an order can't be sent as it asks, None where it can or nothing is to be sent."""
    if not isinstance(wish, Order):
        return None
    asked = [channel_of(each) for each in wish.deliver_to]
    if len(set(asked)) < len(asked) or not set(asked) <= set(kiosk.channels):
        return NOT_SENT
    needs = {Channel.MAIL: wish.electronic, Channel.POST: wish.copies > 0}
    return None if all(needs[channel] for channel in asked) else NOTHING_TO_SEND


async def hold_out(kiosk: Kiosk, visit: str, code: str) -> Problem | None:
    """Take a voucher's code to the hub, which says whether it counts; return why it can't be taken now."""
    if not kiosk.link.status.online:
        return OFFLINE
    try:
        async with kiosk.till.paying(visit):
            key = f"{visit}/redeem/{sha256_hex(code.encode())[:16]}"
            await kiosk.link.request(key, visit, RedeemRequest(code=code))
    except TillClosed:
        return NOT_PAYING
    return None
