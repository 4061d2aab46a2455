"""The receipt of a visit, before its copy is certified: who is certified and what became of it is added after."""

from agent.copies import receipt
from agent.journeys.links import address_of
from agent.journeys.parts import Kiosk
from agent.journeys.slips import collect_code
from agent.ledger.journal import Visit
from contract.messages import QuoteLine


async def receipt_of(visit: Visit, kiosk: Kiosk, quote: QuoteLine) -> receipt.Receipt:
    """Return what the visit cost so far, under its code, with the link of its electronic copy if it has one."""
    balance = await kiosk.ledger.money.balance(visit.id)
    return receipt.Receipt(
        kiosk=kiosk.place.kiosk,
        site=kiosk.place.site,
        visit=visit.id,
        when=kiosk.clock.now(),
        lines=receipt.account(quote),
        paid_vnd=balance.received_vnd,
        change_vnd=balance.returned_vnd,
        register_label=None,
        verify_url=None,
        collect_code=collect_code(visit.id),
        download_url=await address_of(kiosk.ledger.spool(visit.id)),
    )
