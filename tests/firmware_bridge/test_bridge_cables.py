"""The same suite over four cables: clean, one byte at a time, a fifth of the frames lost, everything late."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from bridge_rig import Host, Rig, running_rig, until
from cable import Cable, Delaying, Losing, Manner, OneByteAtATime

from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import NothingThere
from firmware_bridge.firmware_image import source_build_id
from firmware_bridge.protocol import (
    AcceptCoins,
    AskDenominations,
    DecideNote,
    Denominations,
    Device,
    DeviceState,
    Echo,
    Escrow,
    EventKind,
)

pytestmark = [
    pytest.mark.usefixtures("firmware"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]


@pytest.fixture(params=[Manner, OneByteAtATime, Losing, Delaying])
async def wired(request: pytest.FixtureRequest, firmware: None, tmp_path: Path) -> AsyncIterator[tuple[Rig, Host]]:
    """A kiosk's box and its host, joined by one of the cables."""
    manner: Callable[[], Manner] = request.param
    async with running_rig(tmp_path, speed=1) as rig:
        cable = Cable.lay(rig.board.port, manner)
        host = Host(await Bridge.open(cable.port, timeout_s=10), rig.ledger)
        try:
            yield rig, host
        finally:
            await host.die()
            cable.cut()


async def test_handshake_commands_tables_refusals_and_a_coin(wired: tuple[Rig, Host]) -> None:
    rig, host = wired
    bridge = host.bridge
    assert bridge.identity and bridge.identity.build == source_build_id()
    for number in range(10):
        await bridge.send(Echo(value=number))
    await until(lambda: _state(bridge, Device.CHANGER) is DeviceState.INHIBITED)
    table = await bridge.send(AskDenominations(device=Device.CHANGER))
    assert isinstance(table, Denominations)
    assert set(table.values) >= {500, 1000, 2000, 5000}
    with pytest.raises(NothingThere):
        await bridge.send(DecideNote(decision=Escrow.STACK))
    await bridge.send(AcceptCoins(types=0xFFFF, pulse_value=0))
    await until(lambda: _state(bridge, Device.CHANGER) is DeviceState.ACCEPTING)
    await _insert_until_taken(rig)
    await until(lambda: rig.ledger.coins_in() == 5000)
    await asyncio.sleep(1.5)
    assert rig.ledger.sum(EventKind.COIN_TUBE) == 5000


def _state(bridge: Bridge, device: Device) -> DeviceState | None:
    report = bridge.state.devices.get(device)
    return report.state if report else None


async def _insert_until_taken(rig: Rig) -> None:
    """A lease that a bad cable let lapse shuts the acceptor for a moment."""
    while await rig.do("insert_coin", value_vnd=5000) != "accepted":
        await asyncio.sleep(0.2)
