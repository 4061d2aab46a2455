"""Lamp, lock, dispenser and switches on our firmware in simavr, and what becomes of them when the kiosk is not well."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from cash_rig import SPEED, until_async, well

from agent.devices.cabinet import BoardCabinet, Light, Quarter
from agent.devices.control_board import ControlBoard
from agent.devices.errors import CabinetTampered, DispenserJammed
from agent.devices.status import DeviceState
from provisioning.onebox.cash_machines import CashStandIn
from tests.beside import beside
from tests.machine_clock import MachineClock

pytestmark = [
    pytest.mark.skipif(not shutil.which("avr-gcc"), reason="avr-gcc is not installed"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]
RED = (255, 0, 0)


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CashStandIn]:
    with CashStandIn(tmp_path_factory.mktemp("cabinet"), speed=SPEED) as running:
        yield running


@pytest.fixture
async def ledger_stuck() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def cabinet(machines: CashStandIn, ledger_stuck: asyncio.Event) -> AsyncIterator[BoardCabinet]:
    clock = MachineClock(machines.control)
    board = ControlBoard(str(machines.port), clock)
    made = BoardCabinet(board, clock)

    async def ledger_answers() -> None:
        while ledger_stuck.is_set():
            await asyncio.sleep(0.02)
        await well()

    async with beside(board.run(ledger_answers)):
        await board.ready()
        yield made
    clock.close()


def lamp(machines: CashStandIn) -> tuple[int, ...]:
    outputs: dict[str, Any] = machines.do("look")["cabinet"]["outputs"]
    return tuple(outputs.get(f"lamp_{colour}", 0) for colour in "rgb")


async def shines(machines: CashStandIn, colour: tuple[int, ...]) -> None:
    async def does() -> bool:
        return lamp(machines) == colour

    await until_async(does)


async def test_a_quarter_of_the_ring_shines_alone_and_all_of_them_with_the_next_colour(
    machines: CashStandIn, cabinet: BoardCabinet
) -> None:
    async def fed() -> set[str]:
        outputs: dict[str, Any] = machines.do("look")["cabinet"]["outputs"]
        return {quarter for quarter in ("left", "right", "above", "below") if outputs.get(f"lamp_{quarter}")}

    await cabinet.shine(Quarter.LEFT | Quarter.ABOVE)
    await until_async(lambda: equals(fed, {"left", "above"}))
    await shines(machines, (255, 255, 255))
    await cabinet.show(Light.FREE)
    await until_async(lambda: equals(fed, {"left", "right", "above", "below"}))


async def equals(look: Callable[[], Awaitable[set[str]]], wanted: set[str]) -> bool:
    return await look() == wanted


async def test_lamp_shines_in_the_colour_ordered_and_again_after_a_reset_of_the_board(
    machines: CashStandIn, cabinet: BoardCabinet
) -> None:
    await cabinet.show(Light.FREE)
    await shines(machines, Light.FREE.value)
    machines.reset_board()
    await asyncio.sleep(0.3)
    await shines(machines, Light.FREE.value)


async def test_kiosk_whose_ledger_is_stuck_lets_the_lamp_turn_red_and_the_bolt_fall(
    machines: CashStandIn, cabinet: BoardCabinet, ledger_stuck: asyncio.Event
) -> None:
    await cabinet.show(Light.FREE)
    await cabinet.unlock(True)
    await until_async(lambda: _lock_is(machines, 1))
    ledger_stuck.set()
    await until_async(lambda: _lock_is(machines, 0))
    await shines(machines, RED)
    ledger_stuck.clear()
    await shines(machines, Light.FREE.value)
    await cabinet.unlock(False)


async def _lock_is(machines: CashStandIn, level: int) -> bool:
    return bool(machines.do("look")["cabinet"]["outputs"]["lock"] == level)


async def test_dispenser_gives_out_what_was_asked_for_and_says_when_it_is_stuck(
    machines: CashStandIn, cabinet: BoardCabinet
) -> None:
    before = machines.do("look")["cabinet"]["dispensed"]
    await cabinet.give_out(2)
    assert machines.do("look")["cabinet"]["dispensed"] == before + 2
    machines.do("jam_motor", jammed=True)
    with pytest.raises(DispenserJammed):
        await cabinet.give_out(1)
    assert (await cabinet.status()).remedy == DispenserJammed.remedy
    machines.do("jam_motor", jammed=False)
    await cabinet.give_out(1)
    assert (await cabinet.status()).state is DeviceState.READY


async def test_forced_door_is_one_line_for_the_technician(machines: CashStandIn, cabinet: BoardCabinet) -> None:
    assert machines.do("open_door") == "locked"
    machines.do("open_door", force=True)

    async def told() -> bool:
        return (await cabinet.status()).tampered

    await until_async(told)
    status = await cabinet.status()
    assert (status.state, status.door_open) == (DeviceState.ATTENTION, True)
    assert CabinetTampered.remedy in status.remedy
    machines.do("shut_door")
