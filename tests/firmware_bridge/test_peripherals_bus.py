"""The bus of the simulated peripherals: blocks, checksums, repetition, silence, and boards that die in the middle."""

import pytest

from firmware_bridge.board.peripherals.events import EventQueue
from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.mdb import ACK, MODE, NAK, command_words
from firmware_bridge.board.peripherals.record import Record
from firmware_bridge.board.peripherals.timers import Timers
from tests.firmware_bridge.peripherals_master import ACK_HEARD, NOTHING_HEARD, Damaged, Master, Refused


@pytest.fixture
def master() -> Master:
    return Master(Machines(Record()))


def test_published_command_bytes_are_understood(master: Master) -> None:
    # 34 FF FF FF FF 30 enables all with escrow, 35 00 35 returns, 35 01 36 stacks (perdidor/Arduino-MDB-UART).
    assert command_words(bytes((0x34, 0xFF, 0xFF, 0xFF, 0xFF)))[-1] == 0x30
    assert command_words(bytes((0x35, 0x00))) == (0x135, 0x00, 0x35)
    assert command_words(bytes((0x35, 0x01))) == (0x135, 0x01, 0x36)
    assert master.command(0x34, 0xFF, 0xFF, 0xFF, 0xFF) == ACK_HEARD


def test_just_reset_is_told_until_it_is_acknowledged(master: Master) -> None:
    assert master.command(0x33, ack=False) == b"\x06\x09"
    assert master.command(0x33) == b"\x06\x09"
    assert master.command(0x33) == b"\x09"


@pytest.mark.parametrize("reset,poll,told", [(0x30, 0x33, b"\x06\x09"), (0x08, 0x0B, b"\x0b"), (0x10, 0x12, b"\x00")])
def test_reset_of_a_machine_that_was_just_switched_on_is_told_once(
    master: Master, reset: int, poll: int, told: bytes
) -> None:
    assert master.command(poll, ack=False) == told
    assert master.command(reset) == ACK_HEARD
    assert master.command(poll) == told
    assert told[0] not in (master.command(poll) or b"")


def test_answer_is_repeated_on_ret_word_for_word(master: Master) -> None:
    first = master.command(0x31, ack=False)
    assert first and len(first) == 27
    assert master.repeat() == first
    assert master.repeat() == first


def test_nak_of_the_master_keeps_the_event(master: Master) -> None:
    master.command(0x0B, ack=False)
    master.send(NAK)
    assert master.command(0x0B) == b"\x0b"
    assert master.command(0x0B) == ACK_HEARD


def test_damaged_command_is_refused_and_not_obeyed(master: Master) -> None:
    for word in (0x134, 0xFF, 0xFF, 0xFF, 0xFF):
        master.send(word)
    with pytest.raises(Refused):
        master.read(master.send(0x31))
    assert master.machines.bills.look()["enabled_vnd"] == []


def test_command_for_nobody_meets_silence(master: Master) -> None:
    assert master.command(0x58) is NOTHING_HEARD
    assert master.command(0x37, 0x77) is NOTHING_HEARD


def test_pause_within_a_command_ends_it(master: Master) -> None:
    master.send(0x134)
    assert master.send(0xFF, pause_us=20_000) == []
    for word in (0xFF, 0xFF, 0xFF, 0x30):
        assert master.send(word) == []
    assert master.machines.bills.look()["enabled_vnd"] == []


def test_new_address_byte_abandons_a_half_sent_command(master: Master) -> None:
    master.send(0x134)
    master.send(0xFF)
    assert master.command(0x36) == b"\x00\x00"


@pytest.mark.parametrize("kind", ["deaf", "mute", "slow"])
def test_disturbed_device_is_silent_in_time_and_keeps_its_events(master: Master, kind: str) -> None:
    master.machines.disturb("bill_validator", kind, 2)  # type: ignore[arg-type]
    assert master.command(0x33) is NOTHING_HEARD
    assert master.command(0x33) is NOTHING_HEARD
    assert master.command(0x33) == b"\x06\x09"


def test_mute_device_has_obeyed_and_deaf_one_has_not(master: Master) -> None:
    master.machines.disturb("bill_validator", "deaf")
    assert master.command(0x34, 0, 1, 0, 1) is NOTHING_HEARD
    assert master.machines.bills.look()["enabled_vnd"] == []
    master.machines.disturb("bill_validator", "mute")
    assert master.command(0x34, 0, 1, 0, 1) is NOTHING_HEARD
    assert master.machines.bills.look()["enabled_vnd"] == [1_000]


def test_garbage_is_seen_by_its_checksum_and_ret_brings_it_right(master: Master) -> None:
    master.machines.disturb("coin_changer", "garbage")
    with pytest.raises(Damaged):
        master.command(0x0A)
    tubes = master.repeat()
    assert tubes and tubes[2:6] == bytes([30, 30, 30, 30])


def test_nak_storm_passes_without_effect(master: Master) -> None:
    master.machines.disturb("cashless", "nak", 3)
    for _ in range(3):
        with pytest.raises(Refused):
            master.command(0x12)
    assert master.command(0x12) == b"\x00"


def test_lost_acknowledgement_repeats_what_the_master_has(master: Master) -> None:
    master.machines.disturb("coin_changer", "lost_ack")
    assert master.command(0x0B) == b"\x0b"
    assert master.command(0x0B) == b"\x0b"
    assert master.command(0x0B) == ACK_HEARD


def test_machine_without_power_is_silent_and_comes_up_just_reset(master: Master) -> None:
    master.drain(0x33)
    master.machines.power("bill_validator", "off")
    assert master.command(0x33) is NOTHING_HEARD
    master.machines.power("bill_validator", "on")
    assert master.command(0x33) == b"\x06\x09"


def test_board_that_dies_between_two_words_leaves_no_half_command(master: Master) -> None:
    words = command_words(bytes((0x34, 0xFF, 0xFF, 0xFF, 0xFF)))
    for cut in range(1, len(words)):
        for word in words[:cut]:
            master.send(word)
        master.machines.wire.connected()
        for word in words[cut:-1]:
            assert master.send(word) == []
        assert master.machines.bills.look()["enabled_vnd"] == []


def test_new_board_hears_every_input_and_time_goes_on(master: Master) -> None:
    master.wait(50)
    before_us = master.machines.now_us()
    master.machines.wire.connected()
    answer = master.machines.wire.answer("T 5000")
    assert {item.split()[1] for item in answer.split(";")} == set(master.machines.cabinet.inputs)
    assert master.machines.wire.answer("T 10000") == "-"
    assert master.machines.now_us() == before_us + 5_000


@pytest.mark.parametrize("question", ["", "X 5", "M", "M abc 30", "M 5 zz", "P 5 lock", "T -1", "M 5 3ff 1"])
def test_malformed_question_is_answered_with_nothing(master: Master, question: str) -> None:
    assert master.machines.wire.answer(question) == "-"


def test_event_that_was_said_is_not_changed_by_a_later_one() -> None:
    events = EventQueue(Record(), "any", Timers())
    events.count(0x40, 0x1F)
    events.count(0x40, 0x1F)
    assert events.offer(16) == b"\x42"
    events.count(0x40, 0x1F)
    assert events.offer(16) == b"\x42\x41"
    events.settle()
    assert events.offer(16) == b""


def test_peripheral_marks_its_last_word_alone(master: Master) -> None:
    for word in command_words(b"\x31"):
        words = master.send(word)
    assert [bool(word & MODE) for word in words] == [False] * 27 + [True]
    master.send(ACK)
