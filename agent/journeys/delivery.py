"""After the signature: collect, print, receipt, hand over, settle, destroy. Each fact by itself, none inferred.

What is mailed or posted the hub sees to (hub/delivery); of copies that are posted none is printed here.

A copy that could not be printed, or did not come in time, waits for its receipt (pick_up.py); its print costs nothing.
"""

from dataclasses import replace
from datetime import timedelta

import msgspec

from agent.copies import receipt
from agent.journeys import account, away
from agent.journeys.assembly import COPY, assemble, collect
from agent.journeys.cashier import escrow_vnd, hand_out
from agent.journeys.delays import COLLECT_S, HAND_OVER_S, KEEP_COPY_S
from agent.journeys.endings import DELIVERED, NOT_FETCHED, POSTED, SENT_TO, WAITING, Ending
from agent.journeys.leaving import destroy, leave, settled, tell
from agent.journeys.links import LINK, give_link
from agent.journeys.owing import SLIP as VOUCHER
from agent.journeys.owing import give_voucher
from agent.journeys.papers import DRAFT
from agent.journeys.parts import Kiosk
from agent.journeys.printing import print_copies
from agent.journeys.receipts import receipt_of
from agent.journeys.slips import RECEIPT_SLIP, VOUCHER_SLIP, print_slip, together, without_slips
from agent.journeys.touches import Touch
from agent.journeys.values import HandedOver, Kept, Order, Printed
from agent.ledger.journal import Visit
from agent.ledger.spool import Spool
from contract.clock import Deadline
from contract.destinations import Channel
from contract.messages import BlobRef, Certified, HandedOverFact, PrintedFact, PrintOutcome, QuoteLine

RECEIPT = "receipt.png"
KEPT = "kept"
"""The step that says what waits for a receipt; where it is not recorded nothing does."""


async def deliver(
    visit: Visit, kiosk: Kiosk, order: Order, quote: QuoteLine, request: str, certified: Certified
) -> Ending:
    """Bring a signed copy to the citizen; return where it ended."""
    has_come = await visit.step(
        "collect", int, lambda _, deadline: collect(visit, kiosk, certified.tail, deadline), within_s=COLLECT_S
    )
    if order.electronic:
        await give_link(visit, kiosk, request, certified)
    if has_come:
        await visit.step("assemble", BlobRef, lambda _key, _deadline: assemble(visit, kiosk, certified))
    if order.copies_here and not await away.be_back(visit, kiosk):
        return await _give_up(visit, kiosk, order, quote, request, certified)
    is_posted = order.goes_by(Channel.POST)
    printed: Printed | None
    if has_come or is_posted:
        printed = await put_out(visit, kiosk, kiosk.ledger.spool(visit.id), order.copies_here, request)
    else:
        printed = Printed(outcome=PrintOutcome.NOT_PRINTED, sheets=0)
    earned = _earned(quote, printed)
    await _settle(visit, kiosk, quote, earned)
    await give_voucher(visit, kiosk)
    waits = printed is not None and printed.outcome is PrintOutcome.NOT_PRINTED
    await visit.step(
        "receipt",
        bool,
        lambda _key, _deadline: _make_receipt(visit, kiosk, order, earned or quote, certified, waits=waits),
    )
    await print_slip(visit, kiosk, RECEIPT_SLIP, RECEIPT)
    kept = Kept(request=request, copies=order.copies_here, electronic=order.electronic)
    code = await hand_over(visit, kiosk, kept, printed) if has_come or is_posted else "AWAITED"
    code = POSTED if is_posted else code
    if code in WAITING:
        await visit.note(KEPT, kept)
    held = COPY if has_come else DRAFT
    keep = (held, RECEIPT) if order.electronic or code in WAITING else ()
    await destroy(visit, kiosk, request, keep=(*keep, LINK, VOUCHER))
    return await leave(visit, kiosk, await _ending(visit, kiosk, code, certified, order), request)


async def _give_up(
    visit: Visit, kiosk: Kiosk, order: Order, quote: QuoteLine, request: str, certified: Certified
) -> Ending:
    """End the visit of who left and did not come back in a day: nothing is printed, its price is left to a person."""
    total_vnd = await visit.step("sum", int, lambda _key, _deadline: escrow_vnd(visit, kiosk))
    printing_vnd = min(quote.print_cost_vnd, total_vnd)
    await kiosk.ledger.money.earn(visit.id, f"{visit.id}/earn", fee_vnd=total_vnd - printing_vnd, print_vnd=0)
    await kiosk.ledger.money.leave_to_a_person(visit.id, f"{visit.id}/unknown", printing_vnd)
    await destroy(visit, kiosk, request)
    return await leave(visit, kiosk, await _ending(visit, kiosk, NOT_FETCHED, certified, order), request)


async def put_out(visit: Visit, kiosk: Kiosk, spool: Spool, copies: int, request: str) -> Printed | None:
    """Print the copy in `spool` and tell the hub; return what is known of the sheets, None where none are wanted."""
    if not copies:
        return None
    async with kiosk.tray:
        printed = await print_copies(visit, kiosk, spool, copies)
    fact = PrintedFact(request=request, outcome=printed.outcome, sheets=printed.sheets)
    await tell(visit, kiosk, "printed", fact)
    return printed


async def _make_receipt(
    visit: Visit, kiosk: Kiosk, order: Order, quote: QuoteLine, certified: Certified, *, waits: bool
) -> bool:
    balance = await kiosk.ledger.money.balance(visit.id)
    is_plain = balance.received_vnd == balance.kept_vnd + balance.returned_vnd
    slip = replace(
        await receipt_of(visit, kiosk, quote),
        money="" if is_plain else (await settled(visit, kiosk))[0],
        register_label=certified.register_label,
        verify_url=certified.verify_url,
        collect_until=kiosk.clock.now() + timedelta(seconds=KEEP_COPY_S) if waits else None,
        follow_url=f"{kiosk.place.public_url}/p" if order.deliver_to else "",
    )
    await kiosk.ledger.spool(visit.id).write(RECEIPT, receipt.render(slip))
    return True


async def hand_over(visit: Visit, kiosk: Kiosk, kept: Kept, printed: Printed | None) -> str:
    """Return how the copy reached the citizen, a key of DELIVERED."""
    if printed and printed.outcome is not PrintOutcome.PRINTED:
        return "PRINT_UNKNOWN" if printed.outcome is PrintOutcome.UNKNOWN else "COLLECTABLE"

    async def wait(_key: str, deadline: Deadline) -> HandedOver:
        return HandedOver(taken=await kiosk.touches.wait(visit.id, Touch.TAKEN, deadline))

    taken = (await visit.step("hand over", HandedOver, wait, within_s=HAND_OVER_S)).taken
    if (taken and kept.copies) or kept.electronic:
        copies = kept.copies if taken else 0
        fact = HandedOverFact(request=kept.request, paper_copies=copies, electronic=kept.electronic)
        await tell(visit, kiosk, "handed over", fact)
    if printed is None:
        return "ELECTRONIC"
    return "HANDED_OVER" if taken else "NOT_TAKEN"


def _earned(quote: QuoteLine, printed: Printed | None) -> QuoteLine | None:
    """Return what may be charged: no print cost without print, and nothing yet (None) where nobody knows."""
    outcome = printed.outcome if printed else PrintOutcome.PRINTED
    if outcome is PrintOutcome.UNKNOWN:
        return None
    cost_vnd = quote.print_cost_vnd if outcome is PrintOutcome.PRINTED else 0
    total_vnd = quote.total_vnd - quote.print_cost_vnd + cost_vnd
    return msgspec.structs.replace(quote, print_cost_vnd=cost_vnd, total_vnd=total_vnd)


async def _settle(visit: Visit, kiosk: Kiosk, quote: QuoteLine, earned: QuoteLine | None) -> None:
    """Book what was earned and give the rest back; where nobody knows, a person decides."""
    total_vnd = await visit.step("sum", int, lambda _key, _deadline: escrow_vnd(visit, kiosk))
    money = kiosk.ledger.money
    if earned is None:
        await money.leave_to_a_person(visit.id, f"{visit.id}/unknown", total_vnd)
        return
    printing_vnd = min(quote.print_cost_vnd, total_vnd)  # less than the price where a card's part is a person's
    back_vnd = 0 if earned.print_cost_vnd else printing_vnd
    post_vnd = min(quote.postage_vnd - quote.postage_support_vnd, total_vnd - printing_vnd)
    fee_vnd = total_vnd - printing_vnd - post_vnd
    await money.earn(
        visit.id, f"{visit.id}/earn", fee_vnd=fee_vnd, print_vnd=printing_vnd - back_vnd, post_vnd=post_vnd
    )
    if back_vnd:
        async with kiosk.floor:  # who pays just now keeps the slots to themselves
            await hand_out(visit, kiosk, "return", back_vnd)


async def _ending(visit: Visit, kiosk: Kiosk, code: str, certified: Certified, order: Order) -> Ending:
    to_account = await account.channel_of(visit)
    sent = [said for channel, said in SENT_TO.items() if order.goes_by(channel) or channel is to_account]
    vi, en = together(DELIVERED[code], *sent, await without_slips(visit, RECEIPT_SLIP, VOUCHER_SLIP))
    money_vi, money_en = await settled(visit, kiosk)
    return Ending(
        code=code,
        vi=vi,
        en=en,
        paper_vi="Vui lòng lấy lại bản chính.",
        paper_en="Please take your original back.",
        money_vi=money_vi,
        money_en=money_en,
        register_label=certified.register_label,
        verify_url=certified.verify_url,
    )
