"""Paying by card: taken when the copy is signed, given back when it can't be made, to the đồng whatever dies."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from kiosk_doubles import ONE_COPY, PRICE_VND, Hub, MortalReader, Power, PowerCut, Town

from agent.devices.cashless import SaleState, Wanted
from agent.devices.errors import PaymentReaderSilent
from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.journeys.till import TillClosed
from agent.journeys.values import Way
from agent.ledger.money import Balance
from agent.screen.api import Screen
from contract.clock import Deadline, SimulatedClock
from contract.messages import SettledFact, VoucherFact

APPROVED, DENIED, UNKNOWN = SaleState.APPROVED, SaleState.DENIED, SaleState.UNKNOWN
AGAIN_S = 0.005


def _town(folder: Path, *verdicts: SaleState, officer: str = "certified", has_cash: bool = False) -> Town:
    clock = SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    hub = Hub(clock, verdicts=[officer])
    return Town(folder=folder, clock=clock, hub=hub, reader=MortalReader(*verdicts), has_cash=has_cash)


async def _choose(kiosk: Kiosk, visit: str, way: Way) -> None:
    """Press the button of a way as soon as the visit pays."""
    while True:
        with contextlib.suppress(TillClosed):
            return kiosk.till.choose(visit, way)
        await asyncio.sleep(AGAIN_S)


async def _one_visit(town: Town, *ways: Way) -> tuple[Ending, Balance, dict[str, int]]:
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        ending, *_ = await asyncio.gather(town.go_on(kiosk, visit.id), *(_choose(kiosk, visit.id, way) for way in ways))
        totals = dict(await kiosk.ledger.money.totals())
        assert sum(totals.values()) == 0
        return ending, await kiosk.ledger.money.balance(visit.id), totals


def _sums(town: Town) -> tuple[int, int, int]:
    """What the reader has captured, given back, and lost."""
    assert town.reader
    ends = SaleState.COMMITTED, SaleState.REVERSED, SaleState.UNKNOWN
    captured, reversed_, lost = (town.reader.sum_vnd(state) for state in ends)
    return captured, reversed_, lost


async def test_a_card_pays_and_is_charged_when_the_copy_is_signed(folder: Path) -> None:
    town = _town(folder, APPROVED)
    ending, balance, totals = await _one_visit(town)
    assert ending.code == "HANDED_OVER" and balance.kept_vnd == PRICE_VND
    assert _sums(town) == (PRICE_VND, 0, 0)
    assert (totals["card"], totals["held"]) == (PRICE_VND, 0)


async def test_a_refusal_gives_the_money_back_to_the_card(folder: Path) -> None:
    town = _town(folder, APPROVED, officer="refused")
    ending, balance, totals = await _one_visit(town)
    assert ending.code == "REFUSED" and "3.000 đ returned" in ending.money_en
    assert _sums(town) == (0, PRICE_VND, 0)
    assert (balance.returned_vnd, balance.voucher_vnd, totals["held"] + totals["reversed"]) == (PRICE_VND, 0, 0)


async def test_a_refusal_after_the_hold_is_over_gives_a_voucher(folder: Path) -> None:
    town = _town(folder, APPROVED, officer="refused")
    town.officer_takes_s = 3_600
    ending, balance, _ = await _one_visit(town)
    assert ending.code == "REFUSED" and _sums(town) == (PRICE_VND, 0, 0)
    (voucher,) = town.hub.told(VoucherFact)
    assert (voucher.amount_vnd, balance.voucher_vnd, balance.returned_vnd) == (PRICE_VND, PRICE_VND, 0)


async def test_a_reader_that_forgets_what_it_held_leaves_it_to_a_person(folder: Path) -> None:
    for officer, code in (("certified", "HANDED_OVER"), ("refused", "REFUSED")):
        town = _town(folder / officer, APPROVED, officer=officer)
        assert town.reader
        town.reader.dies_held = True
        ending, balance, _ = await _one_visit(town)
        assert ending.code == code and "waiting for an officer" in ending.money_en
        assert (balance.unknown_vnd, balance.kept_vnd, balance.returned_vnd) == (PRICE_VND, 0, 0)


async def test_a_sale_that_nobody_knows_pays_nothing_and_is_a_persons(folder: Path) -> None:
    town = _town(folder, UNKNOWN)
    ending, balance, _ = await _one_visit(town)
    assert ending.code == "NOT_PAID"
    assert (balance.received_vnd, balance.unknown_vnd, balance.returned_vnd) == (PRICE_VND, PRICE_VND, 0)


class DecliningReader(MortalReader):
    """A reader that declines, whereupon its citizen takes out cash."""

    def __init__(self, town: Town) -> None:
        super().__init__(DENIED)
        self._town = town

    async def ask(self, key: str, amount_vnd: int, deadline: Deadline, wanted: Wanted) -> SaleState:
        self._town.notes = [2_000, 1_000]
        return await super().ask(key, amount_vnd, deadline, wanted)


async def test_a_declined_card_is_said_and_cash_pays_instead(folder: Path) -> None:
    town = _town(folder, has_cash=True)
    town.notes, town.reader = [], DecliningReader(town)
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        ending, _ = await asyncio.gather(town.go_on(kiosk, visit.id), _choose(kiosk, visit.id, Way.CARD))
        assert kiosk.till.notice and "không bị trừ tiền" in kiosk.till.notice[0]
    assert ending.code == "HANDED_OVER" and _sums(town) == (0, 0, 0)


async def test_coins_and_a_card_for_the_rest(folder: Path) -> None:
    town = _town(folder, APPROVED, has_cash=True)
    town.notes = [1_000]
    ending, balance, _ = await _one_visit(town, Way.CARD)
    assert ending.code == "HANDED_OVER" and balance.kept_vnd == PRICE_VND
    assert _sums(town) == (PRICE_VND - 1_000, 0, 0) or _sums(town) == (PRICE_VND, 0, 0)
    assert balance.returned_vnd == balance.received_vnd - PRICE_VND


async def test_a_silent_reader_ends_the_visit_only_where_there_is_no_other_way(folder: Path) -> None:
    alone, beside = _town(folder / "alone"), _town(folder / "beside", has_cash=True)
    for town in (alone, beside):
        assert town.reader
        town.reader.fault = PaymentReaderSilent()
    beside.notes = [5_000]
    assert (await _one_visit(alone))[0].code == "NOT_PAYABLE"
    assert (await _one_visit(beside, Way.CARD))[0].code == "HANDED_OVER"


async def test_the_screen_lists_the_ways_and_what_the_chosen_one_needs(folder: Path) -> None:
    town = _town(folder, APPROVED, has_cash=True)
    town.notes = []
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        transport = httpx.ASGITransport(Screen(kiosk, _nobody).app())
        async with httpx.AsyncClient(transport=transport, base_url="http://kiosk") as client:
            early = await client.post(f"/visits/{visit.id}/pay", json={"way": "card"})
            running = asyncio.create_task(town.go_on(kiosk, visit.id))
            while not (seen := (await client.get(f"/visits/{visit.id}")).json()["pay"]) or not seen["welcome_vnd"]:
                await asyncio.sleep(AGAIN_S)
            wrong = await client.post(f"/visits/{visit.id}/pay", json={"way": "transfer"})
            nonsense = await client.post(f"/visits/{visit.id}/pay", json={"way": "barter"})
            await client.post(f"/visits/{visit.id}/pay", json={"way": "card"})
            ending = await running
    assert (early.status_code, wrong.status_code, nonsense.status_code) == (409, 409, 422)
    assert [(way["way"], way["is_chosen"]) for way in seen["ways"]] == [("cash", True), ("card", False)]
    assert (seen["due_vnd"], seen["gives_change"], seen["code"]) == (PRICE_VND, True, None)
    assert ending.code == "HANDED_OVER"


async def _nobody(_order: object) -> str:
    raise AssertionError("no second visit is started")


async def _first_boot(town: Town, power: Power) -> None:
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
    async with town.kiosk(power) as kiosk:
        await town.go_on(kiosk, visit.id)


async def _next_boot(town: Town) -> tuple[str, dict[str, int]]:
    async with town.kiosk() as kiosk:
        await town.after_restart(kiosk)
        assert not await kiosk.ledger.journal.open_visits()
        (visit,) = await kiosk.ledger.journal.visits_closed_since(datetime(2026, 1, 1, tzinfo=UTC))
        totals = dict(await kiosk.ledger.money.totals())
        assert sum(totals.values()) == 0
        return visit.id, totals


@pytest.mark.parametrize("officer", ["certified", "refused"])
def test_power_cut_at_every_moment_charges_a_card_once_or_not_at_all(folder: Path, officer: str) -> None:
    whole, power = _town(folder / "whole", APPROVED, officer=officer), Power()
    asyncio.run(_first_boot(whole, power))
    for moment in range(1, power.moments + 1):
        town = _town(folder / str(moment), APPROVED, APPROVED, officer=officer)
        with contextlib.suppress(PowerCut):
            asyncio.run(_first_boot(town, Power(dies_at=moment)))
        _, totals = asyncio.run(_next_boot(town))
        captured, given_back, lost = _sums(town)
        assert town.reader and town.reader.sum_vnd(APPROVED) == 0, moment
        assert lost == 0, moment
        assert totals.get("card", 0) == captured == (PRICE_VND if officer == "certified" else 0), moment
        assert totals.get("held", 0) + totals.get("reversed", 0) == 0, moment
        assert given_back in ((0,) if officer == "certified" else (PRICE_VND,)), moment
        (settled,) = town.hub.told(SettledFact)
        assert settled.kept_vnd == captured, moment
