"""Whatever is inserted, commanded, disturbed or cut: every đồng is in one place, and credits are what was stacked."""

import inspect
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware_bridge.board.peripherals.bill_validator import NOTES_VND
from firmware_bridge.board.peripherals.coin_changer import TUBES_VND
from firmware_bridge.board.peripherals.coin_path import CoinFate
from firmware_bridge.board.peripherals.hand import Control, DeedRefused, Hand
from firmware_bridge.board.peripherals.line import Line
from firmware_bridge.board.peripherals.machines import FIRST_FILL, Machines
from firmware_bridge.board.peripherals.record import Move, PhysicsViolated, Place, Record
from tests.firmware_bridge.peripherals_master import Damaged, Master, Refused

INSIDE = ("transport", "escrow", "jam", "cassette", "tube", "box", "tray", "taken", "collected")
FILLED_VND = FIRST_FILL * sum(TUBES_VND)

Deed = Callable[[Master], object]


def _insert(value_vnd: int) -> Deed:
    return lambda master: master.machines.bills.insert_note(value_vnd)


def _drop(value_vnd: int) -> Deed:
    return lambda master: master.machines.coins.insert_coin(value_vnd)


def _fate(fate: CoinFate) -> Deed:
    return lambda master: master.machines.coins.next_coin(fate)


def _command(*data: int) -> Deed:
    return lambda master: master.command(*data)


def _unheard(*data: int) -> Deed:
    return lambda master: master.command(*data, ack=False)


def _disturb(device: str, kind: str) -> Deed:
    return lambda master: master.machines.disturb(device, kind)  # type: ignore[arg-type]


DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.sampled_from(NOTES_VND).map(_insert),
    st.sampled_from(sorted(TUBES_VND)).map(_drop),
    st.sampled_from(list(CoinFate)).map(_fate),
    st.integers(1, 400).map(lambda steps: lambda master: master.wait(5 * steps)),
    st.sampled_from([
        _command(0x33), _unheard(0x33), _command(0x35, 1), _command(0x35, 0), _command(0x30), _command(0x0B),
        _unheard(0x0B), _command(0x08), _command(0x0D, 0x21), _command(0x0F, 1, 0, 0, 0, 1),
        _command(0x34, 0xFF, 0xFF, 0xFF, 0xFF), _command(0x34, 0xFF, 0xFF, 0, 0), _command(0x0C, 0xFF, 0xFF, 0, 0),
        lambda master: master.machines.power("all", "cycle"),
        lambda master: master.machines.wire.connected(),
        lambda master: master.machines.bills.jam_note("transport"),
        lambda master: master.machines.bills.jam_note("stacking"),
        lambda master: master.machines.bills.clear_note_jam(),
        lambda master: master.machines.bills.pull_note(),
        lambda master: master.machines.bills.remove_cassette(),
        lambda master: master.machines.bills.put_cassette(),
        lambda master: master.machines.coins.clear_coin_jam(),
        lambda master: master.machines.coins.collect_box(),
        lambda master: master.machines.take_tray(),
    ]),
    st.integers(1, 255).map(lambda units: _command(0x0F, 2, units)),
    st.tuples(
        st.sampled_from(["bill_validator", "coin_changer"]),
        st.sampled_from(["deaf", "mute", "garbage", "nak", "slow", "lost_ack"]),
    ).map(lambda chosen: _disturb(*chosen)),
)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DEEDS, max_size=40))
def test_inserted_is_what_lies_inside_or_came_back_whatever_happens(deeds: list[Deed]) -> None:
    master = Master(Machines(Record()))
    for deed in deeds:
        try:
            deed(master)
        except (Damaged, Refused):
            continue
    counts = master.machines.counts()
    assert sum(counts.values()) == 0
    assert all(counts[place] >= 0 for place in INSIDE)
    assert -counts["hand"] - counts["technician"] == sum(counts[place] for place in INSIDE)
    assert -counts["technician"] == FILLED_VND


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NOTES_VND), st.integers(0, 800), st.booleans(), st.booleans()), max_size=12))
def test_credits_told_are_the_notes_stacked_through_any_power_cuts(
    notes: list[tuple[int, int, bool, bool]],
) -> None:
    master = Master(Machines(Record()))
    told = list[int]()
    for value_vnd, steps, cut, heard in notes:
        master.enable_notes(escrow=False)
        master.machines.bills.insert_note(value_vnd)
        master.wait(5 * steps)
        said = master.command(0x33, ack=heard) or b""
        if heard:
            told += [NOTES_VND[code & 0x0F] for code in said if code & 0xF0 == 0x80]
        if cut:
            master.machines.power("all", "cycle")
    master.wait(5_000)
    told += [NOTES_VND[code & 0x0F] for code in master.drain(0x33) if code & 0xF0 == 0x80]
    assert sum(told) == master.machines.counts()["cassette"]


def _words_of_a_purchase(master: Master) -> Iterator[None]:
    """Take a note and give change, word by word; yield after each word."""
    script = (
        (0x34, 0xFF, 0xFF, 0xFF, 0xFF), (0x33,), (0x35, 0x01), (0x33,), (0x0F, 1, 0, 0, 0, 1), (0x0F, 2, 20), (0x0B,),
        (0x0F, 3), (0x0A,),
    )  # fmt: skip
    master.machines.bills.insert_note(10_000)
    for command in script:
        master.wait(1_300)
        *words, check = (0x100 | command[0], *command[1:], sum(command) & 0xFF)
        for word in (*words, check, 0x00):
            master.send(word)
            yield


def test_power_cut_at_every_word_leaves_every_piece_in_one_place() -> None:
    words = sum(1 for _ in _words_of_a_purchase(Master(Machines(Record()))))
    assert words >= 40
    for cut in range(words):
        master = Master(Machines(Record()))
        master.enable_notes()
        for _ in zip(range(cut + 1), _words_of_a_purchase(master), strict=False):
            pass
        master.machines.power("all", "cycle")
        master.wait(4_000)
        counts = master.machines.counts()
        notes = counts["cassette"] + master.machines.record.pieces("bill_validator", Place.TRAY).get(10_000, 0) * 10_000
        taken_in = 10_000 if -counts["hand"] else 0
        assert notes == taken_in
        assert counts["tube"] + counts["tray"] - (notes - counts["cassette"]) == FILLED_VND


def test_record_is_taken_up_again_with_its_debts_and_a_torn_line_did_not_happen(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    first = Master(Machines(Record(path)))
    first.enable_notes(escrow=False)
    first.machines.bills.insert_note(20_000)
    first.wait(3_000)
    before = first.machines.counts()
    first.machines.record.close()
    with path.open("ab") as file:
        file.write(b'{"seq":99,"at_us":1,"device":"bill_v')
    again = Machines(Record(path))
    assert again.counts() == before
    assert [entry["code"] for entry in again.owed()] == ["84"]
    assert Master(again).command(0x33) == b"\x84\x06\x09"
    assert again.owed() == []
    assert path.read_bytes().endswith(b"\n")


def test_piece_from_nowhere_is_a_fault_of_the_simulator() -> None:
    record = Record()
    with pytest.raises(PhysicsViolated, match="with 0 there"):
        record.write(
            "any", "test", 0, move=Move(kind="note", value_vnd=1_000, origin=Place.ESCROW, target=Place.CASSETTE)
        )
    assert record.entries == []


@pytest.mark.parametrize(
    "deed,complaint",
    [
        (b'{"do":"insert_not"}', "no deed"),
        (b'{"do":"insert_note"}', "value_vnd"),
        (b'{"do":"insert_note","value_vnd":"many"}', "int"),
        (b'{"do":"insert_note","value_vnd":1000,"color":"red"}', "color"),
        (b'{"do":"disturb","device":"bill_validator","kind":"rude"}', "rude"),
        (b'{"do":"jam_note","where":"anywhere"}', "anywhere"),
        (b"not json", "malformed"),
        (b'{"do":"empty_tube","value_vnd":7}', ""),
    ],
)
def test_deed_that_can_t_be_done_is_refused_with_its_reason(deed: bytes, complaint: str) -> None:
    reply = Control(Machines(Record()).verbs()).do(deed)
    if complaint:
        assert not reply.ok and complaint in reply.error
    else:
        assert reply.ok and reply.result == 0


def test_every_verb_can_be_bound_and_none_hides_another() -> None:
    machines = Machines(Record())
    parts = [each.verbs() for each in (machines.bills, machines.coins, machines.card, machines.cabinet)]
    names = [name for part in parts for name in part if name not in ("look", "power_off", "power_on", "power_cycle")]
    assert len(names) == len(set(names))
    assert set(names) <= set(machines.verbs())
    assert not any("do" in inspect.signature(verb).parameters for verb in machines.verbs().values())
    assert Control(machines.verbs()).do(b'{"do":"power","device":"all","action":"cycle"}').ok


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], subprocess.Popen[bytes]]]]:
    """A folder and a way to start the machines in it; whatever still runs is ended."""
    started = list[subprocess.Popen[bytes]]()

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "firmware_bridge.board.peripherals"]
        for option in ("socket", "control", "record"):
            command += [f"--{option}", str(tmp_path / option)]
        started.append(subprocess.Popen(command, cwd=Path(__file__).parents[2]))
        return started[-1]

    yield tmp_path, start
    for each in started:
        each.kill()
        each.wait()


def _hand(path: Path) -> Hand:
    for _ in range(400):
        try:
            return Hand(path)
        except (FileNotFoundError, ConnectionRefusedError):
            time.sleep(0.05)
    raise AssertionError("the machines did not start within 20 s")


def test_killed_process_comes_up_with_what_lay_in_it(
    process: tuple[Path, Callable[[], subprocess.Popen[bytes]]],
) -> None:
    folder, start = process
    first = start()
    with _hand(folder / "control") as hand:
        assert hand.do("counts")["tube"] == FILLED_VND
        assert hand.do("fill_tube", value_vnd=5_000, count=2) == 2
        with pytest.raises(DeedRefused):
            hand.do("dance")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    start()
    with _hand(folder / "control") as hand:
        assert hand.do("counts")["tube"] == FILLED_VND + 10_000
        assert hand.do("look")["coin_changer"]["tubes"]["5000"] == FIRST_FILL + 2


def test_board_and_hand_meet_over_sockets(process: tuple[Path, Callable[[], subprocess.Popen[bytes]]]) -> None:
    folder, start = process
    machines = start()
    with _hand(folder / "control") as hand, Board(folder / "socket") as board:
        assert board.ask("T 5000").startswith("I door 0")
        board.words(5_000, 0x134, 0xFF, 0xFF, 0, 0, 0x32)
        assert hand.do("insert_note", value_vnd=20_000) == "drawn in"
        for tick in range(4, 1_000):
            board.ask(f"T {tick * 5_000}")
        assert hand.do("counts")["cassette"] == 20_000
        assert board.words(5_000_000, 0x133, 0x33)[-1] == "R 1200 6 84 18a"
        machines.terminate()
        assert machines.wait(10) == 0


class Board:
    """A board's end of the wire over a real socket."""

    def __init__(self, path: Path) -> None:
        self._hand = Hand(path)

    def __enter__(self) -> "Board":
        return self

    def __exit__(self, *_: object) -> None:
        self._hand.close()

    def ask(self, question: str) -> str:
        self._hand._socket.sendall(question.encode() + b"\n")
        return self._hand._lines.readline().decode().strip()

    def words(self, at_us: int, *words: int) -> list[str]:
        return [self.ask(f"M {at_us + 1_200 * (number + 1)} {word:x}") for number, word in enumerate(words)]


def test_line_repeats_after_mute_answer() -> None:
    master = Master(Machines(Record()))
    line = master.machines.bus.lines[0x30]
    assert isinstance(line, Line)
    line.disturb("mute")
    assert master.command(0x36) is None
    assert master.command(0x36) == b"\x00\x00"
