"""Trạm số hóa: a paper dossier becomes an electronic one (guidance on digitising, November 2025, §2.3).

You say which procedure it is for, which papers you have, count their pages and look at their condition.
Put them in: one paper after the other, or as a stack with separator sheets. The kiosk scans and reads; where its count
is not yours, you say which is right, or it scans again. A paper with a secrecy mark stops everything; the scans are
destroyed. You take your papers back, with a receipt that says what was scanned.
The kiosk sends the papers to the hub and destroys its scans once the hub holds them. An officer compares and the agency
signs; the code on your receipt gives the dossier out again, once.
"""

from agent.devices.errors import DeviceError
from agent.journeys.delays import HAND_OVER_S
from agent.journeys.digitised_receipt import give_receipt, receipt_outcome
from agent.journeys.endings import (
    DIGITISED,
    DIGITISED_RECEIPT,
    Cancelled,
    Ending,
    NothingToDigitise,
    NotRead,
    Parted,
    Parting,
)
from agent.journeys.filing import Dossier, draw_secret
from agent.journeys.leaving import destroy, leave
from agent.journeys.parting import part
from agent.journeys.parts import Kiosk
from agent.journeys.slips import collect_code, together
from agent.journeys.stack import Stack
from agent.journeys.stacks import take_in
from agent.journeys.touches import Touch
from agent.journeys.values import Digitise
from agent.ledger.journal import Visit
from agent.reading.errors import ReadingError

HAND_BACK = "hand back"


async def digitise(visit: Visit, kiosk: Kiosk, wish: Digitise) -> Ending:
    """Turn a dossier into digitised documents; return where it ended. May be run again after a crash at any moment."""
    if parted := await visit.recorded("part", Parted):
        return await part(visit, kiosk, parted)
    try:
        if not Stack.of(wish).papers:
            raise NothingToDigitise
        async with kiosk.floor:
            stack = await take_in(visit, kiosk, wish)
            if await visit.cancelled() and not await visit.recorded("secret", str):
                raise Cancelled
            dossier = Dossier(visit=visit, kiosk=kiosk, wish=wish, stack=stack)
            secret = await visit.step("secret", str, lambda _key, _deadline: draw_secret(visit, kiosk))
            drawn = await dossier.draw_up()
            await give_receipt(visit, kiosk, wish, stack)
            await _hand_back(visit, kiosk)
        await dossier.file(drawn, secret)
    except Parting as parting:
        return await part(visit, kiosk, parting.parted)
    except DeviceError as fault:
        where = (fault.paper_vi, fault.paper_en)
        unread = NotRead(vi=fault.vi, en=fault.en, remedy=fault.remedy, paper=where, fault=fault.code)
        return await part(visit, kiosk, unread.parted)
    except ReadingError as fault:
        unread = NotRead(vi=fault.vi, en=fault.en, remedy=fault.remedy, fault=fault.code)
        return await part(visit, kiosk, unread.parted)
    await destroy(visit, kiosk, None)
    return await _end(visit, kiosk)


async def _hand_back(visit: Visit, kiosk: Kiosk) -> None:
    """Wait until the citizen says that they have all their papers; who leaves without a word has them too."""
    await visit.step(
        HAND_BACK,
        bool,
        lambda _key, deadline: kiosk.touches.wait(visit.id, Touch.TAKEN, deadline),
        within_s=HAND_OVER_S,
    )


async def _end(visit: Visit, kiosk: Kiosk) -> Ending:
    vi, en = together(DIGITISED["DIGITISED"], DIGITISED_RECEIPT[await receipt_outcome(visit)])
    ending = Ending(
        code="DIGITISED",
        vi=vi.format(collect_code(visit.id)),
        en=en.format(collect_code(visit.id)),
        paper_vi="Vui lòng kiểm tra bạn đã lấy lại đủ giấy tờ.",
        paper_en="Please check that you have all your papers.",
        money_vi="Số hóa không mất tiền.",
        money_en="Digitising costs nothing.",
    )
    return await leave(visit, kiosk, ending, None)
