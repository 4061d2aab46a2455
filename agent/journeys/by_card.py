"""Paying by card: held before the request goes out, committed when the copy is signed, reversed when it can't be made.

Each sale is a step whose sum is journaled before the reader hears of it; the reader's key is the step's. A sale of
which nobody knows how it ended is booked as unknown and left to a person. What was committed before a refusal can't go
back to the card: it is owed, and becomes a voucher.
"""

from contextlib import suppress

from msgspec import Struct

from agent.devices.cashless import SaleState, Wanted
from agent.devices.errors import DeviceError
from agent.journeys.delays import CARD_S, SETTLE_S
from agent.journeys.parts import Kiosk
from agent.ledger.journal import Visit
from contract.clock import Deadline

_SUM, _END = ": sum", ": end"
_LOST = (SaleState.UNKNOWN, SaleState.ASKED, SaleState.APPROVED)
"""Ends of a held sale that nobody knows: the last two mean that the reader could not be reached."""


class CardSale(Struct, frozen=True, kw_only=True):
    """One sale of a visit; `asked` and `ended` are None while that step is not finished."""

    name: str
    amount_vnd: int
    asked: SaleState | None
    ended: SaleState | None


async def pay(visit: Visit, kiosk: Kiosk, due_vnd: int, wanted: Wanted) -> SaleState:
    """Ask for a card as a new sale; return APPROVED, DENIED or UNKNOWN, raise DeviceError where none was begun."""
    name = f"card {len(await sales(visit)) + 1}"
    amount_vnd = await visit.note(f"{name}{_SUM}", due_vnd)
    return await _ask(visit, kiosk, name, amount_vnd, wanted)


async def finish_begun(visit: Visit, kiosk: Kiosk) -> None:
    """Find out what became of sales that a crash broke off; one that no card was held to is withdrawn."""
    for sale in await sales(visit):
        if sale.asked is not None:
            continue
        with suppress(DeviceError):  # then it is withdrawn when the visit ends
            await _ask(visit, kiosk, sale.name, sale.amount_vnd, _not_wanted)


async def is_held(visit: Visit) -> bool:
    """Return whether money is held on a card, and neither taken nor given back."""
    return any(sale.asked is SaleState.APPROVED and sale.ended is None for sale in await sales(visit))


async def commit(visit: Visit, kiosk: Kiosk) -> None:
    """Take what is held."""
    for sale in await sales(visit):
        ended = await _end(visit, kiosk, sale, commit=True)
        ref = f"{visit.id}/{sale.name}"
        if sale.asked is not SaleState.APPROVED:
            continue
        if ended is SaleState.COMMITTED:
            await kiosk.ledger.money.capture(visit.id, f"{ref}/captured", sale.amount_vnd)
        elif ended in _LOST:
            await kiosk.ledger.money.leave_to_a_person(visit.id, f"{ref}/unknown", sale.amount_vnd)


async def give_back(visit: Visit, kiosk: Kiosk) -> None:
    """Give what is held, and booked as owed, back to its card; what was committed stays owed."""
    for sale in await sales(visit):
        ended = await _end(visit, kiosk, sale, commit=False)
        ref = f"{visit.id}/{sale.name}"
        if sale.asked is SaleState.APPROVED and ended is SaleState.REVERSED:
            await kiosk.ledger.money.reverse(visit.id, f"{ref}/reversed", sale.amount_vnd)
        elif sale.asked is SaleState.APPROVED and ended is SaleState.COMMITTED:
            await kiosk.ledger.money.capture(visit.id, f"{ref}/captured", sale.amount_vnd)
        elif sale.asked is SaleState.APPROVED and ended in _LOST:
            await _leave_owed_to_a_person(visit, kiosk, ref, sale.amount_vnd)


async def sales(visit: Visit) -> list[CardSale]:
    """Return the visit's sales, oldest first."""
    steps = {step.name: step.result for step in await visit.journal.steps(visit.id)}
    found = []
    for number in range(1, len(steps) + 1):
        name = f"card {number}"
        if steps.get(f"{name}{_SUM}") is None:
            break
        found.append(
            CardSale(
                name=name,
                amount_vnd=int(steps[f"{name}{_SUM}"] or 0),
                asked=await visit.recorded(name, SaleState),
                ended=await visit.recorded(f"{name}{_END}", SaleState),
            )
        )
    return found


async def _ask(visit: Visit, kiosk: Kiosk, name: str, amount_vnd: int, wanted: Wanted) -> SaleState:
    cashless, money = kiosk.cashless, kiosk.ledger.money
    if cashless is None:
        return SaleState.DENIED

    async def ask(key: str, deadline: Deadline) -> SaleState:
        state = await cashless.ask(key, amount_vnd, deadline, wanted)
        if state is SaleState.APPROVED:
            await money.hold(visit.id, f"{key}/held", amount_vnd)
        elif state is SaleState.UNKNOWN:
            await money.hold_uncertain(visit.id, f"{key}/held", amount_vnd)
        return state

    return await visit.step(name, SaleState, ask, within_s=CARD_S)


async def _end(visit: Visit, kiosk: Kiosk, sale: CardSale, *, commit: bool) -> SaleState:
    """Return how the sale ended; one that was begun and never answered is withdrawn, whatever is wanted."""
    cashless, money = kiosk.cashless, kiosk.ledger.money

    async def end(_key: str, deadline: Deadline) -> SaleState:
        if cashless is None or sale.asked is SaleState.UNKNOWN:
            return SaleState.UNKNOWN
        was_held = sale.asked is SaleState.APPROVED
        state = await cashless.settle(f"{visit.id}/{sale.name}", deadline, commit=commit and was_held)
        if not was_held and state in (SaleState.UNKNOWN, SaleState.APPROVED):
            await money.hold_uncertain(visit.id, f"{visit.id}/{sale.name}/held", sale.amount_vnd)
        return state

    return await visit.step(f"{sale.name}{_END}", SaleState, end, within_s=SETTLE_S)


async def _leave_owed_to_a_person(visit: Visit, kiosk: Kiosk, ref: str, amount_vnd: int) -> None:
    """A sale that was lost at the commit is a person's already; else it is taken from what is owed."""
    if not await kiosk.ledger.money.is_booked(f"{ref}/unknown"):
        await kiosk.ledger.money.leave_payout_to_a_person(visit.id, f"{ref}/lost", amount_vnd)


async def _not_wanted() -> bool:
    return False
