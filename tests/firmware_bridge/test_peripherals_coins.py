"""The simulated changer: tubes, box, payout, faults, and where every coin is."""

import pytest

from firmware_bridge.board.peripherals.coin_changer import CoinChanger
from firmware_bridge.board.peripherals.coin_path import CoinFate
from firmware_bridge.board.peripherals.machines import FIRST_FILL, Machines
from firmware_bridge.board.peripherals.record import Record
from tests.firmware_bridge.peripherals_master import ACK_HEARD, NOTHING_HEARD, Master

POLL, TUBES = 0x0B, 0x0A
ENABLE_PAYOUT, STATUS, VALUE = (0x0F, 0x01, 0, 0, 0, 1), (0x0F, 0x03), (0x0F, 0x04)
FALLEN_MS, PAID_MS = 500, 20_000


@pytest.fixture
def master() -> Master:
    ready = Master(Machines(Record()))
    ready.drain(POLL)
    ready.enable_coins()
    assert ready.command(*ENABLE_PAYOUT) == ACK_HEARD
    return ready


@pytest.fixture
def coins(master: Master) -> CoinChanger:
    return master.machines.coins


def tubes(master: Master) -> list[int]:
    status = master.command(TUBES)
    assert status is not None and len(status) == 18
    return list(status[2:6])


def test_setup_says_level_coins_and_tubes(master: Master) -> None:
    setup = master.command(0x09)
    assert setup is not None and len(setup) == 23
    assert setup[:7] == bytes([3, 0x17, 0x04, 250, 0, 0, 0x0F])
    assert [250 * credit for credit in setup[7:12]] == [500, 1_000, 2_000, 5_000, 0]


def test_coin_goes_into_its_tube_and_says_how_many_lie_there(master: Master, coins: CoinChanger) -> None:
    assert coins.insert_coin(2_000) == "accepted"
    master.wait(FALLEN_MS)
    assert master.command(POLL) == bytes([0x40 | 0x10 | 2, FIRST_FILL + 1])
    assert tubes(master) == [30, 30, 31, 30]


def test_coin_for_a_full_tube_goes_into_the_box(master: Master, coins: CoinChanger) -> None:
    coins.fill_tube(5_000, 1_000)
    status = master.command(TUBES)
    assert status and status[:2] == b"\x00\x08"
    coins.insert_coin(5_000)
    master.wait(FALLEN_MS)
    assert master.command(POLL) == bytes([0x40 | 3, 55])
    assert master.machines.counts()["box"] == 5_000


def test_disabled_coin_falls_into_the_tray_and_is_told(master: Master, coins: CoinChanger) -> None:
    master.command(0x0C, 0, 0, 0, 0)
    assert coins.insert_coin(1_000) == "returned"
    assert master.command(POLL) == bytes([0x40 | 0x30 | 1, 30])
    assert master.machines.tray() == {1_000: 1}


def test_slugs_are_counted(master: Master, coins: CoinChanger) -> None:
    coins.insert_slug()
    coins.insert_coin(300)
    assert master.command(POLL) == b"\x22"
    assert master.machines.tray() == {300: 1}


def test_two_coins_at_once_fall_through(master: Master, coins: CoinChanger) -> None:
    coins.insert_two_coins(1_000)
    assert master.command(POLL) == b"\x05"
    assert master.machines.tray() == {1_000: 2}


@pytest.mark.parametrize(
    "fate,codes,place",
    [
        (CoinFate.JAM, b"\x0c", "jam"),
        (CoinFate.NO_CREDIT, b"\x03", "box"),
        (CoinFate.MISROUTED, b"\x09\x41\x1e", "box"),
    ],
)
def test_coin_that_goes_astray_is_told_as_what_it_is(
    master: Master, coins: CoinChanger, fate: CoinFate, codes: bytes, place: str
) -> None:
    coins.next_coin(fate)
    coins.insert_coin(1_000)
    master.wait(FALLEN_MS)
    assert master.command(POLL) == codes
    assert master.machines.counts()[place] == 1_000


def test_jam_stops_coins_until_it_is_cleared(master: Master, coins: CoinChanger) -> None:
    coins.next_coin(CoinFate.JAM)
    coins.insert_coin(1_000)
    master.wait(FALLEN_MS)
    assert coins.insert_coin(1_000) == "stuck"
    assert coins.clear_coin_jam() == {1_000: 1}
    assert coins.insert_coin(1_000) == "accepted"


def test_payout_takes_the_fewest_coins_and_says_which(master: Master, coins: CoinChanger) -> None:
    assert master.command(0x0F, 0x02, 8_500 // 250) == ACK_HEARD
    assert master.command(POLL) == b"\x02"
    assert master.command(*STATUS) == ACK_HEARD
    master.wait(PAID_MS)
    assert master.command(*VALUE) == ACK_HEARD
    assert master.command(*STATUS) == bytes([1, 1, 1, 1])
    assert master.machines.tray() == {500: 1, 1_000: 1, 2_000: 1, 5_000: 1}
    assert master.command(*STATUS) == bytes(4)


def test_payout_status_stays_until_it_is_acknowledged(master: Master) -> None:
    master.command(0x0F, 0x02, 500 // 250)
    master.wait(PAID_MS)
    assert master.command(*STATUS, ack=False) == bytes([1, 0, 0, 0])
    assert master.command(*STATUS) == bytes([1, 0, 0, 0])


def test_value_poll_adds_up_to_what_was_paid(master: Master) -> None:
    master.command(0x0F, 0x02, 10_000 // 250)
    told = 0
    while said := master.command(*VALUE):
        told += said[0]
        master.wait(100)
    status = master.command(*STATUS)
    assert status is not None
    assert sum(count * value for count, value in zip(status, (2, 4, 8, 20), strict=True)) == 40
    assert 0 < told <= 40


def test_payout_needs_its_option_which_a_reset_takes_away(master: Master) -> None:
    master.command(0x08)
    assert master.command(0x0F, 0x02, 2) is NOTHING_HEARD


def test_second_payout_while_the_first_runs_is_not_taken(master: Master) -> None:
    master.command(0x0F, 0x02, 5_000 // 250)
    assert master.command(0x0F, 0x02, 20) is NOTHING_HEARD
    master.wait(PAID_MS)
    assert master.machines.counts()["tray"] == 5_000


def test_tubes_that_run_empty_pay_what_there_is(master: Master, coins: CoinChanger) -> None:
    for value in (500, 1_000, 2_000):
        coins.empty_tube(value)
    master.command(0x0F, 0x02, 12_500 // 250)
    master.wait(PAID_MS)
    assert master.command(*STATUS) == bytes([0, 0, 0, 2])


def test_jammed_tube_ends_the_payout_and_the_status_is_true(master: Master, coins: CoinChanger) -> None:
    master.command(0x0F, 0x02, 25_000 // 250)
    master.wait(800)
    coins.jam_tube()
    master.wait(PAID_MS)
    assert master.command(POLL) == b"\x07"
    status = master.command(*STATUS)
    assert status and status[3] * 5_000 == master.machines.counts()["tray"]
    assert 0 < status[3] < 5


def test_dispense_pays_coins_of_one_kind(master: Master) -> None:
    assert master.command(0x0D, 3 << 4 | 1) == ACK_HEARD
    master.wait(PAID_MS)
    assert tubes(master) == [30, 27, 30, 30]


def test_dispense_whose_acknowledgement_was_lost_has_paid_all_the_same(master: Master) -> None:
    master.machines.disturb("coin_changer", "mute")
    assert master.command(0x0D, 1 << 4 | 3) is NOTHING_HEARD
    master.wait(PAID_MS)
    assert tubes(master) == [30, 30, 30, 29]


def test_power_cut_during_payout_is_told_by_the_tubes_alone(master: Master, coins: CoinChanger) -> None:
    master.command(0x0F, 0x02, 50_000 // 250)
    master.wait(1_200)
    coins.power_cycle()
    master.wait(PAID_MS)
    paid = FIRST_FILL - tubes(master)[3]
    assert 0 < paid < 10
    assert paid * 5_000 == master.machines.counts()["tray"]
    assert master.command(*STATUS) == bytes(4)


def test_coin_in_fall_at_a_power_cut_falls_through(master: Master, coins: CoinChanger) -> None:
    coins.insert_coin(5_000)
    master.wait(100)
    coins.power_cycle()
    assert master.machines.tray() == {5_000: 1}
    assert master.drain(POLL) == b"\x0b"


def test_lever_button_and_unplugged_acceptor(master: Master, coins: CoinChanger) -> None:
    coins.press_lever()
    assert coins.press_dispense(500) == "dispensed"
    coins.plug_acceptor(False)
    assert master.command(POLL) == bytes([0x01, 0x90, 29, 0x06])
    assert coins.insert_coin(500) == "stuck"
    master.command(0x0C, 0xFF, 0xFF, 0, 0)
    assert coins.press_dispense(500) == "nothing"


def test_collected_box_and_taken_coins_leave_the_machine(master: Master, coins: CoinChanger) -> None:
    coins.next_coin(CoinFate.MISROUTED)
    coins.insert_coin(5_000)
    master.wait(FALLEN_MS)
    assert coins.collect_box() == {5_000: 1}
    coins.insert_two_coins(500)
    assert master.machines.take_tray() == {500: 2}
    counts = master.machines.counts()
    assert (counts["box"], counts["collected"], counts["tray"], counts["taken"]) == (0, 5_000, 0, 1_000)
