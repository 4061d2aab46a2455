"""Sales by card through the firmware in simavr, judged by the bank behind the simulated reader."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bridge_rig import Host, Rig, running_rig, until

from firmware_bridge.bridge import Bridge
from firmware_bridge.errors import NothingThere, PartBusy, PartNotReady
from firmware_bridge.protocol import AskVend, Device, DeviceState, EnableCashless, EventKind, SettleVend, VendState

pytestmark = [
    pytest.mark.usefixtures("firmware"),
    pytest.mark.xdist_group("board"),  # two simulated boards at once would starve each other
]
KEY, PRICE_VND = 501, 15_000


@pytest.fixture
async def rig(firmware: None, tmp_path: Path) -> AsyncIterator[Rig]:
    async with running_rig(tmp_path, speed=2) as running:
        yield running


async def _ready(host: Host) -> Bridge:
    bridge = host.bridge
    await until(lambda: _reader(bridge) is DeviceState.INHIBITED)
    await bridge.send(EnableCashless(enabled=1))
    await until(lambda: _reader(bridge) is DeviceState.ACCEPTING)
    return bridge


def _reader(bridge: Bridge) -> DeviceState | None:
    report = bridge.state.devices.get(Device.READER)
    return report.state if report else None


def _vend(bridge: Bridge) -> VendState | None:
    return bridge.state.vend.state if bridge.state.vend else None


async def _approved(rig: Rig, host: Host) -> Bridge:
    bridge = await _ready(host)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    assert await rig.do("present_card", funds_vnd=100_000) == "read"
    await until(lambda: rig.ledger.sum(EventKind.VEND_APPROVED) == PRICE_VND)
    await until(lambda: _vend(bridge) is VendState.APPROVED)
    return bridge


async def _bank(rig: Rig) -> tuple[int, int]:
    cashless = (await rig.do("look"))["cashless"]
    return cashless["held_vnd"], cashless["captured_vnd"]


async def test_a_sale_is_captured_on_the_hosts_word_only(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    assert await _bank(rig) == (PRICE_VND, 0)
    await bridge.send(SettleVend(key=KEY, commit=1))
    await until(lambda: rig.ledger.sum(EventKind.VEND_COMMITTED) == PRICE_VND)
    assert await _bank(rig) == (0, PRICE_VND)
    await until(lambda: _vend(bridge) is VendState.IDLE)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    await asyncio.sleep(0.5)
    assert await _bank(rig) == (0, PRICE_VND), "the same key is charged once"
    await host.die()


async def test_a_sale_asked_for_again_is_answered_alike_while_nothing_can_be_sold(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    await bridge.send(EnableCashless(enabled=0))
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    with pytest.raises(PartNotReady):
        await bridge.send(AskVend(key=KEY + 1, value=PRICE_VND))
    await bridge.send(SettleVend(key=KEY, commit=1))
    await until(lambda: rig.ledger.sum(EventKind.VEND_COMMITTED) == PRICE_VND)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    assert await _bank(rig) == (0, PRICE_VND)
    await host.die()


async def test_an_approved_sale_is_refunded_on_the_hosts_word(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    await bridge.send(SettleVend(key=KEY, commit=0))
    await until(lambda: rig.ledger.sum(EventKind.VEND_REFUNDED) == PRICE_VND)
    assert await _bank(rig) == (0, 0)
    await host.die()


async def test_a_declined_card_leaves_no_event_and_frees_the_reader(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _ready(host)
    await rig.do("bank_says", verdict="decline", answer_ms=300)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    with pytest.raises(PartBusy):
        await bridge.send(AskVend(key=KEY + 1, value=PRICE_VND))
    await rig.do("present_card", funds_vnd=100_000)
    await until(lambda: _vend(bridge) is VendState.DENIED)
    await until(lambda: _vend(bridge) is VendState.IDLE)
    assert not rig.ledger.events
    with pytest.raises(NothingThere):
        await bridge.send(SettleVend(key=KEY, commit=1))
    await host.die()


@pytest.mark.parametrize("verdict", ["approve", "decline"])
async def test_a_reader_that_is_slow_to_end_a_session_is_told_once_and_waited_for(rig: Rig, verdict: str) -> None:
    host = await rig.host()
    await rig.do("end_slowly", end_ms=700)
    bridge = await _ready(host)
    await rig.do("bank_says", verdict=verdict, answer_ms=100)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    await rig.do("present_card", funds_vnd=100_000)
    if verdict == "approve":
        await until(lambda: _vend(bridge) is VendState.APPROVED)
        await bridge.send(SettleVend(key=KEY, commit=1))
    await until(lambda: _vend(bridge) is VendState.ENDING)
    await until(lambda: _vend(bridge) is VendState.IDLE)
    assert (await rig.do("look"))["cashless"]["out_of_sequence"] == 0
    await host.die()


async def test_a_sale_is_not_tied_to_a_card_that_came_when_none_was_wanted(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _ready(host)
    await rig.do("present_card", funds_vnd=100_000)
    await until(lambda: _vend(bridge) is VendState.SESSION)
    await rig.do("disturb", device="cashless", kind="deaf", commands=40)
    for enabled in (0, 1):
        await bridge.send(EnableCashless(enabled=enabled))
    with pytest.raises(PartBusy):
        await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    await until(lambda: _vend(bridge) is VendState.IDLE)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    await rig.do("present_card", funds_vnd=100_000)
    await until(lambda: rig.ledger.sum(EventKind.VEND_APPROVED) == PRICE_VND)
    await host.die()


async def test_a_sale_that_waits_for_its_card_goes_on_waiting_when_the_reader_begins_anew(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _ready(host)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    await rig.do("power", device="cashless", action="cycle")
    await until(lambda: _reader(bridge) is DeviceState.STARTING)
    await until(lambda: _reader(bridge) is DeviceState.ACCEPTING)
    await rig.do("present_card", funds_vnd=100_000)
    await until(lambda: rig.ledger.sum(EventKind.VEND_APPROVED) == PRICE_VND)
    assert await _bank(rig) == (PRICE_VND, 0)
    await host.die()


async def test_an_approved_sale_outlives_a_reset_of_the_board_and_can_still_be_committed(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    before = bridge.identity
    rig.board.reset()
    await until(lambda: bridge.identity is not before and _vend(bridge) is VendState.APPROVED)
    await bridge.extend_lease()
    await bridge.send(SettleVend(key=KEY, commit=1))
    await until(lambda: rig.ledger.sum(EventKind.VEND_COMMITTED) == PRICE_VND)
    assert await _bank(rig) == (0, PRICE_VND)
    await host.die()


async def test_after_a_reset_amid_a_sale_the_next_one_is_asked_for_in_the_reader_s_own_scale(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    before = bridge.identity
    rig.board.reset()
    await until(lambda: bridge.identity is not before and _vend(bridge) is VendState.APPROVED)
    await bridge.extend_lease()
    await bridge.send(SettleVend(key=KEY, commit=1))
    await until(lambda: rig.ledger.sum(EventKind.VEND_COMMITTED) == PRICE_VND)
    await until(lambda: _reader(bridge) is DeviceState.INHIBITED)
    await bridge.send(EnableCashless(enabled=1))
    await until(lambda: _reader(bridge) is DeviceState.ACCEPTING)
    await bridge.send(AskVend(key=KEY + 1, value=PRICE_VND))
    assert await rig.do("present_card", funds_vnd=6_000_000) == "read"
    await until(lambda: _vend(bridge) is VendState.APPROVED)
    assert await _bank(rig) == (PRICE_VND, PRICE_VND)
    await host.die()


async def test_a_reader_that_loses_power_amid_a_sale_makes_it_unknown(rig: Rig) -> None:
    host = await rig.host()
    await _approved(rig, host)
    await rig.do("power", device="cashless", action="cycle")
    await until(lambda: rig.ledger.sum(EventKind.VEND_UNKNOWN) == PRICE_VND)
    assert rig.ledger.sum(EventKind.VEND_COMMITTED) == 0
    await host.die()


@pytest.mark.parametrize("wait_s", [0.0, 0.01, 0.03, 0.06])
async def test_committed_is_said_only_of_what_was_captured_whenever_the_reader_is_reset(
    rig: Rig, wait_s: float
) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    await rig.do("power", device="cashless", action="cycle")
    await asyncio.sleep(wait_s)
    with contextlib.suppress(NothingThere):
        await bridge.send(SettleVend(key=KEY, commit=1))
    ends = EventKind.VEND_COMMITTED, EventKind.VEND_UNKNOWN
    await until(lambda: rig.ledger.sum(*ends) == PRICE_VND)
    assert rig.ledger.sum(EventKind.VEND_COMMITTED) == (await _bank(rig))[1]
    await host.die()


async def test_a_refund_that_the_reader_could_not_make_is_told_as_unknown(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _approved(rig, host)
    await rig.do("fail_refunds", failing=True)
    await bridge.send(SettleVend(key=KEY, commit=0))
    await until(lambda: rig.ledger.sum(EventKind.VEND_UNKNOWN) == PRICE_VND)
    assert not rig.ledger.sum(EventKind.VEND_REFUNDED) and await _bank(rig) == (PRICE_VND, 0)
    await host.die()


async def test_a_host_that_dies_before_the_card_comes_charges_nothing(rig: Rig) -> None:
    host = await rig.host()
    bridge = await _ready(host)
    await bridge.send(AskVend(key=KEY, value=PRICE_VND))
    await host.die()
    async with asyncio.timeout(60):
        while (await rig.do("look"))["cashless"]["state"] != "disabled":
            await asyncio.sleep(0.05)
    assert await rig.do("present_card", funds_vnd=100_000) == "ignored"
    assert await _bank(rig) == (0, 0)
