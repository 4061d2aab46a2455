"""The money of a visit: taken in, given back, earned. Every movement is booked before the device is told it was.

A voucher counts when the hub says that it is this visit's; while the hub is asked, the till does not close.
"""

from agent.devices.errors import DeviceError
from agent.journeys.delays import DISPENSE_AGAIN_S, DISPENSE_S, PAY_LOOK_S
from agent.journeys.parts import Kiosk
from agent.journeys.values import Payment, Returned
from agent.ledger.journal import Visit
from contract.clock import Deadline
from contract.messages import Redeemed, ReplyEnvelope, decode

REDEEM = "redeem"


async def take(visit: Visit, kiosk: Kiosk, total_vnd: int, deadline: Deadline) -> Payment:
    """Accept coins and notes until `total_vnd`, the deadline, or cancel; raise DeviceError."""
    if not total_vnd:
        return Payment(received_vnd=0, complete=True)
    received_vnd = await _book(visit, kiosk)
    if received_vnd < total_vnd:
        kiosk.till.open_for(visit.id)
        change_vnd = (await kiosk.cash.status()).change_vnd
        await kiosk.cash.accept(total_vnd - received_vnd + change_vnd)
        try:
            await _wait_for_money(visit, kiosk, total_vnd, deadline)
        finally:
            await kiosk.cash.stop_accepting()
    received_vnd = await _book(visit, kiosk)
    complete = received_vnd >= total_vnd
    return Payment(received_vnd=received_vnd, complete=complete, cancelled=not complete and await visit.cancelled())


async def hand_out(visit: Visit, kiosk: Kiosk, name: str, newly_owed_vnd: int) -> Returned:
    """Hand out `newly_owed_vnd` of what was taken and what is owed from before; what can't come out stays owed."""
    money = kiosk.ledger.money

    async def owe(key: str, _deadline: Deadline) -> int:
        await money.owe(visit.id, key, newly_owed_vnd)
        return (await money.balance(visit.id)).owed_vnd

    owed_vnd = await visit.step(f"{name}: owe", int, owe)

    async def give_back(key: str, deadline: Deadline) -> Returned:
        returned_vnd = await _dispense(kiosk, key, owed_vnd, deadline)
        await money.give_back(visit.id, key, returned_vnd)
        return Returned(owed_vnd=owed_vnd, returned_vnd=returned_vnd)

    return await visit.step(name, Returned, give_back, within_s=DISPENSE_S)


async def escrow_vnd(visit: Visit, kiosk: Kiosk) -> int:
    """Return what was taken and is neither earned nor given back."""
    return (await kiosk.ledger.money.balance(visit.id)).escrow_vnd


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
        await money.receive(visit.id, f"cash/{epoch}/{credit.serial}", credit.value_vnd)
        booked = credit.serial
    if booked:
        await kiosk.cash.confirm(booked)
    return (await money.balance(visit.id)).received_vnd


async def _dispense(kiosk: Kiosk, key: str, amount_vnd: int, deadline: Deadline) -> int:
    while amount_vnd:
        try:
            return await kiosk.cash.dispense(key, amount_vnd)
        except DeviceError:
            if deadline.passed:
                return 0
            await kiosk.clock.sleep(DISPENSE_AGAIN_S)
    return 0
