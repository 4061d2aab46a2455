"""The simulated card reader: sessions, refusals, reversals, and what the bank has whatever the reader heard."""

import pytest

from firmware_bridge.board.peripherals.cashless import CashlessReader, State
from firmware_bridge.board.peripherals.machines import Machines
from firmware_bridge.board.peripherals.record import Record
from tests.firmware_bridge.peripherals_master import ACK_HEARD, Master

POLL, ENABLE = 0x12, (0x14, 0x01)
SETUP, PRICES = (0x11, 0x00, 3, 16, 2, 1), (0x11, 0x01, 0xFF, 0xFF, 0, 0)
SUCCESS, FAILURE, CANCEL, COMPLETE = (0x13, 0x02, 0, 1), (0x13, 0x03), (0x13, 0x01), (0x13, 0x04)
APPROVED, DENIED, END, OUT_OF_SEQUENCE = 0x05, 0x06, 0x07, 0x0B
BANK_MS, GIVE_UP_MS = 2_000, 13_000


@pytest.fixture
def master() -> Master:
    ready = Master(Machines(Record()))
    assert ready.command(POLL) == b"\x00"
    config = ready.command(*SETUP)
    assert config == bytes([1, 3, 0x17, 0x04, 100, 0, 30, 0x05])
    assert ready.command(*PRICES) == ACK_HEARD
    assert ready.command(*ENABLE) == ACK_HEARD
    return ready


@pytest.fixture
def card(master: Master) -> CashlessReader:
    return master.machines.card


def in_session(master: Master, funds_vnd: int = 100_000) -> None:
    assert master.machines.card.present_card(funds_vnd) == "read"
    begun = master.command(POLL)
    assert begun and begun[0] == 0x03 and int.from_bytes(begun[1:3], "big") * 100 == funds_vnd and len(begun) == 10


def ask(master: Master, amount_vnd: int) -> None:
    assert master.command(0x13, 0x00, *(amount_vnd // 100).to_bytes(2, "big"), 0, 1) == ACK_HEARD


def money(master: Master) -> tuple[int, int]:
    counts = master.machines.counts()
    return counts["held"], counts["merchant"]


def test_approved_vend_is_held_then_captured(master: Master) -> None:
    in_session(master)
    ask(master, 20_000)
    assert master.command(POLL) == ACK_HEARD
    master.wait(BANK_MS)
    assert money(master) == (20_000, 0)
    assert master.command(POLL) == bytes([APPROVED, 0, 200])
    assert master.command(*SUCCESS) == ACK_HEARD
    assert money(master) == (0, 20_000)
    assert master.command(*COMPLETE) == ACK_HEARD
    assert master.command(POLL) == bytes([END])


def test_failed_vend_is_reversed(master: Master) -> None:
    in_session(master)
    ask(master, 20_000)
    master.wait(BANK_MS)
    master.command(POLL)
    assert master.command(*FAILURE) == ACK_HEARD
    assert money(master) == (0, 0)


@pytest.mark.parametrize("funds_vnd,verdict", [(10_000, "approve"), (100_000, "decline")])
def test_refusal_costs_nothing_and_leaves_the_session_open(master: Master, funds_vnd: int, verdict: str) -> None:
    in_session(master, funds_vnd)
    master.machines.card.bank_says(verdict)  # type: ignore[arg-type]
    ask(master, 20_000)
    master.wait(BANK_MS)
    assert master.command(POLL) == bytes([DENIED])
    assert money(master) == (0, 0)
    assert master.machines.card.state is State.SESSION_IDLE


def test_bank_that_approves_unheard_is_denied_and_then_reversed(master: Master, card: CashlessReader) -> None:
    in_session(master)
    card.bank_says("approve_unheard")
    ask(master, 20_000)
    master.wait(GIVE_UP_MS - 2_900)
    assert master.command(POLL) == bytes([DENIED])
    assert money(master) == (20_000, 0)
    master.wait(3_000)
    assert money(master) == (0, 0)


def test_bank_that_answers_after_the_reader_gave_up_is_reversed(master: Master, card: CashlessReader) -> None:
    in_session(master)
    card.bank_says("approve", answer_ms=12_600)
    ask(master, 20_000)
    master.wait(11_000)
    assert master.command(POLL) == bytes([DENIED])
    master.wait(1_800)
    assert money(master) == (20_000, 0)
    master.wait(3_000)
    assert money(master) == (0, 0)
    assert master.command(POLL) == ACK_HEARD


def test_cancel_before_the_bank_answers_reverses_the_late_approval(master: Master) -> None:
    in_session(master)
    ask(master, 20_000)
    assert master.command(*CANCEL) == ACK_HEARD
    assert master.command(POLL) == bytes([DENIED])
    master.wait(BANK_MS + 3_000)
    assert money(master) == (0, 0)


@pytest.mark.parametrize("at_power_up,left", [("reverse", 0), ("capture", 20_000)])
def test_power_cut_after_approval_leaves_what_the_reader_is_set_to(at_power_up: str, left: int) -> None:
    machines = Machines(Record())
    machines.card._capture_at_power_up = at_power_up == "capture"
    master = Master(machines)
    for command in ((POLL,), SETUP, PRICES, ENABLE):
        master.command(*command)
    in_session(master)
    ask(master, 20_000)
    master.wait(BANK_MS)
    machines.power("cashless", "cycle")
    assert money(master) == (20_000, 0)
    master.wait(3_000)
    assert money(master) == (0, left)
    assert master.command(POLL) == b"\x00"


def test_price_first_waits_for_the_card_where_always_idle_is_on(master: Master, card: CashlessReader) -> None:
    identity = master.command(0x17, 0x00, *b"TRM", *b"000000000001", *b"TRAM        ", 1, 0)
    assert identity and len(identity) == 34 and identity[-1] & 0x20
    assert master.command(0x17, 0x04, 0, 0, 0, 0x20) == ACK_HEARD
    ask(master, 20_000)
    assert card.present_card(50_000) == "read"
    master.wait(BANK_MS)
    assert master.command(POLL) == bytes([APPROVED, 0, 200])


def test_wide_amounts_are_four_bytes_once_the_option_is_on(master: Master) -> None:
    assert master.command(0x17, 0x04, 0, 0, 0, 0x02) == ACK_HEARD
    assert master.machines.card.present_card(10_000_000) == "read"
    begun = master.command(POLL)
    assert begun and len(begun) == 17 and int.from_bytes(begun[1:5], "big") == 100_000
    assert master.command(0x13, 0x00, *(90_000).to_bytes(4, "big"), 0, 1) == ACK_HEARD
    master.wait(BANK_MS)
    assert master.command(POLL) == bytes([APPROVED, *(90_000).to_bytes(4, "big")])


def test_command_out_of_its_state_is_told_with_the_state(master: Master) -> None:
    ask(master, 20_000)
    assert master.command(POLL) == bytes([OUT_OF_SEQUENCE, State.ENABLED])
    assert master.command(*SUCCESS) == ACK_HEARD
    assert master.command(POLL) == bytes([OUT_OF_SEQUENCE, State.ENABLED])


def test_success_without_approval_captures_nothing(master: Master, card: CashlessReader) -> None:
    in_session(master)
    card.bank_says("silent")
    ask(master, 20_000)
    master.command(*SUCCESS)
    assert master.command(POLL) == bytes([OUT_OF_SEQUENCE, State.VEND])
    assert money(master) == (0, 0)


@pytest.mark.parametrize("refund_vnd,answer,left", [(5_000, 0x0D, 15_000), (25_000, 0x0E, 20_000)])
def test_refund_to_the_card_never_exceeds_what_was_captured(
    master: Master, refund_vnd: int, answer: int, left: int
) -> None:
    in_session(master)
    ask(master, 20_000)
    master.wait(BANK_MS)
    master.command(POLL)
    master.command(*SUCCESS)
    assert master.command(0x15, 0x01) == bytes([0x0F, 0, 200])
    assert master.command(0x15, 0x00, *(refund_vnd // 100).to_bytes(2, "big")) == ACK_HEARD
    assert master.command(POLL) == bytes([answer])
    assert money(master) == (0, left)


def test_negative_vend_pays_back_on_success(master: Master) -> None:
    master.command(0x17, 0x04, 0, 0, 0, 0x08)
    in_session(master)
    ask(master, 20_000)
    master.wait(BANK_MS)
    master.command(POLL)
    master.command(*SUCCESS)
    assert master.command(0x13, 0x06, 0, 100, 0, 1) == ACK_HEARD
    assert master.command(POLL) == bytes([APPROVED, 0, 100])
    assert master.command(*SUCCESS) == ACK_HEARD
    assert money(master) == (0, 10_000)


def test_card_taken_away_asks_for_the_end(master: Master, card: CashlessReader) -> None:
    in_session(master)
    card.take_card()
    assert master.command(POLL) == b"\x04"
    master.command(*COMPLETE)
    assert master.command(POLL) == bytes([END])


def test_reset_while_money_is_held_reverses_it(master: Master) -> None:
    in_session(master)
    ask(master, 20_000)
    master.wait(BANK_MS)
    assert master.command(0x10) == ACK_HEARD
    assert money(master) == (0, 0)


def test_reader_disabled_ignores_cards_and_cancel_is_confirmed(master: Master, card: CashlessReader) -> None:
    assert master.command(0x14, 0x02) == ACK_HEARD
    assert master.command(POLL) == b"\x08"
    assert master.command(0x14, 0x00) == ACK_HEARD
    assert card.present_card(50_000) == "ignored"


def test_malfunction_and_display_are_told_one_per_poll(master: Master, card: CashlessReader) -> None:
    card.break_down(code=3)
    card.show("Xin cho", seconds=2)
    assert master.command(POLL) == b"\x0a\x30"
    shown = master.command(POLL)
    assert shown == b"\x02\x14" + b"Xin cho".ljust(32)
