"""A kiosk whose only cash is a ccTalk coin acceptor: named in kiosk.toml, exact money, every coin once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agent.config import build
from agent.devices.cash import Cash
from agent.devices.cash_cctalk import CcTalkCash
from agent.devices.errors import CoinAcceptorSilent
from agent.devices.status import DeviceState
from contract.clock import SystemClock
from contract.settings import SettingsFault
from firmware_bridge.board.peripherals.cctalk_acceptor import COINS_VND, CcTalkAcceptor
from firmware_bridge.board.peripherals.record import Place, Record


@pytest.fixture
def record() -> Record:
    return Record()


@pytest.fixture
def machine(record: Record) -> Iterator[CcTalkAcceptor]:
    with CcTalkAcceptor(record, clock=lambda: 100.0) as acceptor:  # its watchdog sleeps
        yield acceptor


def _built(machine: CcTalkAcceptor, folder: Path, **options: object) -> CcTalkCash:
    """The device as kiosk.toml's [cash] names it: TOML's keys are text."""
    table = {
        "class": "agent.devices.cash_cctalk.CcTalkCash",
        "port": machine.port,
        "book": "coins.json",
        "coins_vnd": {str(channel): value for channel, value in COINS_VND.items()},
    } | options
    cash = build("cash", table, Cash, base=folder, clock=SystemClock())  # type: ignore[type-abstract]
    assert isinstance(cash, CcTalkCash)
    return cash


@pytest.fixture
async def cash(machine: CcTalkAcceptor, tmp_path: Path) -> AsyncIterator[CcTalkCash]:
    cash = _built(machine, tmp_path)
    await cash.credits(0)
    yield cash


async def test_coins_are_credited_once_and_none_above_the_rest_is_let_in(
    cash: CcTalkCash, machine: CcTalkAcceptor
) -> None:
    await cash.accept(3_000)
    assert (await cash.status()).welcome_vnd == (500, 1_000, 2_000)
    assert machine.insert_cctalk_coin(5_000) != "accepted"
    assert machine.insert_cctalk_coin(2_000) == "accepted"
    assert [credit.value_vnd for credit in await cash.credits(0)] == [2_000]
    assert machine.insert_cctalk_coin(2_000) != "accepted", "only 1,000 are due"
    assert machine.insert_cctalk_coin(1_000) == "accepted"
    credits = await cash.credits(0)
    assert [(credit.serial, credit.value_vnd) for credit in credits] == [(1, 2_000), (2, 1_000)]
    assert not (await cash.status()).accepting
    await cash.confirm(1)
    assert [credit.serial for credit in await cash.credits(0)] == [2]


async def test_it_says_that_it_gives_no_change_and_pays_nothing_out(cash: CcTalkCash) -> None:
    status = await cash.status()
    assert (status.state, status.gives_change, status.change_vnd) == (DeviceState.READY, False, 0)
    assert await cash.dispense("VISIT/change", 500) == 0


async def test_a_restart_neither_loses_nor_doubles_a_coin(
    cash: CcTalkCash, machine: CcTalkAcceptor, tmp_path: Path
) -> None:
    await cash.accept(5_000)
    machine.insert_cctalk_coin(1_000)
    await cash.credits(0)
    machine.insert_cctalk_coin(2_000)  # counted by the acceptor alone
    again = _built(machine, tmp_path)
    assert await again.epoch() == await cash.epoch()
    assert [credit.value_vnd for credit in await again.credits(0)] == [1_000, 2_000]
    assert [credit.serial for credit in await _built(machine, tmp_path).credits(0)] == [1, 2]


async def test_a_reset_acceptor_is_opened_again(cash: CcTalkCash, machine: CcTalkAcceptor) -> None:
    await cash.accept(5_000)
    machine.insert_cctalk_coin(1_000)
    await cash.credits(0)
    machine.power_cycle_cctalk()
    await cash.credits(0)
    assert machine.insert_cctalk_coin(2_000) == "accepted"
    assert [credit.value_vnd for credit in await cash.credits(0)] == [1_000, 2_000]


async def test_events_that_nobody_read_in_time_go_to_a_person(cash: CcTalkCash, machine: CcTalkAcceptor) -> None:
    await cash.accept(50_000)
    for _ in range(7):
        machine.insert_cctalk_coin(1_000)
    credits = await cash.credits(0)
    assert [credit.value_vnd for credit in credits if credit.certain] == [1_000] * 5
    assert [credit.value_vnd for credit in credits if not credit.certain] == [0, 0]
    status = await cash.status()
    assert status.state is DeviceState.ATTENTION and "Count the coin box" in status.remedy


async def test_a_shut_acceptor_takes_nothing_and_a_silent_one_is_named(
    cash: CcTalkCash, machine: CcTalkAcceptor, record: Record
) -> None:
    await cash.accept(5_000)
    await cash.stop_accepting()
    assert machine.insert_cctalk_coin(1_000) != "accepted"
    machine.disturb_cctalk("deaf", 1_000)
    with pytest.raises(CoinAcceptorSilent):
        await cash.accept(1_000)
    assert (await cash.status()).state is DeviceState.DOWN
    assert not record.pieces(machine.name, Place.BOX)


def test_a_wrong_table_of_coins_is_a_start_up_error(machine: CcTalkAcceptor, tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="coins_vnd"):
        _built(machine, tmp_path, coins_vnd={"one": 500})


def test_nothing_here_needs_a_running_loop_to_be_built(machine: CcTalkAcceptor, tmp_path: Path) -> None:
    assert asyncio.run(_built(machine, tmp_path).epoch()) > 0
