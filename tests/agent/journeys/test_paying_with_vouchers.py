"""Paying with a voucher: what the hub takes counts as paid, what it refuses stays with the citizen."""

import asyncio

import httpx
from kiosk_doubles import ONE_COPY, PRICE_VND, Town

from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.screen.api import Screen
from contract.messages import SettledFact

AGAIN_S = 0.005


async def _nobody(_order: object) -> str:
    raise AssertionError("no second visit is started")


async def _hold_out(kiosk: Kiosk, visit: str, codes: list[str]) -> list[httpx.Response]:
    """Hold each code out until the kiosk takes it to the hub."""
    transport = httpx.ASGITransport(Screen(kiosk, _nobody).app())
    answers = []
    async with httpx.AsyncClient(transport=transport, base_url="http://kiosk") as client:
        for code in codes:
            while (answer := await client.post(f"/visits/{visit}/voucher", json={"code": code})).status_code == 409:
                await asyncio.sleep(AGAIN_S)
            answers.append(answer)
    return answers


async def _pay_with(town: Town, codes: list[str]) -> tuple[str, list[httpx.Response]]:
    town.notes = []
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        ending, answers = await asyncio.gather(town.go_on(kiosk, visit.id), _hold_out(kiosk, visit.id, codes))
        totals = await kiosk.ledger.money.totals()
        assert sum(totals.values()) == 0
    return ending.code, answers


async def test_a_voucher_pays_the_fee_and_its_rest_comes_out_as_change(town: Town) -> None:
    town.hub.vouchers_vnd = {"SLIP-A": PRICE_VND + 2_000}
    code, _ = await _pay_with(town, ["SLIP-A"])
    (settled,) = town.hub.told(SettledFact)
    assert code == "HANDED_OVER"
    assert (settled.received_vnd, settled.kept_vnd, settled.returned_vnd) == (PRICE_VND + 2_000, PRICE_VND, 2_000)


async def test_two_small_vouchers_add_up(town: Town) -> None:
    town.hub.vouchers_vnd = {"SLIP-A": PRICE_VND - 1_000, "SLIP-B": 1_000}
    code, _ = await _pay_with(town, ["SLIP-A", "SLIP-B"])
    (settled,) = town.hub.told(SettledFact)
    assert (code, settled.kept_vnd, settled.returned_vnd) == ("HANDED_OVER", PRICE_VND, 0)


async def test_a_used_voucher_counts_nothing_and_the_screen_says_why(town: Town) -> None:
    code, (answer,) = await _pay_with(town, ["SLIP-USED"])
    assert code == "NOT_PAID"
    assert "đã được dùng" in answer.json()["notice"][0]


async def test_the_same_voucher_held_out_twice_counts_once(town: Town) -> None:
    town.hub.vouchers_vnd = {"SLIP-A": 1_000}
    await _pay_with(town, ["SLIP-A", "SLIP-A"])
    assert not town.hub.told(SettledFact)
    async with town.kiosk() as kiosk:
        totals = await kiosk.ledger.money.totals()
    assert (totals["claim"], totals["tube"]) == (1_000, -1_000)


async def test_a_voucher_held_out_when_nothing_is_to_be_paid_stays_unused(town: Town) -> None:
    town.hub.vouchers_vnd = {"SLIP-A": 5_000}
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        transport = httpx.ASGITransport(Screen(kiosk, _nobody).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://kiosk") as client:
            answer = await client.post(f"/visits/{visit.id}/voucher", json={"code": "SLIP-A"})
            nonsense = await client.post(f"/visits/{visit.id}/voucher", content=b"{")
    assert (answer.status_code, nonsense.status_code) == (409, 422)
    assert town.hub.vouchers_vnd == {"SLIP-A": 5_000}


async def test_a_voucher_held_out_while_offline_is_not_taken_and_stays_good(town: Town) -> None:
    town.hub.vouchers_vnd, town.online = {"SLIP-A": 5_000}, False
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        transport = httpx.ASGITransport(Screen(kiosk, _nobody).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://kiosk") as client:
            answer = await client.post(f"/visits/{visit.id}/voucher", json={"code": "SLIP-A"})
    assert answer.status_code == 409 and "mất kết nối" in answer.json()["vi"]
    assert town.hub.vouchers_vnd == {"SLIP-A": 5_000}
