"""What every visit does last: destroy the images, say what became of the money, tell the hub, close."""

import msgspec

from agent.journeys import by_transfer, sentences
from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.ledger.journal import Visit
from agent.ledger.spool import Spool
from contract.messages import Fact, PurgedFact, SettledFact

KEPT_FOR_DEMO = ("draft.pdf", "copy.pdf", "receipt.png")


async def leave(visit: Visit, kiosk: Kiosk, ending: Ending, request: str | None) -> Ending:
    """Tell the hub that the money has come to rest, and close the visit; return its ending."""
    if request:
        balance = await kiosk.ledger.money.balance(visit.id)
        fact = SettledFact(
            request=request,
            received_vnd=balance.received_vnd,
            kept_vnd=balance.kept_vnd,
            returned_vnd=balance.returned_vnd,
            unknown_vnd=balance.unknown_vnd,
            voucher_vnd=balance.voucher_vnd,
        )
        await tell(visit, kiosk, "settled", fact)
    await kiosk.ledger.outbox.forget(visit.id)
    traffic = kiosk.link.traffic.take(visit.id)
    await kiosk.ledger.journal.count_traffic(visit.id, traffic.up, traffic.down)
    await kiosk.ledger.journal.close(visit.id, msgspec.json.encode(ending))
    return ending


async def destroy(
    visit: Visit,
    kiosk: Kiosk,
    request: str | None,
    *,
    keep: tuple[str, ...] = (),
    show: bool = True,
    spool: Spool | None = None,
) -> None:
    """Destroy the visit's files but those that may still be collected (R13); `show` allows the demo its copies.

    `spool` is another visit's, whose copy was collected.
    """
    spool = spool or kiosk.ledger.spool(visit.id)
    if kiosk.keep_for_demo_dir and show:
        await spool.copy_out(kiosk.keep_for_demo_dir, KEPT_FOR_DEMO)
    hashes = await visit.step("hash", list[str], lambda _key, _deadline: spool.hashes(keep))
    await visit.step("purge", type(None), lambda _key, _deadline: spool.purge(keep))
    if request:
        await tell(visit, kiosk, "purged", PurgedFact(request=request, sha256=tuple(hashes)))


async def tell(visit: Visit, kiosk: Kiosk, name: str, fact: Fact) -> None:
    """Put a fact on its way to the hub, once."""
    await visit.step(f"tell {name}", str, lambda key, _deadline: kiosk.link.tell(key, visit.id, fact))


async def settled(visit: Visit, kiosk: Kiosk) -> tuple[str, str]:
    """Return in both languages what became of the visit's money."""
    balance = await kiosk.ledger.money.balance(visit.id)
    vi, en = sentences.money(
        returned_vnd=balance.returned_vnd,
        voucher_vnd=balance.voucher_vnd,
        kept_vnd=balance.kept_vnd,
        unknown_vnd=balance.unknown_vnd,
    )
    if await by_transfer.is_missed(visit, kiosk):
        missed = [each.format(by_transfer.reference_of(visit.id)) for each in sentences.TRANSFER_MISSED]
        return f"{vi} {missed[0]}", f"{en} {missed[1]}"
    return vi, en


async def last_request(visit: Visit) -> str | None:
    """Return the id of the last request that the visit made to the hub."""
    steps = [step for step in await visit.journal.steps(visit.id) if step.name.startswith("ask ") and step.result]
    return msgspec.json.decode(steps[-1].result, type=str) if steps and steps[-1].result else None
