"""The firmware in simavr: its bus timing, its lease, its EEPROM through kills of either side."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from bridge_rig import Host, Rig, running_rig, until
from recorded_bus import RecordedBus

from firmware_bridge.board.peripherals.hand import DeedRefused
from firmware_bridge.board.simulated_board import SimulatedBoard
from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import BoardSilent, BridgeError, LeaseRunOut, PortLost
from firmware_bridge.protocol import (
    AcceptCoins,
    AcceptNotes,
    DecideNote,
    Device,
    DeviceState,
    Dispense,
    Escrow,
    EventKind,
    ExtendLease,
    NoteState,
    RunMotor,
    SetLamp,
    SetLock,
)

pytestmark = [
    pytest.mark.usefixtures("firmware"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]
WORD_US = 1146


@asynccontextmanager
async def recorded(folder: Path, *, speed: int) -> AsyncIterator[tuple[RecordedBus, Bridge, SimulatedBoard]]:
    bus = RecordedBus()
    server = await bus.listen(folder / "bus")
    board = SimulatedBoard(folder, bus=folder / "bus", speed=speed)
    await board.start()
    try:
        async with await Bridge.open(board.port) as bridge:
            yield bus, bridge, board
    finally:
        await board.stop()
        server.close()


def _is(bridge: Bridge, device: Device, state: DeviceState) -> bool:
    report = bridge.state.devices.get(device)
    return report is not None and report.state is state


async def test_silence_brings_everything_to_rest_within_the_lease_and_gives_the_note_back(tmp_path: Path) -> None:
    async with recorded(tmp_path, speed=1) as (bus, bridge, _):
        await until(lambda: _is(bridge, Device.VALIDATOR, DeviceState.INHIBITED))
        await bridge.extend_lease()
        await bridge.send(AcceptNotes(types=0xFFFF))
        await until(lambda: _is(bridge, Device.VALIDATOR, DeviceState.ACCEPTING))
        await bridge.extend_lease()
        assert bus.machines.bills.insert_note(20_000) == "drawn in"
        while not (bridge.state.note and bridge.state.note.state is NoteState.ESCROW):
            await bridge.extend_lease()
            await asyncio.sleep(0.1)
        await bridge.send(AcceptCoins(types=0xFFFF, pulse_value=1000))
        await bridge.send(SetLamp(red=0, green=255, blue=0, quarters=1))
        await bridge.send(SetLock(unlocked=1))
        await bridge.send(RunMotor(turns=200, limit_ms=60_000))
        before_us = bus.now_us
        await bridge.extend_lease()
        after_us = bus.now_us + 5_000
        await until(lambda: bus.machines.counts()["tray"] == 20_000)
        reactions = {
            pin: bus.when(pin, value, after_us=after_us)
            for pin, value in (("lock", 0), ("motor", 0), ("lamp_r", 255), ("lamp_right", 1), ("inhibit_pulse", 1))
        }
        assert max(reactions.values()) <= after_us + 2_005_000
        assert min(reactions.values()) >= before_us + 1_995_000
        order_us = next(at for at, word in bus.words if word == 0x135 and at > after_us)
        assert order_us - max(reactions.values()) < 400_000


async def test_bus_words_follow_each_other_at_9600_baud_with_the_mode_bit_on_addresses(tmp_path: Path) -> None:
    async with recorded(tmp_path, speed=2) as (bus, bridge, _):
        for device in (Device.VALIDATOR, Device.CHANGER, Device.READER):
            await until(lambda each=device: _is(bridge, each, DeviceState.INHIBITED))  # type: ignore[misc]
        words = bus.words
    addresses = {word for _, word in words if word & 0x100}
    assert addresses >= {0x133, 0x131, 0x134, 0x136, 0x10B, 0x109, 0x10A, 0x10C, 0x112}
    gaps_us = [after - at for (at, word), (after, _) in pairwise(words) if word & 0x100]
    assert all(WORD_US - 3 <= gap <= WORD_US + 200 for gap in gaps_us), "address and checksum belong together"


async def test_an_answer_is_acknowledged_within_5_ms(tmp_path: Path) -> None:
    async with recorded(tmp_path, speed=2) as (bus, bridge, _):
        await until(lambda: _is(bridge, Device.CHANGER, DeviceState.INHIBITED))
        words = bus.words
    setup = next(at for at, (_, word) in enumerate(words) if word == 0x109)
    asked_us, acknowledged_us = words[setup + 1][0], words[setup + 2][0]
    assert words[setup + 2][1] == 0x000
    answer_us = 24 * WORD_US  # 23 bytes and their checksum
    assert acknowledged_us - asked_us - answer_us - WORD_US < 5_000 + 1_000


async def test_without_a_lease_nothing_moves_and_the_refusal_names_the_remedy(tmp_path: Path) -> None:
    async with recorded(tmp_path, speed=4) as (_, bridge, _board):
        await asyncio.sleep(0.6)
        with pytest.raises(LeaseRunOut, match="Extend the lease"):
            await bridge.send(SetLock(unlocked=1))


async def test_a_dead_port_and_a_dumb_board_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(PortLost, match="USB cable"):
        await Bridge.open(str(tmp_path / "none"))
    board = SimulatedBoard(tmp_path)
    await board.start()
    async with await Bridge.open(board.port) as bridge:
        await board.cut_power()
        with pytest.raises((BoardSilent, PortLost)):
            await bridge.send(ExtendLease())
            await bridge.send(ExtendLease())


async def test_a_reset_amid_a_session_is_told_and_healed(tmp_path: Path) -> None:
    async with recorded(tmp_path, speed=4) as (_, bridge, board):
        first = bridge.identity
        board.reset()
        while bridge.identity is first:
            await asyncio.sleep(0.02)
            with contextlib.suppress(BridgeError):
                await bridge.extend_lease()
        await bridge.extend_lease()
        assert first is not None


async def _tend(rig: Rig, host: list[Host], dice: random.Random) -> None:
    """Keep the acceptors open and decide on notes, as the agent does, whatever falls over."""
    while True:
        with contextlib.suppress(BridgeError):
            bridge = host[0].bridge
            await bridge.send(AcceptNotes(types=0xFFFF))
            await bridge.send(AcceptCoins(types=0xFFFF, pulse_value=0))
            if bridge.state.note and bridge.state.note.state is NoteState.ESCROW:
                await bridge.send(DecideNote(decision=dice.choice([Escrow.STACK, Escrow.STACK, Escrow.RETURN])))
        await asyncio.sleep(0.05)


async def _move_money(rig: Rig, host: Host, dice: random.Random, key: int) -> None:
    with contextlib.suppress(BridgeError, DeedRefused):
        match dice.randrange(4):
            case 0 | 1:
                await rig.do("insert_coin", value_vnd=dice.choice([500, 1000, 2000, 5000]))
            case 2:
                await rig.do("insert_note", value_vnd=dice.choice([10_000, 20_000, 50_000]))
            case _:
                await host.bridge.send(Dispense(key=key, value=dice.choice([3_000, 8_500, 17_000])))


async def _cut(rig: Rig, host: Host, dice: random.Random) -> Host:
    """Reset the board, cut its power or everything's, or kill the host."""
    match dice.randrange(4):
        case 0:
            rig.board.reset()
            return host
        case 1:
            await rig.board.cut_power()
            await rig.board.start()
        case 2:
            await rig.board.cut_power()
            await rig.do("power", device="all", action="cycle")
            await rig.board.start()
    await host.die()
    return await rig.host()


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_at_random_moments_the_ledger_equals_what_lies_in_the_box(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    async with running_rig(tmp_path, speed=5) as rig:
        begun = await rig.do("counts")
        host = [await rig.host()]
        tending = asyncio.create_task(_tend(rig, host, dice))
        for key in range(1, 13):
            await asyncio.sleep(dice.uniform(0.1, 1.2))
            await _move_money(rig, host[0], dice, key)
            await asyncio.sleep(dice.uniform(0.0, 0.6))
            host[0] = await _cut(rig, host[0], dice)
        await rig.passes(15)
        tending.cancel()
        await rig.passes(10)
        ended, ledger = await rig.do("counts"), rig.ledger
        await host[0].die()
    coins = ended["tube"] + ended["box"] - begun["tube"] - begun["box"]
    assert ended["cassette"] == ledger.sum(EventKind.NOTE_STACKED)
    assert coins == ledger.coins_in() - ledger.sum(EventKind.PAYOUT_DONE)
    assert ledger.sum(EventKind.NOTE_UNKNOWN) == 0
    assert sorted(serial for _, serial in ledger.events) == list(range(1, len(ledger.events) + 1))
