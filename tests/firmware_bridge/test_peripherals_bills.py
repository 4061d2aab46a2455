"""The simulated bill validator: escrow, faults, power, and where every note is."""

import pytest

from firmware_bridge.board.peripherals.bill_validator import BillValidator, ScaleDoesNotFit
from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.record import Record
from tests.firmware_bridge.peripherals_master import ACK_HEARD, Master

POLL, STACK, RETURN, STACKER = 0x33, (0x35, 0x01), (0x35, 0x00), 0x36
TEN, TWENTY = 3, 4
LONG_MS = 3_000


@pytest.fixture
def master() -> Master:
    ready = Master(Machines(Record()))
    ready.drain(POLL)
    ready.enable_notes()
    return ready


@pytest.fixture
def bills(master: Master) -> BillValidator:
    return master.machines.bills


def to_escrow(master: Master, value_vnd: int) -> bytes:
    assert master.machines.bills.insert_note(value_vnd) == "drawn in"
    master.wait(LONG_MS)
    return master.drain(POLL)


def sums(master: Master, *places: str) -> list[int]:
    counts = master.machines.counts()
    return [counts[place] for place in places]


def test_setup_says_dong_in_thousands_with_escrow(master: Master) -> None:
    setup = master.command(0x31)
    assert setup is not None
    assert setup[:3] == b"\x01\x17\x04"
    assert int.from_bytes(setup[3:5], "big") == 1_000 and setup[5] == 0
    assert setup[10] == 0xFF
    assert list(setup[11:]) == [1, 2, 5, 10, 20, 50, 100, 200, 0, 0, 0, 0, 0, 0, 0, 0]


def test_smallest_and_largest_notes_don_t_fit_one_scale() -> None:
    with pytest.raises(ScaleDoesNotFit):
        BillValidator(Record(), notes_vnd=(500, 1_000, 500_000))
    large = BillValidator(Record(), notes_vnd=(2_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000))
    assert list(large.answer(b"\x31") or b"")[11:18] == [1, 5, 10, 25, 50, 100, 250]


def test_identification_has_29_bytes(master: Master) -> None:
    identity = master.command(0x37, 0x00)
    assert identity and len(identity) == 29 and identity[:3] == b"TRM"


def test_note_waits_in_escrow_and_is_stacked_on_command(master: Master) -> None:
    assert to_escrow(master, 20_000) == bytes([0x90 | TWENTY])
    assert sums(master, "escrow", "cassette") == [20_000, 0]
    assert master.command(*STACK) == ACK_HEARD
    assert master.command(POLL) == b"\x03"
    master.wait(LONG_MS)
    assert master.command(POLL) == bytes([0x80 | TWENTY])
    assert sums(master, "escrow", "cassette") == [0, 20_000]
    assert master.command(STACKER) == b"\x00\x01"


def test_note_is_returned_on_command(master: Master) -> None:
    to_escrow(master, 10_000)
    master.command(*RETURN)
    master.wait(LONG_MS)
    assert master.command(POLL) == bytes([0xA0 | TEN])
    assert sums(master, "tray", "cassette") == [10_000, 0]


def test_reset_gives_the_note_in_escrow_back(master: Master) -> None:
    to_escrow(master, 10_000)
    assert master.command(0x30) == ACK_HEARD
    master.wait(LONG_MS)
    assert master.command(POLL) == bytes([0x06, 0xA0 | TEN, 0x09])
    assert sums(master, "tray") == [10_000]


def test_note_without_escrow_is_stacked_at_once(master: Master) -> None:
    master.enable_notes(escrow=False)
    assert to_escrow(master, 10_000) == bytes([0x80 | TEN])
    assert sums(master, "cassette") == [10_000]


def test_disabled_machine_counts_attempts_and_takes_nothing(master: Master, bills: BillValidator) -> None:
    master.command(0x34, 0, 0, 0, 0)
    assert [bills.insert_note(10_000) for _ in range(3)] == ["pushed back"] * 3
    assert master.command(POLL) == b"\x43\x09"
    assert master.machines.counts()["hand"] == 0


def test_disabled_denomination_comes_back_with_its_kind(master: Master) -> None:
    master.command(0x34, 0, 1 << TEN, 0, 1 << TEN)
    assert to_escrow(master, 20_000) == bytes([0xC0 | TWENTY])
    assert sums(master, "tray") == [20_000]


@pytest.mark.parametrize("value_vnd,readable", [(10_000, False), (500_000, True), (3_000, True)])
def test_note_that_nobody_can_read_is_rejected(
    master: Master, bills: BillValidator, value_vnd: int, readable: bool
) -> None:
    bills.insert_note(value_vnd, readable=readable)
    master.wait(LONG_MS)
    assert master.command(POLL) == b"\x0b"
    assert sums(master, "tray", "cassette") == [value_vnd, 0]


def test_escrow_command_without_a_note_is_invalid(master: Master) -> None:
    assert master.command(*STACK) == ACK_HEARD
    assert master.command(POLL) == b"\x0a"


def test_note_jammed_in_the_transport_blocks_the_slot_and_is_no_credit(master: Master, bills: BillValidator) -> None:
    bills.jam_note()
    assert to_escrow(master, 10_000) == b"\x05"
    assert bills.insert_note(10_000) == "pushed back"
    assert bills.clear_note_jam("tray") == {10_000: 1}
    assert master.command(POLL) == ACK_HEARD
    assert sums(master, "tray", "jam") == [10_000, 0]


def test_note_jammed_while_stacking_is_neither_credit_nor_count(master: Master, bills: BillValidator) -> None:
    bills.jam_note("stacking")
    to_escrow(master, 10_000)
    master.command(*STACK)
    master.wait(LONG_MS)
    assert master.command(POLL) == b"\x05"
    assert master.command(STACKER) == b"\x00\x00"
    assert sums(master, "jam") == [10_000]


def test_full_cassette_says_so_and_pushes_notes_back() -> None:
    machines = Machines(Record())
    machines.bills.path._capacity = 1
    master = Master(machines)
    master.drain(POLL)
    master.enable_notes(escrow=False)
    to_escrow(master, 10_000)
    assert master.command(STACKER) == b"\x80\x01"
    assert machines.bills.insert_note(10_000) == "pushed back"


def test_removed_cassette_takes_its_notes_along_and_stops_the_machine(master: Master, bills: BillValidator) -> None:
    master.enable_notes(escrow=False)
    to_escrow(master, 20_000)
    assert bills.remove_cassette() == {20_000: 1}
    assert master.command(POLL) == b"\x08"
    assert bills.insert_note(10_000) == "pushed back"
    bills.put_cassette()
    assert master.command(POLL) == ACK_HEARD
    assert sums(master, "collected", "cassette") == [20_000, 0]


def test_note_pulled_out_of_escrow_is_told_twice_over(master: Master, bills: BillValidator) -> None:
    to_escrow(master, 20_000)
    assert bills.pull_note() == 20_000
    assert master.command(POLL) == bytes([0x07, 0xA0 | TWENTY])
    assert sums(master, "escrow", "taken") == [0, 20_000]


def test_fishing_is_told_and_what_is_fished_is_gone(master: Master, bills: BillValidator) -> None:
    master.enable_notes(escrow=False)
    to_escrow(master, 20_000)
    bills.fish_note(20_000)
    assert master.command(POLL) == b"\x0c"
    assert sums(master, "cassette", "taken") == [0, 20_000]


def test_credit_is_repeated_until_acknowledged_even_through_a_power_cut(master: Master, bills: BillValidator) -> None:
    master.enable_notes(escrow=False)
    bills.insert_note(10_000)
    master.wait(LONG_MS)
    assert master.command(POLL, ack=False) == bytes([0x80 | TEN])
    bills.power_cycle()
    assert master.command(POLL) == bytes([0x80 | TEN, 0x06, 0x09])
    assert master.command(POLL) == b"\x09"


def test_forgetful_machine_loses_the_credit_but_not_the_count() -> None:
    master = Master(Machines(Record(), remembers=False))
    master.drain(POLL)
    master.enable_notes(escrow=False)
    master.machines.bills.insert_note(10_000)
    master.wait(LONG_MS)
    master.machines.power("bill_validator", "cycle")
    assert master.command(POLL) == b"\x06\x09"
    assert master.command(POLL) == b"\x09"
    assert master.command(STACKER) == b"\x00\x01"
    assert "forgotten without power" in {entry.why for entry in master.machines.record.entries}


@pytest.mark.parametrize("at_power_up,place", [("return", "tray"), ("stack", "cassette")])
def test_note_in_escrow_at_power_up_goes_where_the_machine_is_set_to(at_power_up: str, place: str) -> None:
    machines = Machines(Record())
    machines.bills.path._stack_at_power_up = at_power_up == "stack"
    master = Master(machines)
    master.drain(POLL)
    master.enable_notes()
    to_escrow(master, 20_000)
    machines.power("bill_validator", "cycle")
    master.wait(LONG_MS)
    assert sums(master, "escrow", place) == [0, 20_000]
    expected = 0x80 if place == "cassette" else 0xA0
    assert expected | TWENTY in master.drain(POLL)


@pytest.mark.parametrize("cut_ms", range(0, 4_500, 250))
def test_power_cut_at_any_moment_of_a_note_s_way_leaves_it_in_one_place(cut_ms: int) -> None:
    master = Master(Machines(Record()))
    master.drain(POLL)
    master.enable_notes(escrow=False)
    master.machines.bills.insert_note(50_000)
    master.wait(cut_ms)
    master.machines.power("all", "cycle")
    master.wait(LONG_MS)
    cassette, tray = sums(master, "cassette", "tray")
    credits = master.drain(POLL).count(0x80 | 5) * 50_000
    assert (cassette, tray) in ((50_000, 0), (0, 50_000))
    assert credits == cassette
