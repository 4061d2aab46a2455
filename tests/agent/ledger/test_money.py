"""The cash book: all accounts together are zero, and no event counts twice."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.ledger.faults import BookedDifferently
from agent.ledger.ledger import Ledger
from agent.ledger.money import Money
from contract.clock import SimulatedClock

MOVES = ("receive", "owe", "give_back", "earn", "vouch", "leave_to_a_person")


async def _book(money: Money, move: str, ref: str, amount_vnd: int) -> None:
    if move == "earn":
        await money.earn("V1", ref, fee_vnd=amount_vnd - amount_vnd // 3, print_vnd=amount_vnd // 3)
    else:
        await getattr(money, move)("V1", ref, amount_vnd)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 500_000)), max_size=8))
def test_all_accounts_sum_to_zero_however_often_each_event_is_booked(
    folder: Path, clock: SimulatedClock, moves: list[tuple[str, int]]
) -> None:
    async def run(home: Path) -> None:
        ledger = await Ledger.open(home, clock)
        for repeat in range(2):
            for number, (move, amount_vnd) in enumerate(moves):
                await _book(ledger.money, move, f"event/{number}", amount_vnd)
            assert sum((await ledger.money.totals()).values()) == 0, repeat
        balance = await ledger.money.balance("V1")
        assert balance.received_vnd == sum(amount for move, amount in moves if move == "receive")
        claims = balance.escrow_vnd + balance.owed_vnd + balance.kept_vnd + balance.unknown_vnd + balance.voucher_vnd
        assert balance.received_vnd == balance.returned_vnd + claims
        await ledger.close()

    with TemporaryDirectory(dir=folder) as home:
        asyncio.run(run(Path(home)))


async def test_same_reference_with_another_amount_is_refused(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    await ledger.money.receive("V1", "cash/1/1", 5_000)
    with pytest.raises(BookedDifferently, match="cash/1/1"):
        await ledger.money.receive("V1", "cash/1/1", 10_000)
    with pytest.raises(BookedDifferently):
        await ledger.money.receive("V2", "cash/1/1", 5_000)
    assert (await ledger.money.balance("V1")).received_vnd == 5_000
    await ledger.close()


async def test_serials_of_another_epoch_are_not_taken_for_this_ones(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    await ledger.money.receive("V1", "cash/1/12", 5_000)
    await ledger.money.receive("V1", "cash/11/3", 5_000)
    assert [await ledger.money.last_serial(epoch) for epoch in (1, 11, 2)] == [12, 3, 0]
    await ledger.close()
