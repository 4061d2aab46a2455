"""The money of a visit: taken in, given back, earned. Every movement is booked before the device is told it was.

A voucher counts when the hub says that it is this visit's; while the hub is asked, the till does not close.
"""

from contextlib import suppress
from itertools import count

from agent.devices.cash import Credit
from agent.devices.errors import DeviceError, PayoutUnknown
from agent.journeys.delays import DISPENSE_AGAIN_S, DISPENSE_S, PAY_LOOK_S
from agent.journeys.parts import Kiosk
from agent.journeys.values import Payment, Returned
from agent.ledger.journal import Visit
from contract.clock import Deadline
from contract.messages import Redeemed, ReplyEnvelope, decode

REDEEM = "redeem"
OPEN_TILL = "open till"


async def open_till(visit: Visit, kiosk: Kiosk) -> int:
    """Set aside what came in while nobody paid: it is left to a person, beside the visit that paid last.

    Returns how much it was; raises DeviceError. From here on what comes in is this visit's.
    """
    money, epoch = kiosk.ledger.money, await kiosk.cash.epoch()
    strays = await kiosk.cash.credits(await money.last_serial(epoch))
    payer = await kiosk.ledger.journal.last_to_finish(OPEN_TILL) or visit.id
    for stray in strays:
        await money.receive_uncertain(payer, _ref(epoch, stray), stray.value_vnd)
    return sum(stray.value_vnd for stray in strays)


async def take(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> Payment:
    """Accept coins and notes until `total_vnd`, the deadline, or cancel; raise DeviceError."""
    if not total_vnd:
        return Payment(received_vnd=0, complete=True)
    if await _book(visit, kiosk) < total_vnd:
        kiosk.till.open_for(visit.id)
        await _collect(visit, kiosk, total_vnd, deadline)
    else:
        await kiosk.cash.stop_accepting()  # after a crash the slots may still be open
    received_vnd = await _book(visit, kiosk)
    complete = received_vnd >= total_vnd
    return Payment(received_vnd=received_vnd, complete=complete, cancelled=not complete and await visit.cancelled())


async def count_up(visit: Visit, kiosk: Kiosk, deadline: Deadline) -> bool:
    """Book what came in before a fault, as soon as the device says it; return whether it has by the deadline."""
    while True:
        try:
            await _book(visit, kiosk)
            return True
        except DeviceError:
            if deadline.passed:
                return False
            await kiosk.clock.sleep(DISPENSE_AGAIN_S)


async def hand_out(visit: Visit, kiosk: Kiosk, name: str, newly_owed_vnd: int) -> Returned:
    """Hand out `newly_owed_vnd` of what was taken and what is owed from before; what can't come out stays owed.

    What may have come out and may not is no debt but left to a person.
    """
    money = kiosk.ledger.money

    async def owe(key: str, _deadline: Deadline) -> int:
        await money.owe(visit.id, key, newly_owed_vnd)
        return (await money.balance(visit.id)).owed_vnd

    owed_vnd = await visit.step(f"{name}: owe", int, owe)

    async def give_back(key: str, deadline: Deadline) -> Returned:
        return await _give_back(visit, kiosk, key, owed_vnd, deadline)

    return await visit.step(name, Returned, give_back, within_s=DISPENSE_S)


async def escrow_vnd(visit: Visit, kiosk: Kiosk) -> int:
    """Return what was taken and is neither earned nor given back."""
    return (await kiosk.ledger.money.balance(visit.id)).escrow_vnd


async def _collect(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> None:
    try:
        await kiosk.cash.accept(total_vnd - await _book(visit, kiosk))
        await _wait_for_money(visit, kiosk, total_vnd, deadline)
    except DeviceError:  # the first fault is the one to tell; what still came in is this visit's
        with suppress(DeviceError):
            await kiosk.cash.stop_accepting()
        with suppress(DeviceError):
            await _book(visit, kiosk)
        raise
    await kiosk.cash.stop_accepting()


async def _wait_for_money(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> None:
    while not await _finished(visit, kiosk, total_vnd, deadline):
        await kiosk.clock.sleep(PAY_LOOK_S)


async def _finished(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> bool:
    async with kiosk.till.closing(visit.id) as closing:
        over = await _book(visit, kiosk) >= total_vnd or deadline.passed or await visit.cancelled()
        if over and not await waits_for_the_hub(visit, kiosk):
            closing()
            return True
    return False


async def waits_for_the_hub(visit: Visit, kiosk: Kiosk) -> bool:
    """Return whether the hub has not said yet if a voucher may be taken."""
    return any(not asked.final for asked in await kiosk.ledger.outbox.asked(visit.id, REDEEM))


async def _book(visit: Visit, kiosk: Kiosk) -> int:
    """Book what cash and vouchers brought since, and return what the visit has paid so far."""
    for asked in await kiosk.ledger.outbox.asked(visit.id, REDEEM):
        body = decode(ReplyEnvelope, asked.reply).body if asked.reply else None
        if isinstance(body, Redeemed):
            await kiosk.ledger.money.take_voucher(visit.id, f"voucher/{body.voucher}", body.amount_vnd)
    return await _book_credits(visit, kiosk)


async def _book_credits(visit: Visit, kiosk: Kiosk) -> int:
    """Book what the box has counted since, tell the box, and return what the visit has paid so far."""
    money, epoch = kiosk.ledger.money, await kiosk.cash.epoch()
    booked = await money.last_serial(epoch)
    for credit in await kiosk.cash.credits(booked):
        receive = money.receive if credit.certain else money.receive_uncertain
        await receive(visit.id, _ref(epoch, credit), credit.value_vnd)
        booked = credit.serial
    if booked:
        await kiosk.cash.confirm(booked)
    balance = await money.balance(visit.id)
    return balance.received_vnd - balance.unknown_vnd


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
