"""Notes and coins through our firmware in simavr: what is welcome, what is credited, what comes out, and faults."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cash_rig import SPEED, Rig, agent_at, until_async

from agent.devices.errors import (
    ChangeEmpty,
    ControlBoardUnreachable,
    DeviceError,
    NoteCassetteFull,
    NoteCassetteOut,
    NoteJammed,
    NotesSilent,
)
from agent.devices.status import DeviceState
from provisioning.onebox.cash_machines import CashStandIn

TUBES = (500, 1_000, 2_000, 5_000)

pytestmark = [
    pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CashStandIn]:
    with CashStandIn(tmp_path_factory.mktemp("cash"), speed=SPEED) as running:
        yield running


@pytest.fixture
async def rig(machines: CashStandIn, tmp_path: Path) -> AsyncIterator[Rig]:
    """Every test begins with shut acceptors, empty trays and nothing unconfirmed."""
    if not machines.board_is_plugged:
        machines.plug_board()
    async with agent_at(machines, tmp_path / "book.json") as rig:
        await rig.cash.epoch()
        for credit in await rig.cash.credits(0):
            await rig.cash.confirm(credit.serial)
        await rig.do("take_tray")
        yield rig
        await rig.do("take_tray")


async def put_in(rig: Rig, verb: str, value_vnd: int, wanted: str) -> None:
    """Hold a piece out until the slot does with it what is wanted."""

    async def done() -> bool:
        said = await rig.do(verb, value_vnd=value_vnd)
        if said != wanted:
            await rig.do("take_tray")
        return said == wanted

    await until_async(done)


async def pay_in(rig: Rig, verb: str, value_vnd: int, count: int) -> None:
    """Put a piece in until there are `count` credits, again where it came back because the kiosk was slow."""
    wanted = {"insert_coin": "accepted", "insert_note": "drawn in"}[verb]
    await put_in(rig, verb, value_vnd, wanted)

    async def counted() -> bool:
        if await rig.do("tray"):
            await rig.do("take_tray")
            await put_in(rig, verb, value_vnd, wanted)
        return len(await rig.cash.credits(0)) >= count

    await until_async(counted)


async def test_note_and_coins_are_credited_and_change_comes_out(rig: Rig) -> None:
    before = await rig.counts()
    await rig.cash.accept(12_500)
    await pay_in(rig, "insert_coin", 500, 1)
    await pay_in(rig, "insert_note", 10_000, 2)
    await pay_in(rig, "insert_coin", 5_000, 3)
    assert await credited(rig) == 15_500
    await rig.cash.stop_accepting()
    serials = [credit.serial for credit in await rig.cash.credits(0)]
    await rig.cash.confirm(serials[-1])
    assert await rig.cash.dispense("visit/change", 3_000) == 3_000
    assert await rig.cash.dispense("visit/change", 3_000) == 3_000
    after = await rig.counts()
    assert after["tray"] == 3_000
    assert (
        after["cassette"] + after["tube"] + after["box"] - before["cassette"] - before["tube"] - before["box"] == 12_500
    )


async def test_note_above_the_rest_is_taken_with_change_in_the_tubes_and_comes_back_without(rig: Rig) -> None:
    for value in TUBES:
        await rig.do("empty_tube", value_vnd=value)
    await restart_board(rig)
    await rig.cash.accept(4_000)
    assert (await rig.cash.status()).remedy == ChangeEmpty.remedy
    await until_async(lambda: _enabled(rig, [1_000, 2_000]))
    await pay_in(rig, "insert_note", 2_000, 1)
    await rig.cash.confirm((await rig.cash.credits(0))[-1].serial)
    await rig.do("fill_tube", value_vnd=5_000, count=30)
    await rig.do("fill_tube", value_vnd=1_000, count=30)
    await restart_board(rig)
    await rig.cash.accept(2_000)
    await pay_in(rig, "insert_note", 20_000, 1)
    assert await credited(rig) == 20_000
    await rig.cash.stop_accepting()
    for value in TUBES:
        await rig.do("fill_tube", value_vnd=value, count=30)


async def test_notes_above_the_rest_are_welcome_again_once_the_changer_is_back(rig: Rig) -> None:
    for value in TUBES:
        await rig.do("fill_tube", value_vnd=value, count=30)
    await rig.do("power", device="coin_changer", action="off")
    await until_async(lambda: _state_is(rig, DeviceState.ATTENTION))
    assert (await rig.cash.status()).tubes is None
    await rig.cash.accept(2_000)
    await until_async(lambda: _enabled(rig, [1_000, 2_000]))
    await rig.do("power", device="coin_changer", action="on")
    await until_async(lambda: _enables(rig, 20_000))
    really: dict[str, int] = (await rig.do("look"))["coin_changer"]["tubes"]
    assert (await rig.cash.status()).tubes == {int(value): count for value, count in really.items()}
    await rig.cash.stop_accepting()


async def restart_board(rig: Rig) -> None:
    rig.machines.reset_board()
    await rig.clock.sleep(4)
    await rig.board.ready()


@pytest.mark.parametrize("after_s", [0.6, 1.4, 1.8, 2.3, 2.8])
async def test_board_that_is_reset_on_a_note_s_way_credits_it_exactly_if_it_lies_in_the_cassette(
    rig: Rig, after_s: float
) -> None:
    before = await rig.counts()
    await rig.cash.accept(20_000)
    await put_in(rig, "insert_note", 20_000, "drawn in")
    await rig.clock.sleep(after_s)
    rig.machines.reset_board()
    await rig.clock.sleep(7)
    await rig.cash.stop_accepting()
    after = await rig.counts()
    assert after["escrow"] == after["transport"] == 0
    assert await credited(rig) == after["cassette"] - before["cassette"]


async def credited(rig: Rig) -> int:
    return sum(credit.value_vnd for credit in await rig.cash.credits(0))


async def test_board_that_is_reset_amid_a_payout_pays_each_coin_once(rig: Rig) -> None:
    paying = asyncio.create_task(rig.cash.dispense("visit/return", 17_500))
    await rig.clock.sleep(1.5)
    rig.machines.reset_board()
    paid = await paying
    assert (await rig.counts())["tray"] == paid
    assert await rig.cash.dispense("visit/return", 17_500) == paid


async def test_unplugged_board_is_named_and_everything_goes_on_when_it_is_back(rig: Rig) -> None:
    rig.machines.unplug_board()
    await until_async(lambda: _state_is(rig, DeviceState.DOWN))
    assert (await rig.cash.status()).remedy == ControlBoardUnreachable.remedy
    rig.machines.plug_board()
    await rig.cash.accept(1_000)
    await pay_in(rig, "insert_coin", 1_000, 1)
    assert await credited(rig) == 1_000
    await rig.cash.stop_accepting()


async def _state_is(rig: Rig, state: DeviceState) -> bool:
    return (await rig.cash.status()).state is state


@pytest.mark.parametrize(
    ("break_it", "mend_it", "fault"),
    [
        (("remove_cassette", {}), ("put_cassette", {}), NoteCassetteOut),
        (
            ("power", {"device": "bill_validator", "action": "off"}),
            ("power", {"device": "bill_validator", "action": "on"}),
            NotesSilent,
        ),
    ],
)
async def test_fault_of_the_validator_is_one_line_and_coins_still_come_in(
    rig: Rig, break_it: tuple[str, dict[str, str]], mend_it: tuple[str, dict[str, str]], fault: type[DeviceError]
) -> None:
    await rig.do(break_it[0], **break_it[1])
    await until_async(lambda: _has_remedy(rig, fault.remedy))
    assert (await rig.cash.status()).state is DeviceState.ATTENTION
    await rig.cash.accept(1_000)
    await pay_in(rig, "insert_coin", 1_000, 1)
    assert await credited(rig) == 1_000
    await rig.cash.stop_accepting()
    await rig.do(mend_it[0], **mend_it[1])
    await until_async(lambda: _state_is(rig, DeviceState.READY))


async def test_jammed_note_is_no_credit_and_the_slot_is_shut_until_it_is_out(rig: Rig) -> None:
    await rig.do("jam_note", where="stacking")
    await rig.cash.accept(10_000)
    await put_in(rig, "insert_note", 10_000, "drawn in")
    await until_async(lambda: _has_remedy(rig, NoteJammed.remedy))
    assert await rig.cash.credits(0) == []
    assert await rig.do("clear_note_jam", to="tray") == {"10000": 1}
    await until_async(lambda: _state_is(rig, DeviceState.READY))
    await rig.clock.sleep(3)
    assert await _state_is(rig, DeviceState.READY)
    await rig.cash.stop_accepting()
    assert await rig.cash.credits(0) == []


async def test_cassette_that_was_filled_is_named_and_is_empty_again_once_it_was_out(rig: Rig) -> None:
    await rig.cash.accept(20_000)
    for count in (1, 2):
        await pay_in(rig, "insert_note", 10_000, count)
    await rig.cash.stop_accepting()
    status = await rig.cash.status()
    assert (status.state, status.remedy) == (DeviceState.ATTENTION, NoteCassetteFull.remedy)
    assert status.cassette_vnd == 20_000
    assert await rig.do("remove_cassette")
    await until_async(lambda: _has_remedy(rig, NoteCassetteOut.remedy))
    await rig.do("put_cassette")
    await until_async(lambda: _state_is(rig, DeviceState.READY))
    assert (await rig.cash.status()).cassette_vnd == 0


async def _has_remedy(rig: Rig, remedy: str) -> bool:
    return remedy in (await rig.cash.status()).remedy


async def _enables(rig: Rig, note_vnd: int) -> bool:
    return note_vnd in (await rig.do("look"))["bill_validator"]["enabled_vnd"]


async def _enabled(rig: Rig, notes_vnd: list[int]) -> bool:
    return bool((await rig.do("look"))["bill_validator"]["enabled_vnd"] == notes_vnd)
