"""What a person found out about money that nobody could know of: booked, then told to the hub, once each."""

from agent.journeys.parts import Kiosk
from agent.ledger.settling import Settlement, reference
from contract.messages import Found, SettledByHandFact


async def settle(kiosk: Kiosk, visit: str, amount_vnd: int | None, found: Found, reason: str, by: str) -> Settlement:
    """Book a person's word on a visit's unknown money (None: all of it) and tell the hub; raise SettlingRefused."""
    settlement = await kiosk.ledger.settlements.settle(visit, amount_vnd, found, reason, by)
    await tell_all(kiosk)
    return settlement


async def tell_all(kiosk: Kiosk) -> None:
    """Put the words on their way that are not yet: a power cut may come between a booking and its message."""
    for each in await kiosk.ledger.settlements.untold():
        fact = SettledByHandFact(
            request=each.id,
            visit=each.visit,
            amount_vnd=each.amount_vnd,
            found=each.found,
            reason=each.reason,
            decided_by=each.by,
            decided_at=each.at,
        )
        await kiosk.link.tell(reference(each.id), each.visit, fact)
