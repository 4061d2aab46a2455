"""Starting visits, going on with those that a crash has left open, and removing copies that nobody collected."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import msgspec

from agent.journeys import need
from agent.journeys.certify import CERTIFY, certify
from agent.journeys.check import check
from agent.journeys.delays import KEEP_COPY_S
from agent.journeys.digitise import digitise
from agent.journeys.endings import Ending, NeedsAPerson
from agent.journeys.parting import part
from agent.journeys.parts import Kiosk
from agent.journeys.pick_up import FIND, pick_up
from agent.journeys.queue import check_in, draw_number
from agent.journeys.values import Check, CheckIn, Digitise, DrawNumber, Order, PickUp, Wish
from agent.ledger.journal import Visit, VisitRecord

log = logging.getLogger(__name__)

PICK_UP, CHECK, DIGITISE = "pick up", "check", "digitise"
DRAW_NUMBER, CHECK_IN = "draw number", "check in"
MOST_STUMBLES = 3
EXPIRY_LOOK_S = 600.0


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey by the wish that begins it."""

    name: str
    wish: type[Wish]
    run: Callable[[Visit, Kiosk, Any], Awaitable[Ending]]


class _Place(msgspec.Struct):
    here: bool = True


_JOURNEYS: Final = (
    Journey(CERTIFY, Order, certify),
    Journey(PICK_UP, PickUp, pick_up),
    Journey(CHECK, Check, check),
    Journey(DIGITISE, Digitise, digitise),
    Journey(DRAW_NUMBER, DrawNumber, draw_number),
    Journey(CHECK_IN, CheckIn, check_in),
)
_BY_NAME: Final = {each.name: each for each in _JOURNEYS}
_BY_WISH: Final = {each.wish: each for each in _JOURNEYS}


async def start(kiosk: Kiosk, wish: Wish) -> Visit:
    """Record a new visit; run it with `go_on`."""
    return await kiosk.ledger.journal.open(_BY_WISH[type(wish)].name, msgspec.json.encode(wish))


def is_here(record: VisitRecord) -> bool:
    """Return whether an open visit's citizen stands at this screen: not one for whom a robot has drawn a number."""
    if record.journey not in (DRAW_NUMBER, CHECK_IN) or not record.wish:
        return True
    return msgspec.json.decode(record.wish, type=_Place).here


async def recover(kiosk: Kiosk) -> list[VisitRecord]:
    """Return the visits to go on with, oldest first, after removing what was kept too long.

    A question to VNeID goes too: nobody stands there any more whom it was asked for.
    """
    await need.forget(kiosk)
    await expire(kiosk)
    return await kiosk.ledger.journal.open_visits()


async def go_on(kiosk: Kiosk, record: VisitRecord) -> Ending:
    """Run a visit to its end from where it stands; one that the program fails over again and again is parted with."""
    visit = kiosk.ledger.journal.resume(record)
    try:
        if record.stumbles >= MOST_STUMBLES:
            return await part(visit, kiosk, NeedsAPerson().parted)
        journey = _BY_NAME[record.journey]
        return await journey.run(visit, kiosk, msgspec.json.decode(record.wish, type=journey.wish))
    except Exception:  # counted, not swallowed: the process ends and recovers on restart
        await kiosk.ledger.journal.stumbled(visit.id)
        raise


async def expire(kiosk: Kiosk) -> None:
    """Remove signed copies whose time to be collected is over (R13), and which nobody collects just now."""
    now, journal = kiosk.clock.now(), kiosk.ledger.journal
    recent, running = (
        await journal.visits_closed_since(now - timedelta(seconds=KEEP_COPY_S)),
        await journal.open_visits(),
    )
    kept: set[str] = {record.id for record in (*recent, *running)}
    for record in running:
        kept.add(await journal.resume(record).recorded(FIND, str) or record.id)
    for spool in await asyncio.to_thread(kiosk.ledger.spools):
        if spool.folder.name not in kept:
            log.info("removing the uncollected copy of visit %s", spool.folder.name)
            await spool.purge()


async def expire_for_ever(kiosk: Kiosk) -> None:
    """Look for such copies until cancelled."""
    while True:
        await kiosk.clock.sleep(EXPIRY_LOOK_S)
        await expire(kiosk)
