"""Cash: no note is lost or counted twice, no change is paid twice, whatever dies."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.devices.cash import SimulatedCash
from agent.devices.cash_box import CashBox
from agent.devices.errors import CashUnavailable
from agent.devices.status import DeviceState


@pytest.fixture
def cash(tmp_path: Path) -> SimulatedCash:
    return SimulatedCash(tmp_path / "cash.json")


async def test_notes_are_pushed_back_until_they_are_wanted(cash: SimulatedCash) -> None:
    assert not cash.box.insert(10_000)
    await cash.accept(20_000)
    assert cash.box.insert(10_000)
    await cash.stop_accepting()
    assert not cash.box.insert(10_000)
    assert [(credit.serial, credit.value_vnd) for credit in await cash.credits(0)] == [(1, 10_000)]


async def test_note_whose_change_can_t_be_given_or_that_does_not_exist_is_pushed_back(tmp_path: Path) -> None:
    cash = SimulatedCash(tmp_path / "cash.json")
    cash.box = CashBox(tmp_path / "small.json", tubes={5_000: 1, 1_000: 2})
    await cash.accept(13_000)
    assert [cash.box.insert(value) for value in (50_000, 3_000, 20_000, 1_000, 2_000)] == [
        False,
        False,
        True,
        False,
        False,
    ]


async def test_nothing_more_comes_in_once_the_sum_has_come(cash: SimulatedCash) -> None:
    await cash.accept(30_000)
    assert [cash.box.insert(value) for value in (20_000, 20_000, 1_000)] == [True, True, False]


async def test_credits_are_repeated_until_they_are_confirmed(cash: SimulatedCash) -> None:
    await cash.accept(50_000)
    for value in (5_000, 2_000, 1_000):
        cash.box.insert(value)
    assert [credit.serial for credit in await cash.credits(1)] == [2, 3]
    await cash.confirm(2)
    assert [credit.serial for credit in await cash.credits(0)] == [3]
    cash.box.insert(10_000)
    assert (await cash.credits(3))[0].serial == 4


async def test_same_key_pays_out_once(cash: SimulatedCash) -> None:
    before = (await cash.status()).change_vnd
    assert await cash.dispense("visit-1", 8_000) == 8_000
    assert await cash.dispense("visit-1", 8_000) == 8_000
    assert (await cash.status()).change_vnd == before - 8_000


async def test_short_change_is_reported_to_the_dong(tmp_path: Path) -> None:
    cash = SimulatedCash(tmp_path / "cash.json")
    cash.box = CashBox(tmp_path / "small.json", tubes={5_000: 1, 1_000: 2})
    assert await cash.dispense("visit-1", 9_500) == 7_000
    status = await cash.status()
    assert (status.change_vnd, status.state, status.remedy) == (0, DeviceState.ATTENTION, "Fill the change tubes")


async def test_paid_notes_become_change_and_large_ones_go_to_the_cassette(cash: SimulatedCash) -> None:
    before = await cash.status()
    await cash.accept(210_000)
    assert cash.box.insert(200_000)
    assert cash.box.insert(10_000)
    after = await cash.status()
    assert after.change_vnd - before.change_vnd == 10_000
    assert after.cassette_vnd == 200_000


async def test_box_without_power_says_so_and_keeps_what_it_holds(cash: SimulatedCash) -> None:
    await cash.accept(10_000)
    cash.box.insert(10_000)
    cash.box.set_offline(True)
    with pytest.raises(CashUnavailable):
        await cash.dispense("visit-1", 1_000)
    assert (await cash.status()).state is DeviceState.DOWN
    cash.box.set_offline(False)
    assert len(await cash.credits(0)) == 1
    assert await cash.epoch() == 1


def test_dock_and_agent_at_once_lose_no_note(tmp_path: Path) -> None:
    path = tmp_path / "cash.json"
    CashBox(path).accept(1_000_000)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: CashBox(path).insert(1_000), range(40)))
    assert all(taken)
    assert [credit.serial for credit in CashBox(path).credits(0)] == list(range(1, 41))


def test_kill_at_any_moment_leaves_a_whole_box_whose_money_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "cash.json"
    box = CashBox(path, tubes={1_000: 50})
    box.accept(1_000_000)
    program = (
        "import sys; from pathlib import Path; from agent.devices.cash_box import CashBox\n"
        "box = CashBox(Path(sys.argv[1]))\n"
        "print('up', flush=True)\n"
        "for turn in range(10**6): box.insert(1000); box.dispense(f'{sys.argv[2]}-{turn}', 1000)"
    )
    for turn in range(8):
        child = subprocess.Popen([sys.executable, "-c", program, str(path), str(turn)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        time.sleep(0.03 + 0.02 * turn)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        held = box.look()
        assert held.change_vnd + held.cassette_vnd == 50_000 + held.last_serial * 1_000 - sum(
            held.dispensed_vnd.values()
        )
    assert held.last_serial > 0
