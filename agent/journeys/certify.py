"""Bản sao có chứng thực: the citizen's way from an original to a certified copy (NĐ 23/2015 Art. 20).

While the kiosk can't confirm what time it is, it takes nothing (R23).
Put the paper in, one page after another where it has more. The kiosk scans and reads it; if it must not be copied,
the scans are destroyed and you take it back.
Where the kiosk can, and you like, it confirms that you are whom your card shows (identity.py); the copy may then go to
your account as well (account.py).
The kiosk says what it costs; you pay, or cancel and get everything back.
An officer compares and signs, or refuses in writing and you get your money back, or asks for a page again.
The kiosk prints what was signed. Take copy, original and receipt. The scans are destroyed.
"""

from agent.devices.errors import DeviceError, ScannerError
from agent.journeys import account, by_card, identity, papers
from agent.journeys.cashier import OPEN_TILL, hand_out, open_till, take
from agent.journeys.delays import PAY_S
from agent.journeys.delivery import deliver
from agent.journeys.endings import (
    Cancelled,
    ClockDoubtful,
    Ending,
    NotPaid,
    NotPayable,
    NotRead,
    Parted,
    Parting,
    SecretPaper,
)
from agent.journeys.officer import be_certified
from agent.journeys.parting import part
from agent.journeys.parts import Kiosk
from agent.journeys.sheets import FIRST_SCAN, take_in
from agent.journeys.values import Order, Paper, Payment, Scanned
from agent.ledger.journal import Visit
from agent.reading.errors import ReadingError
from contract.grounds import Ground
from contract.messages import QuoteLine
from contract.tariff import TariffError
from contract.time_report import ClockDoubted

CERTIFY = "certify"
"""Its name in the journal."""


async def certify(visit: Visit, kiosk: Kiosk, order: Order) -> Ending:
    """Turn an original into a certified copy; return where it ended. May be run again after a crash at any moment."""
    if parted := await visit.recorded("part", Parted):
        return await part(visit, kiosk, parted)
    try:
        async with kiosk.floor:
            await _require_trusted_clock(visit, kiosk)
            scanned, paper = await _take_in(visit, kiosk, order)
            quote = await _be_paid(visit, kiosk, order, paper)
        request, certified = await be_certified(visit, kiosk, order, scanned, paper, quote)
        await by_card.commit(visit, kiosk)
        return await deliver(visit, kiosk, order, quote, request, certified)
    except Parting as parting:
        return await part(visit, kiosk, parting.parted)
    except DeviceError as fault:
        return await part(visit, kiosk, _failed(fault))
    except ReadingError as fault:
        unread = NotRead(vi=fault.vi, en=fault.en, remedy=fault.remedy, fault=fault.code)
        return await part(visit, kiosk, unread.parted)
    except TariffError as fault:
        return await part(visit, kiosk, NotRead(en=str(fault), remedy=fault.__doc__ or "").parted)


async def _require_trusted_clock(visit: Visit, kiosk: Kiosk) -> None:
    """Raise ClockDoubtful where nobody says what time it is; a visit that has begun goes on, the hub dates its copy."""
    if await visit.recorded(FIRST_SCAN, Scanned):
        return
    try:
        await kiosk.time_source.require_believable()
    except ClockDoubted as fault:
        raise ClockDoubtful(remedy=f"{fault}. {fault.remedy}") from fault


async def _take_in(visit: Visit, kiosk: Kiosk, order: Order) -> tuple[Scanned, Paper]:
    scanned, paper = await take_in(visit, kiosk, order)
    if paper.forbidden:
        raise SecretPaper(vi=Ground.A22_3_SECRET.citizen_vi, en=Ground.A22_3_SECRET.citizen_en)
    await identity.confirm(visit, kiosk)
    await account.offer(visit, kiosk)
    if await visit.cancelled() and not await visit.recorded("pay", Payment):
        raise Cancelled
    return scanned, paper


async def _be_paid(visit: Visit, kiosk: Kiosk, order: Order, paper: Paper) -> QuoteLine:
    quote = await visit.step("quote", QuoteLine, lambda _key, _deadline: papers.quote(kiosk, order, paper))
    await visit.step(OPEN_TILL, int, lambda _key, _deadline: open_till(visit, kiosk))
    payment = await visit.step(
        "pay", Payment, lambda _, deadline: take(visit, kiosk, quote.total_vnd, deadline), within_s=PAY_S
    )
    if not payment.complete:
        raise Cancelled if payment.cancelled else NotPaid
    if payment.received_vnd > quote.total_vnd:
        await hand_out(visit, kiosk, "change", payment.received_vnd - quote.total_vnd)
    return quote


def _failed(fault: DeviceError) -> Parted:
    kind = NotRead if isinstance(fault, ScannerError) else NotPayable
    where = (fault.paper_vi, fault.paper_en)
    return kind(vi=fault.vi, en=fault.en, remedy=fault.remedy, paper=where, fault=fault.code).parted
