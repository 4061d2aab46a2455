"""Cards through our firmware in simavr, judged by the record of the bank behind the simulated reader."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cash_rig import SPEED, until_async, well

from agent.devices.cashless import MdbCashless, SaleState, SimulatedCashless, Wanted
from agent.devices.control_board import ControlBoard
from agent.devices.errors import (
    ControlBoardUnreachable,
    PaymentReaderBusy,
    PaymentReaderFailed,
    PaymentReaderKeepsAll,
    PaymentReaderSilent,
)
from agent.devices.status import DeviceState
from contract.clock import Clock, Deadline, SimulatedClock, SystemClock
from provisioning.onebox.cash_machines import CashStandIn
from tests.beside import beside
from tests.machine_clock import MachineClock

pytestmark = [
    pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]

PRICE_VND, FUNDS_VND = 15_000, 100_000


async def always() -> bool:
    return True


class QuickClock(SystemClock):
    """Goes as fast as the machines may, and goes on while no board drives them."""

    def monotonic(self) -> float:
        return float(super().monotonic() * SPEED)

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / SPEED)


@dataclass
class Rig:
    """One kiosk's card reader and its bank."""

    machines: CashStandIn
    card: MdbCashless
    clock: Clock

    async def do(self, verb: str, **arguments: Any) -> Any:
        return await asyncio.to_thread(self.machines.do, verb, **arguments)

    def soon(self, seconds: float = 60.0) -> Deadline:
        return Deadline.after(self.clock, seconds)

    async def bank(self) -> tuple[int, int]:
        """What the bank holds, and what the merchant has."""
        reader = (await self.do("look"))["cashless"]
        return reader["held_vnd"], reader["captured_vnd"]

    async def present(self) -> None:
        """Hold a card out, again where its session came to nothing, until the reader asks the bank."""

        async def is_asked() -> bool:
            if (await self.do("look"))["cashless"]["state"] != "vend":
                await self.do("present_card", funds_vnd=FUNDS_VND)
            return bool((await self.do("look"))["cashless"]["state"] == "vend")

        await until_async(is_asked)

    async def pay(self, key: str, wanted: Wanted = always) -> SaleState:
        """Ask for a card and hold one out for as long as it is asked for."""

        async def hold_out() -> None:
            while True:  # a session may come to nothing after the bank was asked, too
                await self.present()
                await asyncio.sleep(0.2)

        presenting = asyncio.create_task(hold_out())
        try:
            return await self.card.ask(key, PRICE_VND, self.soon(), wanted)
        finally:
            presenting.cancel()
            await asyncio.gather(presenting, return_exceptions=True)

    async def plug_in(self) -> None:
        """Give the reader power where it has none (else it would begin anew), and an easy bank."""
        if not (await self.do("look"))["cashless"]["powered"]:
            await self.do("power", device="cashless", action="on")
        await self.do("bank_says", verdict="approve", answer_ms=300)
        await until_async(lambda: _is(self, DeviceState.READY))
        await until_async(self.holds_nothing)

    async def holds_nothing(self) -> bool:
        return (await self.bank())[0] == 0

    async def approved(self, key: str) -> None:
        assert await self.pay(key) is SaleState.APPROVED


@asynccontextmanager
async def agent_at(machines: CashStandIn, book: Path, *, own_time: bool = False) -> AsyncIterator[Rig]:
    """An agent's reader; leaving is what a kill does. The machines' time stands still without a board."""
    machine_time = MachineClock(machines.control)
    clock: Clock = QuickClock() if own_time else machine_time
    board = ControlBoard(str(machines.port), clock)
    try:
        async with beside(board.run(well)):
            yield Rig(machines, MdbCashless(board, clock, book), clock)
    finally:
        machine_time.close()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CashStandIn]:
    with CashStandIn(tmp_path_factory.mktemp("cash"), speed=SPEED) as running:
        yield running


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "cards.json"


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A key of this test alone: the board remembers."""
    return f"VISIT/{request.node.name}"


@pytest.fixture
async def rig(machines: CashStandIn, book: Path) -> AsyncIterator[Rig]:
    if not machines.board_is_plugged:
        machines.plug_board()
    async with agent_at(machines, book) as rig:
        await rig.plug_in()
        yield rig
        await rig.do("take_card")


async def _is(rig: Rig, state: DeviceState) -> bool:
    return (await rig.card.status()).state is state


async def _gained(rig: Rig, deed: Callable[[], Awaitable[object]]) -> tuple[int, int]:
    """What the bank holds, and what the merchant has got by a deed."""
    before = (await rig.bank())[1]
    await deed()
    held, captured = await rig.bank()
    return held, captured - before


async def test_a_sale_is_held_then_captured_once_for_its_key(rig: Rig, key: str) -> None:
    held, _ = await _gained(rig, lambda: rig.approved(key))
    assert held == PRICE_VND

    async def commit_again_and_again() -> None:
        for _ in range(2):
            assert await rig.card.settle(key, rig.soon(), commit=True) is SaleState.COMMITTED
            assert await rig.card.ask(key, PRICE_VND, rig.soon(), always) is SaleState.COMMITTED
        assert await rig.card.settle(key, rig.soon(), commit=False) is SaleState.COMMITTED

    assert await _gained(rig, commit_again_and_again) == (0, PRICE_VND)


async def test_a_reversed_sale_leaves_everything_with_the_card(rig: Rig, key: str) -> None:
    await rig.approved(key)

    async def reverse() -> None:
        assert await rig.card.settle(key, rig.soon(), commit=False) is SaleState.REVERSED
        assert await rig.card.settle(key, rig.soon(), commit=True) is SaleState.REVERSED, "the first word counts"

    assert await _gained(rig, reverse) == (0, 0)


@pytest.mark.parametrize("verdict", ["decline", "silent", "approve_unheard"])
async def test_what_the_bank_does_not_grant_is_denied_and_nothing_stays_held(rig: Rig, key: str, verdict: str) -> None:
    await rig.do("bank_says", verdict=verdict, answer_ms=300)
    assert await rig.pay(key) is SaleState.DENIED
    await until_async(rig.holds_nothing)
    assert await rig.card.settle(key, rig.soon(), commit=True) is SaleState.DENIED


async def test_a_citizen_who_changes_their_mind_before_the_card_is_charged_nothing(rig: Rig, key: str) -> None:
    async def never() -> bool:
        return False

    async def ask_in_vain() -> None:
        assert await rig.card.ask(key, PRICE_VND, rig.soon(), never) is SaleState.DENIED
        await rig.do("present_card", funds_vnd=FUNDS_VND)
        await until_async(lambda: _shut(rig))

    assert await _gained(rig, ask_in_vain) == (0, 0)
    assert await rig.do("present_card", funds_vnd=FUNDS_VND) == "ignored"


async def _shut(rig: Rig) -> bool:
    return bool((await rig.do("look"))["cashless"]["state"] == "disabled")


async def test_a_card_that_nobody_presents_in_time_charges_nothing(rig: Rig, key: str) -> None:
    assert await rig.card.ask(key, PRICE_VND, rig.soon(2.0), always) is SaleState.DENIED


async def test_an_approval_that_crosses_the_withdrawal_goes_back(rig: Rig, key: str) -> None:
    is_presented = asyncio.Event()

    async def until_presented() -> bool:
        return not is_presented.is_set()

    async def present_and_leave() -> None:
        await rig.present()
        await until_async(lambda: _holds(rig))
        is_presented.set()

    asked, _ = await asyncio.gather(rig.card.ask(key, PRICE_VND, rig.soon(), until_presented), present_and_leave())
    if asked is SaleState.APPROVED:
        assert await rig.card.settle(key, rig.soon(), commit=False) is SaleState.REVERSED
    await until_async(rig.holds_nothing)


async def _holds(rig: Rig) -> bool:
    return (await rig.bank())[0] > 0


async def test_a_reader_that_loses_power_amid_a_held_sale_makes_it_unknown(rig: Rig, key: str) -> None:
    await rig.approved(key)
    await rig.do("power", device="cashless", action="cycle")
    assert await rig.card.settle(key, rig.soon(300), commit=True) is SaleState.UNKNOWN
    assert await rig.card.ask(key, PRICE_VND, rig.soon(), always) is SaleState.UNKNOWN


async def test_a_reader_that_is_reset_before_it_approved_has_charged_nothing(rig: Rig, key: str) -> None:
    await rig.do("bank_says", verdict="approve", answer_ms=60_000)

    async def cut() -> None:
        await rig.present()
        await rig.do("power", device="cashless", action="cycle")

    asked, _ = await asyncio.gather(rig.card.ask(key, PRICE_VND, rig.soon(), always), cut())
    assert asked is SaleState.DENIED and await rig.holds_nothing()


async def test_a_held_sale_outlives_the_agent_and_keeps_others_waiting(rig: Rig, book: Path, key: str) -> None:
    await rig.approved(key)
    with pytest.raises(PaymentReaderBusy):
        await rig.card.ask(f"{key}/other", PRICE_VND, rig.soon(), always)


async def test_agent_and_board_may_die_between_approval_and_commit(machines: CashStandIn, book: Path, key: str) -> None:
    async with agent_at(machines, book) as rig:
        await rig.plug_in()
        await rig.approved(key)
    machines.unplug_board()
    machines.plug_board()
    async with agent_at(machines, book) as rig:
        assert await rig.card.ask(key, PRICE_VND, rig.soon(), always) is SaleState.APPROVED
        assert await _gained(rig, lambda: rig.card.settle(key, rig.soon(), commit=True)) == (0, PRICE_VND)


async def test_a_commit_that_finds_no_board_is_done_when_the_board_is_back(
    machines: CashStandIn, book: Path, key: str
) -> None:
    async with agent_at(machines, book, own_time=True) as rig:
        await rig.plug_in()
        await rig.approved(key)
        before = (await rig.bank())[1]
        machines.unplug_board()
        assert await rig.card.settle(key, rig.soon(0.5), commit=True) is SaleState.APPROVED
        machines.plug_board()

        async def captured() -> bool:
            return await rig.bank() == (0, before + PRICE_VND)

        await until_async(captured)


async def test_a_held_sale_that_no_book_knows_goes_back_to_its_card(
    machines: CashStandIn, book: Path, key: str
) -> None:
    async with agent_at(machines, book) as rig:
        await rig.plug_in()
        captured = (await rig.bank())[1]
        await rig.approved(key)
        assert await rig.bank() == (PRICE_VND, captured)
    book.unlink()
    async with agent_at(machines, book) as rig:
        await rig.plug_in()
        assert await rig.bank() == (0, captured)


async def test_a_reader_that_can_t_give_money_back_sells_nothing(rig: Rig, key: str) -> None:
    await rig.do("set_refunds", able=False)
    await until_async(lambda: _says(rig, PaymentReaderKeepsAll.remedy))
    with pytest.raises(PaymentReaderKeepsAll):
        await rig.card.ask(key, PRICE_VND, rig.soon(), always)
    await rig.do("set_refunds", able=True)
    await until_async(lambda: _is(rig, DeviceState.READY))


async def test_an_absent_or_broken_reader_is_named_with_its_remedy(rig: Rig, key: str) -> None:
    await rig.do("break_down", code=3)
    await until_async(lambda: _is(rig, DeviceState.DOWN))
    assert (await rig.card.status()).remedy == PaymentReaderFailed.remedy
    await rig.do("power", device="cashless", action="off")
    await until_async(lambda: _says(rig, PaymentReaderSilent.remedy))
    with pytest.raises(PaymentReaderSilent):
        await rig.card.ask(key, PRICE_VND, rig.soon(), always)


async def _says(rig: Rig, remedy: str) -> bool:
    return (await rig.card.status()).remedy == remedy


async def test_without_a_board_no_sale_is_begun(tmp_path: Path, book: Path, clock: SimulatedClock) -> None:
    board = ControlBoard(str(tmp_path / "nothing"), clock)
    card = MdbCashless(board, clock, book)
    assert (await card.status()).state is DeviceState.DOWN
    with pytest.raises(ControlBoardUnreachable):
        await card.ask("VISIT/card 1", PRICE_VND, Deadline.after(clock, 1.0), always)
    assert not book.exists()


async def test_simulated_reader_keeps_the_same_promises() -> None:
    reader, soon = SimulatedCashless(), Deadline.after(SystemClock(), 1.0)
    reader.verdicts = [SaleState.APPROVED, SaleState.APPROVED]
    assert await reader.ask("a", 1_000, soon, always) is SaleState.APPROVED
    assert await reader.settle("a", soon, commit=False) is SaleState.REVERSED
    assert await reader.settle("a", soon, commit=True) is SaleState.REVERSED
    assert await reader.ask("b", 1_000, soon, always) is SaleState.APPROVED
    reader.lose_power()
    assert await reader.settle("b", soon, commit=True) is SaleState.UNKNOWN
    assert await reader.ask("c", 1_000, soon, always) is SaleState.DENIED
