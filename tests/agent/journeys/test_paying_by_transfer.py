"""Paying by VietQR: the hub's word counts, the code proves nothing, and no đồng of a transfer is in two places."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from kiosk_doubles import ONE_COPY, PRICE_VND, Hub, Power, PowerCut, Town

from agent.journeys import by_transfer
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.screen.api import Screen
from contract import vietqr
from contract.clock import SimulatedClock
from contract.messages import TransferFact, VoucherFact

AGAIN_S = 0.005

Payer = Callable[[Kiosk, str, str], Awaitable[None]]
"""Does something with kiosk, visit and the order's id once the code is awaited."""


async def _order(town: Town, kiosk: Kiosk) -> str:
    while not town.hub.orders:
        await asyncio.sleep(AGAIN_S)
    return next(iter(town.hub.orders))


async def _one_visit(town: Town, payer: Payer) -> tuple[str, str]:
    """Let a kiosk that takes transfers alone serve one citizen; return code and the sentence about the money."""
    town.has_cash, town.pays_by_transfer = False, True
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)

        async def pay() -> None:
            await payer(kiosk, visit.id, await _order(town, kiosk))

        ending, _ = await asyncio.gather(town.go_on(kiosk, visit.id), pay())
        await by_transfer.answer_strays(kiosk)
        assert sum((await kiosk.ledger.money.totals()).values()) == 0
        assert not await kiosk.ledger.inbox.open()
    return ending.code, ending.money_en


def _pays(town: Town, amount_vnd: int, *, times: int = 1) -> Payer:
    async def pay(kiosk: Kiosk, visit: str, order: str) -> None:
        for _ in range(times):
            await kiosk.ledger.inbox.keep(town.hub.transferred(order, amount_vnd))

    return pay


async def test_a_transfer_pays_and_is_answered_once_however_often_it_is_told(town: Town) -> None:
    code, _ = await _one_visit(town, _pays(town, PRICE_VND, times=3))
    (taken,) = town.hub.told(TransferFact)
    assert code == "HANDED_OVER"
    assert (taken.transaction, taken.amount_vnd, taken.taken) == ("FT1", PRICE_VND, True)


async def test_what_is_transferred_too_much_becomes_a_voucher(town: Town) -> None:
    code, money = await _one_visit(town, _pays(town, PRICE_VND + 7_000))
    (voucher,) = town.hub.told(VoucherFact)
    assert (code, voucher.amount_vnd) == ("HANDED_OVER", 7_000)
    assert "A voucher for 7.000 đ" in money


async def test_too_little_pays_nothing_and_comes_back_as_a_voucher(town: Town) -> None:
    code, _ = await _one_visit(town, _pays(town, 1_000))
    (voucher,) = town.hub.told(VoucherFact)
    assert (code, voucher.amount_vnd) == ("NOT_PAID", 1_000)


async def test_a_refused_copy_gives_a_voucher_for_the_transfer(town: Town) -> None:
    town.hub.verdicts = ["refused"]
    code, _ = await _one_visit(town, _pays(town, PRICE_VND))
    (voucher,) = town.hub.told(VoucherFact)
    assert (code, voucher.amount_vnd) == ("REFUSED", PRICE_VND)


async def test_a_code_that_nobody_pays_says_where_a_late_transfer_goes(town: Town) -> None:
    async def nobody(kiosk: Kiosk, visit: str, order: str) -> None:
        return

    code, money = await _one_visit(town, nobody)
    assert code == "NOT_PAID" and "TRAM" in money and "refunded" in money


async def test_a_transfer_after_the_end_is_left_to_the_hub_and_is_in_no_book_here(town: Town) -> None:
    town.has_cash, town.pays_by_transfer = False, True
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await town.go_on(kiosk, visit.id)
        order = await _order(town, kiosk)
        await kiosk.ledger.inbox.keep(town.hub.transferred(order, PRICE_VND))
        await kiosk.ledger.inbox.keep(town.hub.transferred("01JAAAAAAAAAAAAAAAAAAAAAAA", 9_000, "FT2"))
        await by_transfer.answer_strays(kiosk)
        totals = await kiosk.ledger.money.totals()
    assert [(fact.transaction, fact.taken) for fact in town.hub.told(TransferFact)] == [("FT1", False), ("FT2", False)]
    assert totals.get("bank", 0) == 0


async def test_a_transfer_told_while_the_kiosk_was_dead_pays_when_it_is_back(town: Town) -> None:
    town.has_cash, town.pays_by_transfer = False, True
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        running = asyncio.create_task(town.go_on(kiosk, visit.id))
        order = await _order(town, kiosk)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await kiosk.ledger.inbox.keep(town.hub.transferred(order, PRICE_VND))
        await by_transfer.answer_strays(kiosk)
        assert not town.hub.told(TransferFact), "while the visit may still pay nobody else answers"
    async with town.kiosk() as kiosk:
        (ending,) = await town.after_restart(kiosk)
    (taken,) = town.hub.told(TransferFact)
    assert ending.code == "HANDED_OVER" and taken.taken


async def test_the_screen_shows_a_code_that_a_bank_app_reads(town: Town) -> None:
    seen = {}

    async def look_then_pay(kiosk: Kiosk, visit: str, order: str) -> None:
        transport = httpx.ASGITransport(Screen(kiosk, _nobody).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://kiosk") as client:
            while not (pay := (await client.get(f"/visits/{visit}")).json()["pay"]) or not pay["code"]:
                await asyncio.sleep(AGAIN_S)
        seen.update(pay["code"], visit=visit)
        await _pays(town, PRICE_VND)(kiosk, visit, order)

    await _one_visit(town, look_then_pay)
    transfer = vietqr.parse(seen["payload"])
    assert (transfer.amount_vnd, transfer.bank_bin, transfer.account) == (PRICE_VND, "970436", "0011001234567")
    assert transfer.reference == seen["reference"] == f"TRAM{seen['visit'][-12:]}"


async def _boot(town: Town, power: Power) -> None:
    """Let a kiosk serve or go on with one citizen, while the hub tells of the transfer until it is answered."""
    async with town.kiosk(power) as kiosk:
        open_visits = await kiosk.ledger.journal.open_visits()
        visit = open_visits[0].id if open_visits else (await start(kiosk, ONE_COPY)).id

        async def tell() -> None:
            order = await _order(town, kiosk)
            while not town.hub.told(TransferFact):
                await kiosk.ledger.inbox.keep(town.hub.transferred(order, PRICE_VND))
                await by_transfer.answer_strays(kiosk)
                await asyncio.sleep(AGAIN_S)

        async with asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(tell())
            await tasks.create_task(town.go_on(kiosk, visit))
            await telling
        assert sum((await kiosk.ledger.money.totals()).values()) == 0


async def _cut(town: Town, moment: int) -> bool:
    """Cut the power at a moment; return whether it came to that."""
    power = Power(dies_at=moment)
    with contextlib.suppress(PowerCut, BaseExceptionGroup):
        await _boot(town, power)
    return power.off


def test_power_cut_at_every_moment_leaves_a_transfer_in_the_kiosk_s_books_or_with_the_hub(
    folder: Path, clock: SimulatedClock
) -> None:
    moment = 0
    while True:
        moment += 2
        town = Town(folder=folder / str(moment), clock=clock, hub=Hub(clock), has_cash=False, pays_by_transfer=True)
        was_cut = asyncio.run(_cut(town, moment))
        in_books_vnd, is_open = asyncio.run(_books(town))
        if is_open or (was_cut and not town.hub.told(TransferFact)):
            asyncio.run(_boot(town, Power())) if is_open else asyncio.run(_only_answer(town))
            in_books_vnd, is_open = asyncio.run(_books(town))
        (answer,) = town.hub.told(TransferFact)
        assert in_books_vnd == (PRICE_VND if answer.taken else 0), moment
        assert not is_open, moment
        if not was_cut:
            return


async def _books(town: Town) -> tuple[int, bool]:
    async with town.kiosk() as kiosk:
        totals = await kiosk.ledger.money.totals()
        return totals.get("bank", 0), bool(await kiosk.ledger.journal.open_visits())


async def _only_answer(town: Town) -> None:
    """The visit had ended before the power was cut, the hub still tells."""
    async with town.kiosk() as kiosk:
        await kiosk.ledger.inbox.keep(town.hub.transferred(await _order(town, kiosk), PRICE_VND))
        await by_transfer.answer_strays(kiosk)


async def test_offline_no_code_is_shown(town: Town) -> None:
    town.online, town.has_cash, town.pays_by_transfer = False, False, True
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        ending = await town.go_on(kiosk, visit.id)
    assert ending.code == "NOT_PAID" and not town.hub.orders


async def _nobody(_order: object) -> str:
    raise AssertionError("no second visit is started")
