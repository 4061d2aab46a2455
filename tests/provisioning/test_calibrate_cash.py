"""A piece put into the simulated box: device, books and payout are compared, and no đồng is lost to the books."""

import json
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from calibration_kiosk import calibrated
from click.testing import Result

from agent.devices.cash import CashStatus, SimulatedCash
from agent.devices.cash_box import CashBox
from agent.devices.errors import PayoutUnknown
from agent.ledger.ledger import Ledger
from contract.clock import SimulatedClock
from provisioning.calibration.cash import VISIT, Slots, piece, ready

NOTE_VND = 20_000


class Hand(SimulatedCash):
    """A box that a hand puts `puts_vnd` into as soon as it lets money in."""

    def __init__(self, path: Path, puts_vnd: int) -> None:
        super().__init__(path)
        self.puts_vnd, self.miscounts_vnd, self.loses_payout = puts_vnd, 0, False

    async def accept(self, due_vnd: int) -> None:
        await super().accept(due_vnd)
        if self.puts_vnd:
            self.box.insert(self.puts_vnd)

    async def status(self) -> CashStatus:
        said = await super().status()
        more_vnd = self.miscounts_vnd if self.box.look().credits or self.box.look().last_serial else 0
        return CashStatus(
            state=said.state, change_vnd=said.change_vnd + more_vnd, cassette_vnd=said.cassette_vnd, detail=said.detail
        )

    async def dispense(self, key: str, amount_vnd: int) -> int:
        if self.loses_payout:
            raise PayoutUnknown("the board was lost in the middle of it")
        return await super().dispense(key, amount_vnd)


@pytest.fixture
async def slots(tmp_path: Path) -> AsyncIterator[Slots]:
    clock = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC))
    ledger = await Ledger.open(tmp_path / "ledger", clock)
    yield Slots(device=Hand(tmp_path / "box.json", NOTE_VND), money=ledger.money, clock=clock)
    await ledger.close()


async def failing(slots: Slots) -> dict[str, float]:
    found = await piece(slots, "note", NOTE_VND)
    assert all(each.remedy for each in found)
    return {each.name.split(": ")[1]: each.value for each in found if not each.passes}


def hand(slots: Slots) -> Hand:
    assert isinstance(slots.device, Hand)
    return slots.device


async def test_what_is_put_in_is_booked_counted_and_given_back(slots: Slots) -> None:
    held_vnd = (await slots.device.status()).change_vnd
    assert await failing(slots) == {}
    balance, after = await slots.money.balance(VISIT), await slots.device.status()
    assert (balance.received_vnd, balance.returned_vnd, balance.owed_vnd, balance.unknown_vnd) == (20_000, 20_000, 0, 0)
    assert after.change_vnd + after.cassette_vnd == held_vnd and not after.accepting
    assert await failing(slots) == {}, "a second test begins anew"
    assert await slots.device.credits(0) == []


async def test_a_piece_that_counts_as_another_value_is_seen_in_the_books(slots: Slots) -> None:
    hand(slots).puts_vnd = 10_000
    assert await failing(slots) == {"in the books": 10_000}
    assert (await slots.money.balance(VISIT)).returned_vnd == 10_000


async def test_nothing_put_in_fails_in_the_books_alone_and_the_slot_is_shut(slots: Slots) -> None:
    hand(slots).puts_vnd = 0
    (nothing,) = await piece(slots, "note", NOTE_VND)
    assert not nothing.passes and "nothing was taken" in nothing.remedy
    assert not slots.device.box.look().due_vnd  # type: ignore[attr-defined]


async def test_a_device_that_counts_its_own_money_wrongly_is_told(slots: Slots) -> None:
    hand(slots).miscounts_vnd = 5_000
    assert await failing(slots) == {"by the device's count": 25_000}


async def test_what_does_not_come_back_or_may_not_have_waits_for_a_person(slots: Slots) -> None:
    hand(slots).loses_payout = True
    assert await failing(slots) == {"given back": 0}
    balance = await slots.money.balance(VISIT)
    assert (balance.owed_vnd, balance.escrow_vnd, balance.unknown_vnd) == (0, 0, NOTE_VND)


async def test_what_a_test_that_was_broken_off_had_taken_waits_for_a_person(slots: Slots) -> None:
    await slots.money.receive(VISIT, "cash/7/1", 5_000)
    await slots.money.owe(VISIT, "calibration/broken off", 2_000)
    await ready(slots)
    balance = await slots.money.balance(VISIT)
    assert (balance.owed_vnd, balance.escrow_vnd, balance.unknown_vnd) == (0, 0, 5_000)


CASH = '[cash]\nclass = "agent.devices.cash.SimulatedCash"\npath = "box.json"\n'


def tram(place: Path, devices: str, *words: str) -> Result:
    return calibrated(place, "cash", devices, *words)


def test_the_command_takes_both_pieces_and_keeps_its_record(tmp_path: Path) -> None:
    box = CashBox(tmp_path / "box.json")

    def put_in() -> None:
        """Put each piece in when it is let in, as a technician does."""
        for value_vnd in (2_000, NOTE_VND):
            until_s = time.monotonic() + 30
            while time.monotonic() < until_s and not box.insert(value_vnd):
                time.sleep(0.02)

    technician = threading.Thread(target=put_in)
    technician.start()
    done = tram(tmp_path, CASH, "--coin", "2000", "--note", str(NOTE_VND))
    technician.join()
    assert done.exit_code == 0 and "Put in ONE coin of 2,000 đ" in done.output, done.output
    (record,) = (tmp_path / "var" / "calibration").glob("*-cash.json")
    figures = json.loads(record.read_bytes())["figures"]
    assert [each[1] for each in figures] == [2_000.0] * 3 + [20_000.0] * 3


def test_why_nothing_was_measured_is_said(tmp_path: Path) -> None:
    unnamed = tram(tmp_path, CASH)
    assert unnamed.exit_code == 2 and "--coin VND" in unnamed.output
    none = tram(tmp_path, "", "--note", "20000")
    assert none.exit_code == 2 and "kiosk.toml has no cash device" in none.output
    box = CashBox(tmp_path / "box.json")
    box.accept(NOTE_VND)
    box.insert(NOTE_VND)
    stray = tram(tmp_path, CASH, "--note", "20000")
    assert stray.exit_code == 2 and "Money came in that no visit has booked yet" in stray.output
    box.set_offline(True)
    away = tram(tmp_path, CASH, "--note", "20000")
    assert away.exit_code == 2 and "does not answer" in away.output
