"""The cabinet behind the board's pins: door, motor, paper, and a pulse acceptor whose coins are real."""

from itertools import pairwise

import pytest

from firmware_bridge.board.peripherals.cabinet import Cabinet
from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.record import Record
from tests.firmware_bridge.peripherals_master import Master


@pytest.fixture
def master() -> Master:
    ready = Master(Machines(Record()))
    ready.wait(5)
    return ready


@pytest.fixture
def cabinet(master: Master) -> Cabinet:
    return master.machines.cabinet


def test_bolted_door_opens_only_by_force_and_then_the_tamper_switch_tells(master: Master, cabinet: Cabinet) -> None:
    assert cabinet.open_door() == "locked"
    assert cabinet.open_door(force=True) == "open"
    assert master.ask(f"T {master.t_us + 5_000}") == "I door 1;I tamper 1"


def test_released_bolt_lets_the_door_open(master: Master, cabinet: Cabinet) -> None:
    master.ask(f"P {master.t_us} lock 1")
    assert cabinet.open_door() == "open"
    assert master.ask(f"T {master.t_us + 5_000}") == "I door 1"


@pytest.mark.parametrize("value_vnd,pulses", [(1_000, 1), (2_000, 2), (5_000, 5)])
def test_pulse_coin_says_its_value_in_pulses_of_the_promised_length(
    master: Master, cabinet: Cabinet, value_vnd: int, pulses: int
) -> None:
    master.ask(f"P {master.t_us} inhibit_pulse 0")
    assert cabinet.insert_pulse_coin(value_vnd) == "accepted"
    start = len(master.said)
    master.wait(1_000)
    ticks = [index for index, answer in enumerate(master.said[start:]) if "coin_pulse" in answer]
    lengths = [later - earlier for earlier, later in pairwise(ticks)]
    assert len(ticks) == 2 * pulses
    assert all(6 <= length <= 14 for length in lengths)
    assert master.machines.counts()["box"] == value_vnd


def test_two_coins_in_a_row_don_t_run_into_each_other(master: Master, cabinet: Cabinet) -> None:
    master.ask(f"P {master.t_us} inhibit_pulse 0")
    cabinet.insert_pulse_coin(2_000)
    cabinet.insert_pulse_coin(2_000)
    master.wait(1_000)
    assert sum("I coin_pulse 1" in answer for answer in master.said) == 4


def test_inhibited_acceptor_returns_coins_and_says_nothing(master: Master, cabinet: Cabinet) -> None:
    assert cabinet.insert_pulse_coin(1_000) == "returned"
    master.wait(300)
    assert not any("coin_pulse 1" in answer for answer in master.said)
    assert master.machines.take_tray() == {1_000: 1}
    assert (master.machines.counts()["tray"], master.machines.counts()["taken"]) == (0, 1_000)


def test_motor_comes_home_once_a_turn_and_not_at_all_when_jammed(master: Master, cabinet: Cabinet) -> None:
    master.ask(f"P {master.t_us} motor 1")
    master.wait(600)
    assert cabinet.inputs["motor_home"] == 0
    master.ask(f"P {master.t_us} motor 0")
    master.wait(2_000)
    assert (cabinet.inputs["motor_home"], cabinet.dispensed) == (1, 1)
    cabinet.jam_motor()
    master.ask(f"P {master.t_us} motor 1")
    master.wait(2_000)
    assert cabinet.dispensed == 1


def test_button_and_paper_change_their_inputs(master: Master, cabinet: Cabinet) -> None:
    cabinet.press_button(hold_ms=100)
    cabinet.paper(present=False)
    assert master.ask(f"T {master.t_us + 5_000}") == "I button 1;I paper 0"
    master.t_us += 5_000
    master.wait(150)
    assert cabinet.inputs["button"] == 0
