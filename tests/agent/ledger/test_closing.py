"""Closing the cash: the books of a period beside the devices' own count."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.ledger.closing import Closings
from agent.ledger.ledger import Ledger
from contract.clock import SimulatedClock

FLOAT_VND = 100_000


@pytest.fixture
async def ledger(folder: Path, clock: SimulatedClock) -> AsyncIterator[Ledger]:
    ledger = await Ledger.open(folder, clock)
    yield ledger
    await ledger.close()


@pytest.fixture
def closings(ledger: Ledger, clock: SimulatedClock) -> Closings:
    return Closings(ledger.database, clock, first_change_vnd=FLOAT_VND)


async def _one_visit(ledger: Ledger, visit: str, clock: SimulatedClock) -> None:
    """10,000 in, 6,000 kept, 3,000 out, 1,000 as a voucher."""
    clock.advance(1)
    await ledger.money.receive(visit, f"cash/1/{visit}", 10_000)
    await ledger.money.owe(visit, f"{visit}/owe", 4_000)
    await ledger.money.give_back(visit, f"{visit}/back", 3_000)
    await ledger.money.vouch(visit, f"{visit}/voucher", 1_000)
    await ledger.money.earn(visit, f"{visit}/earn", fee_vnd=4_000, print_vnd=2_000)


async def test_a_period_says_whose_the_money_is_and_agrees_with_the_machine(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    report = await closings.report(held_vnd=FLOAT_VND + 7_000)
    assert (report.received_vnd, report.returned_vnd) == (10_000, 3_000)
    assert (report.fee_vnd, report.print_vnd, report.vouchers_given_vnd) == (4_000, 2_000, 1_000)
    assert (report.expected_vnd, report.difference_vnd, report.open_vnd) == (FLOAT_VND + 7_000, 0, 0)


async def test_a_note_that_somebody_fished_out_is_named_to_the_dong(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    assert (await closings.report(held_vnd=FLOAT_VND + 7_000 - 10_000)).difference_vnd == -10_000


async def test_the_next_period_begins_with_what_the_collector_left(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    first = await closings.close("thu-ngan-1", held_vnd=FLOAT_VND + 7_000, left_vnd=50_000)
    assert (first.number, first.collected_vnd) == (1, 57_000)
    await _one_visit(ledger, "2", clock)
    report = await closings.report(held_vnd=57_000)
    assert (report.left_before_vnd, report.received_vnd, report.difference_vnd) == (50_000, 10_000, 0)
    second = await closings.close("thu-ngan-2", held_vnd=57_000, left_vnd=50_000)
    assert second.number == 2 and await closings.last() == second


async def test_money_of_a_visit_under_way_is_told_apart(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await ledger.money.receive("1", "cash/1/1", 5_000)
    report = await closings.report(held_vnd=FLOAT_VND + 5_000)
    assert (report.open_vnd, report.difference_vnd) == (5_000, 0)
