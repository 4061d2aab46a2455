"""The way out before a copy is delivered; its reason is journaled first, so that a crash on the way goes on there."""

from agent.copies import receipt
from agent.journeys import away, by_card, sentences
from agent.journeys.cashier import OPEN_TILL, count_up, escrow_vnd, hand_out
from agent.journeys.delays import COUNT_S
from agent.journeys.endings import PARTINGS, Ending, Parted, Parting, Refused, SecretPaper
from agent.journeys.leaving import destroy, last_request, leave, settled
from agent.journeys.owing import give_voucher
from agent.journeys.parts import Kiosk
from agent.journeys.slips import REFUSAL_SLIP, VOUCHER_SLIP, print_slip, together, without_slips
from agent.journeys.values import Paper, Payment
from agent.ledger.journal import Visit
from contract.grounds import Ground
from contract.messages import NotCertified, ReplyEnvelope

SLIP = "refusal.png"


async def part(visit: Visit, kiosk: Kiosk, parted: Parted) -> Ending:
    """End the visit: images destroyed, money back or to a person, a refusal in writing."""
    await visit.note("part", parted)
    kind = PARTINGS[parted.code]
    request = await last_request(visit)
    await kiosk.ledger.outbox.withdraw(visit.id)
    await destroy(visit, kiosk, request, show=kind is not SecretPaper)
    gives_back = (kind.money_back or request is None) and await away.be_back(visit, kiosk)
    async with kiosk.floor:  # who pays just now keeps the slots to themselves
        is_counted = await _count(visit, kiosk)
        if not gives_back:
            await by_card.commit(visit, kiosk)
        total_vnd = await visit.step("sum", int, lambda _key, _deadline: escrow_vnd(visit, kiosk))
        if gives_back:
            await hand_out(visit, kiosk, "return", total_vnd, and_cards=True)
        else:
            await kiosk.ledger.money.leave_to_a_person(visit.id, f"{visit.id}/unknown", total_vnd)
    await give_voucher(visit, kiosk)
    money = together(await settled(visit, kiosk), ("", "") if is_counted else sentences.NOT_COUNTED)
    if kind is Refused and gives_back:  # nobody would take it where who left has not come back
        await visit.step("slip", bool, lambda _key, _deadline: _make_slip(visit, kiosk, money[0]))
        await print_slip(visit, kiosk, REFUSAL_SLIP, SLIP)
    said = together((parted.vi, parted.en), await without_slips(visit, REFUSAL_SLIP, VOUCHER_SLIP))
    return await leave(visit, kiosk, _ending(parted, kind, said, money), request)


async def _count(visit: Visit, kiosk: Kiosk) -> bool:
    """Return whether all is known that came in: it is once the payment stands, or where the till was never opened."""
    if await visit.recorded("pay", Payment) or await visit.recorded(OPEN_TILL, int) is None:
        return True
    return await visit.step("count", bool, lambda _key, deadline: count_up(visit, kiosk, deadline), within_s=COUNT_S)


def _ending(parted: Parted, kind: type[Parting], said: tuple[str, str], money: tuple[str, str]) -> Ending:
    return Ending(
        code=parted.code,
        vi=said[0],
        en=said[1],
        paper_vi=parted.paper[0] or kind.paper[0],
        paper_en=parted.paper[1] or kind.paper[1],
        money_vi=money[0],
        money_en=money[1],
        remedy=parted.remedy,
        fault=parted.fault,
    )


async def _make_slip(visit: Visit, kiosk: Kiosk, money: str) -> bool:
    """Write the refusal that the law asks for (NĐ 23/2015 Art. 8(1), 9)."""
    refusal = await _refusal(visit)
    paper = await visit.recorded("read 1", Paper)
    ground = {each.value: each for each in Ground}.get(refusal.ground)
    slip = receipt.RefusalSlip(
        kiosk=kiosk.place.kiosk,
        site=kiosk.place.site,
        visit=visit.id,
        when=refusal.decided_at,
        title=paper.title if paper else "",
        ground=refusal.text or (ground.vi if ground else refusal.ground),
        legal_basis=ground.basis if ground else "",
        money=money,
        ask=kiosk.place.site,
        decided_by=refusal.decided_by,
    )
    spool = kiosk.ledger.spool(visit.id)
    await spool.write(SLIP, receipt.render_refusal(slip))
    if kiosk.keep_for_demo_dir:
        await spool.copy_out(kiosk.keep_for_demo_dir, [SLIP])
    return True


async def _refusal(visit: Visit) -> NotCertified:
    steps = [step.name for step in await visit.journal.steps(visit.id) if step.name.startswith("officer ")]
    reply = await visit.recorded(steps[-1], ReplyEnvelope)
    if reply is None or not isinstance(reply.body, NotCertified):
        raise LookupError(f"{visit.id} was parted as refused without a refusal")
    return reply.body
