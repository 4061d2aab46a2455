"""Money that waits for a person: listed, settled with a reason, booked once, told to the hub once."""

import asyncio

import pytest
from kiosk_doubles import ONE_COPY, PRICE_VND, Town
from starlette.testclient import TestClient

from agent.journeys import collection, settling
from agent.journeys.parts import Kiosk
from agent.journeys.pins import Pins, hashed
from agent.journeys.recovery import start
from agent.ledger.settling import NothingThere, Why, WrongKind
from agent.screen.api import Screen
from agent.screen.cash_desk import CashDesk
from contract.messages import Found, PrintOutcome, SettledByHandFact

BY, PIN, WHY = "Lê Văn Mẫu", "20261127", "Phiếu chi số 7"


async def _unknown_print(town: Town, kiosk: Kiosk) -> str:
    """Let a visit end with a print of which nobody knows; return it."""
    town.printer.outcomes = [PrintOutcome.UNKNOWN]
    visit = await start(kiosk, ONE_COPY)
    assert (await town.go_on(kiosk, visit.id)).code == "PRINT_UNKNOWN"
    return visit.id


async def _sums_to_zero(kiosk: Kiosk) -> bool:
    return sum((await kiosk.ledger.money.totals()).values()) == 0


async def test_money_given_back_at_the_counter_leaves_the_list_and_is_told_to_the_hub_once(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await _unknown_print(town, kiosk)
        (waits,) = await kiosk.ledger.settlements.unsettled()
        assert (waits.visit, waits.left_vnd, waits.why) == (visit, PRICE_VND, {Why.ORDER: PRICE_VND})
        await settling.settle(kiosk, visit, None, Found.RETURNED, WHY, BY)
        assert await kiosk.ledger.settlements.unsettled() == [] and await _sums_to_zero(kiosk)
        balance = await kiosk.ledger.money.balance(visit)
        assert (balance.received_vnd, balance.returned_vnd, balance.unknown_vnd) == (5_000, 5_000, 0)
        with pytest.raises(NothingThere):
            await settling.settle(kiosk, visit, None, Found.RETURNED, WHY, BY)
        await settling.tell_all(kiosk)
    (told,) = town.hub.told(SettledByHandFact)
    assert (told.visit, told.amount_vnd, told.found, told.reason, told.decided_by) == (
        visit, PRICE_VND, Found.RETURNED, WHY, BY,
    )  # fmt: skip


async def test_copy_that_had_come_out_is_earned_fee_and_print_apart(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await _unknown_print(town, kiosk)
        await settling.settle(kiosk, visit, 2_000, Found.FEE, WHY, BY)
        await settling.settle(kiosk, visit, None, Found.PRINT, WHY, BY)
        totals = await kiosk.ledger.money.totals()
    assert (totals["fee"], totals["print"], totals["unknown"]) == (-2_000, -1_000, 0)


async def test_what_does_not_fit_is_refused_and_nothing_is_booked(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await _unknown_print(town, kiosk)
        for found in (Found.CAME_OUT, Found.NEVER_IN, Found.NOT_HELD):
            with pytest.raises(WrongKind):
                await settling.settle(kiosk, visit, None, found, WHY, BY)
        with pytest.raises(NothingThere):
            await settling.settle(kiosk, visit, PRICE_VND + 1, Found.RETURNED, WHY, BY)
        (waits,) = await kiosk.ledger.settlements.unsettled()
    assert waits.left_vnd == PRICE_VND and town.hub.told(SettledByHandFact) == []


async def test_visit_under_way_is_not_a_person_s_yet(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await start(kiosk, ONE_COPY)
        await kiosk.ledger.money.receive_uncertain(visit.id, "cash/9/1", 10_000)
        assert await kiosk.ledger.settlements.unsettled() == []
        with pytest.raises(NothingThere):
            await settling.settle(kiosk, visit.id, None, Found.RETURNED, WHY, BY)


@pytest.mark.parametrize("is_collected", [False, True])
async def test_note_that_was_never_in_corrects_the_collection_that_it_belongs_to_and_no_other(
    town: Town, is_collected: bool
) -> None:
    async with town.kiosk() as kiosk:
        await _collect(kiosk)
        await kiosk.ledger.money.receive_uncertain("gone", "cash/9/1", 10_000)
        assert (await collection.report(kiosk)).difference_vnd == -10_000
        if is_collected:
            await _collect(kiosk)
            assert (await collection.report(kiosk)).difference_vnd == 0
        await settling.settle(kiosk, "gone", None, Found.NEVER_IN, WHY, BY)
        assert (await collection.report(kiosk)).difference_vnd == 0
        assert (await kiosk.ledger.money.totals())["box"] == 0


async def test_payout_that_had_come_out_after_all_is_booked_as_paid(town: Town) -> None:
    async with town.kiosk() as kiosk:
        money = kiosk.ledger.money
        await money.receive("paid", "cash/9/1", 5_000)
        await money.owe("paid", "owe", 5_000)
        await money.leave_payout_to_a_person("paid", "payout", 5_000)
        await settling.settle(kiosk, "paid", 3_000, Found.CAME_OUT, WHY, BY)
        with pytest.raises(WrongKind):
            await settling.settle(kiosk, "paid", 2_000, Found.NEVER_IN, WHY, BY)
        await settling.settle(kiosk, "paid", 2_000, Found.RETURNED, WHY, BY)
        balance = await money.balance("paid")
    assert (balance.returned_vnd, balance.unknown_vnd) == (5_000, 0)


async def test_power_cut_between_booking_and_message_tells_the_hub_after_the_restart(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await _unknown_print(town, kiosk)
        await kiosk.ledger.settlements.settle(visit, None, Found.RETURNED, WHY, BY)
    for _ in range(2):
        async with town.kiosk() as kiosk:
            await settling.tell_all(kiosk)
    assert len(town.hub.told(SettledByHandFact)) == 1


async def test_desk_lists_and_settles_for_who_has_the_pin_only(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = await _unknown_print(town, kiosk)
        desk = CashDesk(kiosk, Pins({BY: hashed(PIN)}, town.clock))
        client = TestClient(Screen(kiosk, lambda _: asyncio.sleep(0, ""), desk.routes()).app())
        word = {"collector": BY, "pin": PIN, "visit": visit, "found": "returned", "reason": WHY}
        for wrong, status in (({"pin": "1"}, 409), ({"found": "lost"}, 422), ({"reason": ""}, 422)):
            assert client.post("/cash/settle", json=word | wrong).status_code == status
        listed = client.post("/cash/unsettled", json={"collector": BY, "pin": PIN}).json()
        assert [each["left_vnd"] for each in listed["unsettled"]] == [PRICE_VND]
        assert client.post("/cash/settle", json=word).json()["amount_vnd"] == PRICE_VND
        refused = client.post("/cash/settle", json=word)
    assert refused.status_code == 409 and "tram cash unsettled" in refused.json()["remedy"]


async def _collect(kiosk: Kiosk) -> None:
    await collection.begin(kiosk, BY)
    await collection.finish(kiosk)
