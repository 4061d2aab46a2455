"""Closing the cash: the books of a period beside the devices' own count."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.ledger.closing import Closings, Held, NoCollectionOpen, PayoutUnderWay
from agent.ledger.ledger import Ledger
from contract.clock import SimulatedClock

FLOAT_VND = 100_000


def held(cassette_vnd: int, tubes_vnd: int = FLOAT_VND) -> Held:
    return Held(tubes_vnd=tubes_vnd, cassette_vnd=cassette_vnd)


@pytest.fixture
async def ledger(folder: Path, clock: SimulatedClock) -> AsyncIterator[Ledger]:
    ledger = await Ledger.open(folder, clock)
    yield ledger
    await ledger.close()


@pytest.fixture
async def closings(ledger: Ledger, clock: SimulatedClock) -> Closings:
    """A kiosk whose first collection was made when its tubes were filled."""
    await ledger.closings.begin("thu-ngan-1", held(0, 0))
    await ledger.closings.finish(held(0))
    clock.advance(1)
    return ledger.closings


async def _one_visit(ledger: Ledger, visit: str, clock: SimulatedClock) -> None:
    """10,000 in, 6,000 kept, 3,000 out, 1,000 as a voucher."""
    clock.advance(1)
    await ledger.money.receive(visit, f"cash/1/{visit}", 10_000)
    await ledger.money.owe(visit, f"{visit}/owe", 4_000)
    await ledger.money.give_back(visit, f"{visit}/back", 3_000)
    await ledger.money.vouch(visit, f"{visit}/voucher", 1_000)
    await ledger.money.earn(visit, f"{visit}/earn", fee_vnd=4_000, print_vnd=2_000)


AFTER_ONE_VISIT = Held(tubes_vnd=FLOAT_VND - 3_000, cassette_vnd=10_000)


async def test_a_period_says_whose_the_money_is_and_agrees_with_the_machine(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    report = await closings.report(AFTER_ONE_VISIT)
    assert (report.received_vnd, report.returned_vnd) == (10_000, 3_000)
    assert (report.fee_vnd, report.print_vnd, report.vouchers_given_vnd) == (4_000, 2_000, 1_000)
    assert (report.expected_vnd, report.difference_vnd, report.open_vnd) == (FLOAT_VND + 7_000, 0, 0)


async def test_a_note_that_somebody_fished_out_is_named_to_the_dong(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    assert (await closings.report(held(0, FLOAT_VND - 3_000))).difference_vnd == -10_000


async def test_the_first_period_takes_from_the_devices_what_was_filled_in_and_says_so(ledger: Ledger) -> None:
    report = await ledger.closings.report(held(0))
    assert (report.since, report.left_before_vnd, report.difference_vnd) == (None, FLOAT_VND, 0)


async def test_the_next_period_begins_with_what_the_collector_left(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    await closings.begin("thu-ngan-1", AFTER_ONE_VISIT)
    first = await closings.finish(held(0, 50_000))
    assert (first.number, first.collected_vnd) == (2, 57_000)
    await _one_visit(ledger, "2", clock)
    report = await closings.report(held(10_000, 47_000))
    assert (report.left_before_vnd, report.received_vnd, report.difference_vnd) == (50_000, 10_000, 0)
    await closings.begin("thu-ngan-2", held(10_000, 47_000))
    second = await closings.finish(held(0, 50_000))
    assert second.number == 3 and await closings.last() == second


async def test_what_moves_between_count_and_end_of_a_collection_belongs_to_the_next_and_makes_no_difference(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await closings.begin("thu-ngan-1", held(0))
    await _one_visit(ledger, "1", clock)
    closing = await closings.finish(AFTER_ONE_VISIT)
    assert (closing.report.received_vnd, closing.collected_vnd) == (0, 0)
    report = await closings.report(AFTER_ONE_VISIT)
    assert (report.received_vnd, report.difference_vnd) == (10_000, 0)


async def test_a_collection_that_was_begun_stays_as_it_was_counted_until_it_is_finished(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    begun = await closings.begin("thu-ngan-1", AFTER_ONE_VISIT)
    assert await closings.begin("thu-ngan-2", held(0, 0)) == begun
    await closings.finish(held(0))
    with pytest.raises(NoCollectionOpen):
        await closings.finish(held(0))


async def test_nothing_is_closed_while_money_is_handed_out(ledger: Ledger, closings: Closings) -> None:
    await ledger.money.receive("1", "cash/1/1", 10_000)
    await ledger.money.owe("1", "1/owe", 4_000)
    with pytest.raises(PayoutUnderWay):
        await closings.begin("thu-ngan-1", held(10_000))


async def test_money_of_a_visit_under_way_is_told_apart(ledger: Ledger, closings: Closings) -> None:
    await ledger.money.receive("1", "cash/1/1", 5_000)
    report = await closings.report(held(5_000))
    assert (report.open_vnd, report.difference_vnd) == (5_000, 0)


async def test_change_given_is_told_for_the_visits_that_paid_with_cash(ledger: Ledger, clock: SimulatedClock) -> None:
    await _one_visit(ledger, "1", clock)
    clock.advance(1)
    await ledger.money.receive("2", "cash/1/2", 3_000)
    await ledger.money.take_voucher("3", "voucher/3", 3_000)
    assert await ledger.money.changes_given(10) == [3_000, 0]
    assert await ledger.money.changes_given(1) == [0]


async def test_what_is_inside_by_the_books_is_known_without_the_devices(
    ledger: Ledger, closings: Closings, clock: SimulatedClock
) -> None:
    assert (await closings.inside()).vnd == FLOAT_VND
    await _one_visit(ledger, "1", clock)
    assert (await closings.inside()).vnd == FLOAT_VND + 7_000
    begun = await closings.begin("thu-ngan-1", AFTER_ONE_VISIT)
    cash = await closings.inside()
    assert (cash.vnd, cash.last, cash.is_being_collected) == (FLOAT_VND + 7_000, begun, True)
    await closings.finish(held(0, 0))
    cash = await closings.inside()
    assert (cash.vnd, cash.is_being_collected) == (0, False)


async def test_before_the_first_collection_only_what_came_and_went_is_inside_by_the_books(
    ledger: Ledger, clock: SimulatedClock
) -> None:
    await _one_visit(ledger, "1", clock)
    await ledger.money.receive_uncertain("2", "cash/1/2", 5_000)
    cash = await ledger.closings.inside()
    assert (cash.vnd, cash.unknown_vnd, cash.last) == (12_000, 5_000, None)
