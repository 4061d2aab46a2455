"""Signed copies that had not come when their citizen left: fetched when the hub is back, kept for the receipt."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec

from agent.journeys.assembly import COPY, assemble, collect
from agent.journeys.delays import FETCH_LOOK_S, FETCH_S, KEEP_COPY_S
from agent.journeys.delivery import KEPT, RECEIPT
from agent.journeys.endings import CopyNotReceived
from agent.journeys.links import LINK
from agent.journeys.owing import SLIP as VOUCHER
from agent.journeys.papers import DRAFT
from agent.journeys.parts import Kiosk
from agent.journeys.values import Kept
from agent.ledger.journal import Visit
from contract.clock import Deadline
from contract.messages import Certified, ReplyEnvelope

log = logging.getLogger(__name__)


async def waiting(kiosk: Kiosk) -> AsyncIterator[tuple[Visit, Kept]]:
    """Yield the visits of the last KEEP_COPY_S whose copies were left to be collected, printed since or not."""
    journal = kiosk.ledger.journal
    since = kiosk.clock.now() - timedelta(seconds=KEEP_COPY_S)
    for record in await journal.visits_closed_since(since):
        visit = journal.resume(record)
        if kept := await visit.recorded(KEPT, Kept):
            yield visit, kept


async def certified_of(visit: Visit) -> Certified:
    """Return the hub's word on a visit whose copy was signed."""
    replies = [step.result for step in await visit.journal.steps(visit.id) if step.name.startswith("officer ")]
    bodies = [msgspec.json.decode(reply, type=ReplyEnvelope).body for reply in replies if reply]
    return next(body for body in bodies if isinstance(body, Certified))


async def fetch(visit: Visit, kiosk: Kiosk, deadline: Deadline) -> bool:
    """Bring a visit's copy in, once; return whether it is here. Raises CopyNotReceived: it can't come any more."""
    spool = kiosk.ledger.spool(visit.id)
    if spool.has(COPY):  # who need not wait does not wait for another visit's copy
        return True
    async with kiosk.fetching:
        if spool.has(COPY):
            return True
        if not spool.has(DRAFT):
            raise CopyNotReceived
        try:
            certified = await certified_of(visit)
            if not await collect(visit, kiosk, certified.tail, deadline):
                return False
            await assemble(visit, kiosk, certified)
        except CopyNotReceived:
            await spool.purge((RECEIPT, LINK, VOUCHER))
            raise
        await spool.purge((COPY, RECEIPT, LINK, VOUCHER))
        traffic = kiosk.link.traffic.take(visit.id)
        await kiosk.ledger.journal.count_traffic(visit.id, traffic.up, traffic.down)
        return True


async def fetch_all(kiosk: Kiosk) -> None:
    """Bring in what can be had now; what can never be had is logged, and told to who comes with its receipt."""
    async for visit, _ in waiting(kiosk):
        if kiosk.ledger.spool(visit.id).has(DRAFT):
            try:
                await fetch(visit, kiosk, Deadline.after(kiosk.clock, FETCH_S))
            except CopyNotReceived as fault:
                log.warning("the copy of visit %s can't be had: %s", visit.id, fault.parted.remedy)


async def fetch_for_ever(kiosk: Kiosk) -> None:
    """Look for such copies, while the hub is reached, until cancelled."""
    while True:
        await kiosk.clock.sleep(FETCH_LOOK_S)
        if kiosk.link.status.online:
            await fetch_all(kiosk)
