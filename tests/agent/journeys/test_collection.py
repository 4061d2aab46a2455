"""The collector's visit: counted, recorded, told to the hub once, on a slip; a difference is never hidden."""

import asyncio
from dataclasses import replace

import pytest
from kiosk_doubles import ONE_COPY, Town
from starlette.testclient import TestClient

from agent.devices.cash_box import CashBox
from agent.devices.errors import TicketPaperOut
from agent.journeys import collection
from agent.journeys.parts import Kiosk
from agent.journeys.pins import ATTEMPTS, SHUT_S, Pins, hashed
from agent.screen.api import Screen
from agent.screen.cash_desk import CashDesk
from agent.telemetry import telemetry
from contract.clock import SimulatedClock
from contract.messages import ClosingFact, PrintOutcome

COLLECTOR, PIN = "Lê Văn Mẫu", "20261127"


def _box(town: Town) -> CashBox:
    return CashBox(town.folder / "cash.json")


async def _after_commissioning(kiosk: Kiosk) -> None:
    await collection.begin(kiosk, COLLECTOR)
    await collection.finish(kiosk)


async def test_collection_after_a_visit_agrees_and_is_told_to_the_hub_with_a_slip(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await _after_commissioning(kiosk)
        await town.visit(kiosk, ONE_COPY)
        begun = await collection.begin(kiosk, COLLECTOR)
        assert (begun.report.fee_vnd, begun.report.print_vnd, begun.report.difference_vnd) == (2_000, 1_000, 0)
        taken_vnd = _box(town).take_cassette()
        fact, slip = await collection.finish(kiosk)
    assert (fact.number, fact.collected_vnd, slip) == (2, taken_vnd, PrintOutcome.PRINTED)
    assert [told.number for told in town.hub.told(ClosingFact)] == [1, 2]
    assert "closing-2" in " ".join(path.name for path in (town.folder / "slips").iterdir())


async def test_note_that_went_missing_stands_in_report_and_fact(town: Town) -> None:
    town.notes = [500_000]
    async with town.kiosk() as kiosk:
        await _after_commissioning(kiosk)
        await kiosk.ledger.money.receive("1", "cash/9/1", 10_000)
        assert (await collection.report(kiosk)).difference_vnd == -10_000
        await collection.begin(kiosk, COLLECTOR)
        fact, _ = await collection.finish(kiosk)
    assert fact.difference_vnd == -10_000


async def test_piece_that_the_box_told_late_is_in_the_books_before_they_are_compared(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await _after_commissioning(kiosk)
        _box(town).accept(5_000)
        assert _box(town).insert(5_000)
        report = await collection.report(kiosk)
    assert (report.unknown_vnd, report.difference_vnd) == (5_000, 0)


async def test_power_cut_between_record_and_message_tells_the_hub_after_the_restart_and_once(town: Town) -> None:
    async with town.kiosk() as kiosk:
        held = await collection._counted(kiosk)
        await kiosk.ledger.closings.begin(COLLECTOR, held)
        await kiosk.ledger.closings.finish(held)
    assert town.hub.told(ClosingFact) == []
    for _ in range(2):
        async with town.kiosk() as kiosk:
            await collection.tell_last(kiosk)
    assert [told.number for told in town.hub.told(ClosingFact)] == [1]


async def test_collection_that_was_begun_goes_on_after_a_restart_as_it_was_counted(town: Town) -> None:
    async with town.kiosk() as kiosk:
        begun = await collection.begin(kiosk, COLLECTOR)
    async with town.kiosk() as kiosk:
        assert await collection.begin(kiosk, "somebody else") == begun


async def test_nothing_is_counted_while_a_citizen_stands_there_or_the_machine_is_silent(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await kiosk.floor.acquire()
        with pytest.raises(collection.CitizenAtTheScreen):
            await collection.report(kiosk)
        kiosk.floor.release()
        _box(town).set_offline(True)
        with pytest.raises(collection.MachineNotCounted, match="does not answer"):
            await collection.begin(kiosk, COLLECTOR)
        assert await kiosk.ledger.closings.last() is None


async def test_slip_that_does_not_come_out_is_said(town: Town) -> None:
    town.ticket_fault = TicketPaperOut()
    async with town.kiosk() as kiosk:
        await collection.begin(kiosk, COLLECTOR)
        assert (await collection.finish(kiosk))[1] is PrintOutcome.NOT_PRINTED
        await collection.begin(kiosk, COLLECTOR)
        assert (await collection.finish(replace(kiosk, tickets=None)))[1] is None


async def test_local_api_asks_for_the_pin_and_shuts_after_too_many_wrong_ones(town: Town) -> None:
    async with town.kiosk() as kiosk:
        collectors = Pins({COLLECTOR: hashed(PIN)}, kiosk.clock)
        screen = Screen(kiosk, lambda _order: asyncio.sleep(0, ""), CashDesk(kiosk, collectors).routes())

        def said(deed: str, pin: str) -> tuple[int, dict[str, object]]:
            answer = TestClient(screen.app()).post(f"/cash/{deed}", json={"collector": COLLECTOR, "pin": pin})
            return answer.status_code, answer.json()

        code, refusal = await asyncio.to_thread(said, "report", "1")
        assert (code, refusal["cause"]) == (409, "name or PIN is wrong")
        for _ in range(ATTEMPTS - 1):
            await asyncio.to_thread(said, "begin", "2")
        assert (await asyncio.to_thread(said, "begin", PIN))[1]["cause"] == "the PIN was wrong too often"
        assert isinstance(kiosk.clock, SimulatedClock)
        kiosk.clock.advance(SHUT_S + 1)
        collectors.check(COLLECTOR, PIN)


async def test_telemetry_tells_what_will_run_out_and_for_how_many_visits_the_change_lasts(town: Town) -> None:
    async with town.kiosk() as kiosk:
        assert "visits_left" not in (await telemetry(kiosk)).vitals
        await town.visit(kiosk, ONE_COPY)
        vitals = (await telemetry(kiosk)).vitals
    held = _box(town).look()
    assert vitals["change_vnd"] == held.change_vnd and vitals["cassette_vnd"] == held.cassette_vnd
    assert vitals["visits_left"] == held.tubes[2_000] + held.tubes[1_000] // 2
    assert vitals["ticket_roll"] == 1.0
