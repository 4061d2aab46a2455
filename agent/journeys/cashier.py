"""The money of a visit: taken in, given back, earned. Every movement is booked before the device is told it was.

Cash, card and transfer are one thing here: a sum that is due, one way at a time that is served, and a way back: cash
by hand, a card's money to the card, the rest as a voucher. Coins and then a transfer of the rest is as good as one way.
A voucher counts when the hub says that it is this visit's; while the hub is asked, the till does not close.
"""

from contextlib import suppress
from itertools import count

from agent.devices.cash import Credit
from agent.devices.errors import DeviceError, PayoutUnknown
from agent.journeys import by_card, by_transfer, sentences
from agent.journeys.delays import DISPENSE_AGAIN_S, DISPENSE_S, PAY_LOOK_S
from agent.journeys.parts import Kiosk
from agent.journeys.values import Payment, Returned, Way
from agent.ledger.journal import Visit
from contract.clock import Deadline
from contract.messages import Redeemed, ReplyEnvelope, decode

REDEEM = "redeem"
OPEN_TILL = "open till"
NO_CASH = -1
"""What `open_till` returns where the slots did not answer, so that this visit can't be served by them."""


async def open_till(visit: Visit, kiosk: Kiosk) -> int:
    """Set aside what came in while nobody paid: it is left to a person, beside the visit that paid last.

    Returns how much it was, or NO_CASH; raises DeviceError where cash is the only way. From here on what comes in is
    this visit's.
    """
    try:
        return await set_aside(kiosk, visit.id)
    except DeviceError:
        if kiosk.ways == (Way.CASH,):
            raise
        return NO_CASH


async def set_aside(kiosk: Kiosk, nobody: str) -> int:
    """Set aside what came in while nobody paid, under `nobody` where no visit paid before; return how much it was."""
    money, epoch = kiosk.ledger.money, await kiosk.cash.epoch()
    strays = await kiosk.cash.credits(await money.last_serial(epoch))
    payer = await kiosk.ledger.journal.last_to_finish(OPEN_TILL) or nobody
    for stray in strays:
        await money.receive_uncertain(payer, _ref(epoch, stray), stray.value_vnd)
    return sum(stray.value_vnd for stray in strays)


async def take(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> Payment:
    """Take money in the ways of the kiosk until `total_vnd`, the deadline, or cancel; raise DeviceError."""
    if not total_vnd:
        return Payment(received_vnd=0, complete=True)
    has_no_cash = await visit.recorded(OPEN_TILL, int) == NO_CASH
    kiosk.till.open_for(visit.id, [way for way in kiosk.ways if not (has_no_cash and way is Way.CASH)])
    await _collect(visit, kiosk, total_vnd, deadline)
    received_vnd = await _book(visit, kiosk)
    complete = received_vnd >= total_vnd
    return Payment(received_vnd=received_vnd, complete=complete, cancelled=not complete and await visit.cancelled())


async def count_up(visit: Visit, kiosk: Kiosk, deadline: Deadline) -> bool:
    """Book what came in before a fault, as soon as the device says it; return whether it has by the deadline."""
    while True:
        try:
            await _book_credits(visit, kiosk)
            return True
        except DeviceError:
            if deadline.passed:
                return False
            await kiosk.clock.sleep(DISPENSE_AGAIN_S)


async def hand_out(visit: Visit, kiosk: Kiosk, name: str, newly_owed_vnd: int, *, and_cards: bool = False) -> Returned:
    """Hand out `newly_owed_vnd` of what was taken and what is owed from before; what can't come out stays owed.

    As cash comes out what came in by hand; with `and_cards`, what is held on cards goes back to them first. What may
    have come out and may not is no debt but left to a person.
    """
    money = kiosk.ledger.money

    async def owe(key: str, _deadline: Deadline) -> int:
        await money.owe(visit.id, key, newly_owed_vnd)
        return (await money.balance(visit.id)).owed_vnd

    async def by_hand(_key: str, _deadline: Deadline) -> int:
        balance = await money.balance(visit.id)
        return min(balance.owed_vnd, balance.by_hand_vnd)

    await visit.step(f"{name}: owe", int, owe)
    if and_cards:
        await by_card.give_back(visit, kiosk)
    by_hand_vnd = await visit.step(f"{name}: by hand", int, by_hand)

    async def give_back(key: str, deadline: Deadline) -> Returned:
        return await _give_back(visit, kiosk, key, by_hand_vnd, deadline)

    return await visit.step(name, Returned, give_back, within_s=DISPENSE_S)


async def escrow_vnd(visit: Visit, kiosk: Kiosk) -> int:
    """Return what was taken and is neither earned nor given back."""
    return (await kiosk.ledger.money.balance(visit.id)).escrow_vnd


async def _collect(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> None:
    try:
        await _serve(visit, kiosk, total_vnd, deadline)
    except DeviceError:  # the first fault is the one to tell; what still came in is this visit's
        with suppress(DeviceError):
            await kiosk.cash.stop_accepting()
        with suppress(DeviceError):
            await _book(visit, kiosk)
        raise
    await _shut(kiosk)


async def _serve(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> None:
    """Serve the way that is chosen; one that fails is out of service as long as there is another one."""
    await by_card.finish_begun(visit, kiosk)
    served: tuple[Way | None, int, int] = (None, 0, 0)
    while (paid_vnd := await _look(visit, kiosk, total_vnd, deadline)) is not None:
        way, turn = kiosk.till.way, kiosk.till.turn
        if way and (way, turn, paid_vnd) != served:
            try:
                await _open(visit, kiosk, way, served[0], total_vnd, deadline)
                served = way, turn, paid_vnd
            except DeviceError as fault:
                served = None, turn, paid_vnd
                if not kiosk.till.fail(way, (fault.vi, fault.en)):
                    raise
        await kiosk.clock.sleep(PAY_LOOK_S)


async def _open(visit: Visit, kiosk: Kiosk, way: Way, before: Way | None, total_vnd: int, deadline: Deadline) -> None:
    """Begin to serve a way for what is due now; return when the citizen can pay, by card when they have or have not."""
    if way is not Way.CASH:
        await _shut(kiosk)
    due_vnd = total_vnd - await _book(visit, kiosk)
    match way:
        case _ if due_vnd <= 0:
            return
        case Way.CASH:
            if before is not Way.CASH:
                await kiosk.cash.accept(due_vnd)
            kiosk.till.slots = await kiosk.cash.status()
        case Way.CARD:
            await _by_card(visit, kiosk, due_vnd, deadline)
        case Way.TRANSFER if kiosk.link.status.online:
            await by_transfer.offer(visit, kiosk, due_vnd, deadline)
        case Way.TRANSFER:
            kiosk.till.fail(way, sentences.TRANSFER_OFFLINE)


async def _by_card(visit: Visit, kiosk: Kiosk, due_vnd: int, deadline: Deadline) -> None:
    async def is_wanted() -> bool:
        return kiosk.till.way is Way.CARD and not deadline.passed and not await visit.cancelled()

    state = await by_card.pay(visit, kiosk, due_vnd, is_wanted)
    if kiosk.till.way is Way.CARD:
        kiosk.till.rest(sentences.CARD.get(state))


async def _shut(kiosk: Kiosk) -> None:
    if Way.CASH not in kiosk.till.ways:
        return
    try:
        await kiosk.cash.stop_accepting()
    except DeviceError as fault:
        if not kiosk.till.fail(Way.CASH, (fault.vi, fault.en)):
            raise


async def _look(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> int | None:
    """Return what is paid so far, or None when it is over and the till is closed."""
    async with kiosk.till.closing(visit.id) as closing:
        paid_vnd = await _book(visit, kiosk)
        over = paid_vnd >= total_vnd or deadline.passed or await visit.cancelled()
        if over and not await waits_for_the_hub(visit, kiosk):
            closing()
            return None
    return paid_vnd


async def waits_for_the_hub(visit: Visit, kiosk: Kiosk) -> bool:
    """Return whether the hub has not said yet if a voucher may be taken."""
    return any(not asked.final for asked in await kiosk.ledger.outbox.asked(visit.id, REDEEM))


async def _book(visit: Visit, kiosk: Kiosk) -> int:
    """Book what vouchers, transfers and cash brought since, and return what the visit has paid so far."""
    for asked in await kiosk.ledger.outbox.asked(visit.id, REDEEM):
        body = decode(ReplyEnvelope, asked.reply).body if asked.reply else None
        if isinstance(body, Redeemed):
            await kiosk.ledger.money.take_voucher(visit.id, f"voucher/{body.voucher}", body.amount_vnd)
    await by_transfer.book(visit, kiosk)
    try:
        if Way.CASH in kiosk.till.ways and Way.CASH not in kiosk.till.out:
            await _book_credits(visit, kiosk)
    except DeviceError as fault:  # what it counted it tells when it is back
        if not kiosk.till.fail(Way.CASH, (fault.vi, fault.en)):
            raise
    balance = await kiosk.ledger.money.balance(visit.id)
    return balance.received_vnd - balance.unknown_vnd


async def _book_credits(visit: Visit, kiosk: Kiosk) -> None:
    """Book what the box has counted since, and tell the box."""
    money, epoch = kiosk.ledger.money, await kiosk.cash.epoch()
    booked = await money.last_serial(epoch)
    for credit in await kiosk.cash.credits(booked):
        receive = money.receive if credit.certain else money.receive_uncertain
        await receive(visit.id, _ref(epoch, credit), credit.value_vnd)
        booked = credit.serial
    if booked:
        await kiosk.cash.confirm(booked)


def _ref(epoch: int, credit: Credit) -> str:
    return f"cash/{epoch}/{credit.serial}"


async def _give_back(visit: Visit, kiosk: Kiosk, key: str, owed_vnd: int, deadline: Deadline) -> Returned:
    """Pay out, and the rest of a payout that was broken off, until nothing comes twice in a row."""
    money, left_vnd, in_vain = kiosk.ledger.money, owed_vnd, 0
    for part in count(1):
        if left_vnd <= 0 or in_vain == 2:
            break
        try:
            came_vnd = await _dispense(kiosk, f"{key}/{part}", left_vnd, deadline)
        except PayoutUnknown:
            await money.leave_payout_to_a_person(visit.id, f"{key}/{part}", left_vnd)
            return Returned(owed_vnd=owed_vnd, returned_vnd=owed_vnd - left_vnd, unknown_vnd=left_vnd)
        await money.give_back(visit.id, f"{key}/{part}", came_vnd)
        left_vnd -= came_vnd
        in_vain = 0 if came_vnd else in_vain + 1
    return Returned(owed_vnd=owed_vnd, returned_vnd=owed_vnd - left_vnd)


async def _dispense(kiosk: Kiosk, key: str, amount_vnd: int, deadline: Deadline) -> int:
    while amount_vnd:
        try:
            return await kiosk.cash.dispense(key, amount_vnd)
        except PayoutUnknown:
            raise
        except DeviceError:
            if deadline.passed:
                return 0
            await kiosk.clock.sleep(DISPENSE_AGAIN_S)
    return 0
