"""The ccTalk coin acceptor driver against an acceptor on a pseudo-terminal that shares no code with it."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.devices.byte_line import open_line
from agent.devices.cctalk import BAUD, Talk, packet, reply_data
from agent.devices.coin_acceptor_cctalk import CcTalkCoinAcceptor, reading_of, value_named
from agent.devices.errors import CoinAcceptorGarbled, CoinAcceptorSilent, CoinTableDiffers
from agent.devices.status import DeviceState
from contract.clock import SystemClock
from firmware_bridge.board.peripherals.cctalk_acceptor import COINS_VND, CcTalkAcceptor, crc_ccitt
from firmware_bridge.board.peripherals.record import Record

ALL = frozenset(COINS_VND.values())


class Watch:
    """Time for the acceptor's watchdog, moved by the test."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def machine(watch: Watch) -> Iterator[CcTalkAcceptor]:
    with CcTalkAcceptor(Record(), clock=watch) as acceptor:
        yield acceptor


@pytest.fixture
def driver(machine: CcTalkAcceptor) -> CcTalkCoinAcceptor:
    return CcTalkCoinAcceptor(machine.port, COINS_VND, SystemClock())


def test_packets_of_the_specification_and_of_the_field() -> None:
    assert packet(2, 245) == bytes([2, 0, 1, 245, 8])
    assert packet(2, 242) == bytes([2, 0, 1, 242, 11])
    assert reply_data(bytes([1, 3, 2, 0, 78, 97, 188, 143])) == bytes([78, 97, 188])
    assert packet(40, 254, checksum="crc") == bytes([40, 0, 182, 254, 33])
    assert reply_data(bytes([1, 0, 48, 0, 55]), checksum="crc") == b""


@given(st.integers(2, 255), st.integers(1, 254), st.binary(max_size=60), st.data())
def test_any_single_damaged_bit_is_seen(source: int, header: int, data: bytes, draw: st.DataObject) -> None:
    body = bytes([1, len(data), source, 0]) + data
    simple = body + bytes([-sum(body) & 0xFF])
    crc = crc_ccitt(bytes([1, len(data), 0]) + data)
    long = bytes([1, len(data), crc & 0xFF, 0]) + data + bytes([crc >> 8])
    for whole, checksum in ((simple, "simple"), (long, "crc")):
        assert reply_data(whole, checksum=checksum) == data  # type: ignore[arg-type]
        bit = draw.draw(st.integers(0, 8 * len(whole) - 1))
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        assert reply_data(bytes(damaged), checksum=checksum) is None  # type: ignore[arg-type]
    assert len(packet(source, header, data)) == 5 + len(data)


async def test_coins_are_counted_in_order_and_once(machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor) -> None:
    start = await driver.read(None)
    await driver.accept(ALL)
    assert [machine.insert_cctalk_coin(value) for value in (5_000, 500, 1_000)] == ["accepted"] * 3
    first = await driver.read(start.mark)
    assert first.coins_vnd == (5_000, 500, 1_000)
    assert (first.unknown, first.was_reset, first.remarks) == (0, False, ())
    assert (await driver.read(first.mark)).coins_vnd == ()
    assert (await driver.read(start.mark)).coins_vnd == (5_000, 500, 1_000)


async def test_inhibited_coins_fall_through(machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor) -> None:
    assert machine.insert_cctalk_coin(1_000) == "returned"
    await driver.accept(frozenset({2_000}))
    assert [machine.insert_cctalk_coin(value) for value in (1_000, 2_000)] == ["returned", "accepted"]
    await driver.stop_accepting()
    assert machine.insert_cctalk_coin(2_000) == "returned"
    reading = await driver.read(0)
    assert (reading.coins_vnd, reading.remarks) == ((2_000,), (2, 2, 2))


async def test_acceptor_that_nobody_polls_shuts_itself(
    machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor, watch: Watch
) -> None:
    await driver.accept(ALL)
    watch.now_s += 1.5
    assert machine.insert_cctalk_coin(1_000) == "returned"
    await driver.read(0)
    assert machine.insert_cctalk_coin(1_000) == "accepted"


async def test_more_than_five_events_are_named_unknown(machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor) -> None:
    start = await driver.read(None)
    await driver.accept(ALL)
    for value in (500, 500, 1_000, 1_000, 2_000, 2_000, 5_000):
        machine.insert_cctalk_coin(value)
    reading = await driver.read(start.mark)
    assert reading.unknown == 2
    assert reading.coins_vnd == (1_000, 1_000, 2_000, 2_000, 5_000)


async def test_counter_goes_from_255_to_1_without_losing_a_coin(
    machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor
) -> None:
    await driver.accept(ALL)
    reading, taken = await driver.read(0), 0
    for _ in range(130):
        for _ in range(4):
            machine.insert_cctalk_coin(500)
        reading = await driver.read(reading.mark)
        assert (reading.unknown, reading.was_reset) == (0, False)
        taken += sum(reading.coins_vnd)
    assert taken == 520 * 500
    assert 1 <= reading.mark <= 255


async def test_reset_is_told_and_nothing_is_taken_until_accept(
    machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor
) -> None:
    await driver.accept(ALL)
    machine.insert_cctalk_coin(500)
    mark = (await driver.read(0)).mark
    machine.power_cycle_cctalk()
    assert machine.insert_cctalk_coin(500) == "returned"
    reading = await driver.read(mark + 40)
    assert reading.was_reset and reading.coins_vnd == () and reading.remarks == (2,)
    await driver.accept(ALL)
    machine.insert_cctalk_coin(2_000)
    assert (await driver.read(reading.mark)).coins_vnd == (2_000,)


@pytest.mark.parametrize("kind", ["deaf", "mute", "garbage", "noise", "slow"])
async def test_disturbed_line_is_asked_again_and_no_coin_is_lost(
    machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor, kind: str
) -> None:
    await driver.accept(ALL)
    machine.insert_cctalk_coin(1_000)
    machine.disturb_cctalk(kind)  # type: ignore[arg-type]
    assert (await driver.read(0)).coins_vnd == (1_000,)


async def test_lasting_silence_and_lasting_noise_are_different_faults(
    machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor
) -> None:
    machine.disturb_cctalk("mute", 3)
    with pytest.raises(CoinAcceptorSilent, match="header 229"):
        await driver.read(0)
    machine.disturb_cctalk("garbage", 3)
    with pytest.raises(CoinAcceptorGarbled, match="header 229"):
        await driver.read(0)
    assert (await driver.read(0)).coins_vnd == ()


async def test_port_that_is_not_there_is_silence() -> None:
    driver = CcTalkCoinAcceptor("/dev/tram-no-such-port", COINS_VND, SystemClock())
    with pytest.raises(CoinAcceptorSilent, match="no-such-port"):
        await driver.read(0)
    assert (await driver.status()).state is DeviceState.DOWN


async def test_status_runs_the_self_check(machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor) -> None:
    assert (await driver.status()).state is DeviceState.READY
    machine.jam_cctalk()
    status = await driver.status()
    assert status.state is DeviceState.ATTENTION and status.remedy
    assert machine.insert_cctalk_coin(500) == "returned"


async def test_fraud_is_a_remark_and_no_coin(machine: CcTalkAcceptor, driver: CcTalkCoinAcceptor) -> None:
    await driver.accept(ALL)
    machine.cctalk_event(20)
    assert machine.insert_cctalk_coin(300) == "returned"
    reading = await driver.read(0)
    assert (reading.coins_vnd, reading.remarks) == ((), (20, 25))
    assert "slug rejected" in (await driver.status()).detail


async def test_acceptor_that_calls_a_coin_otherwise_is_not_opened(machine: CcTalkAcceptor) -> None:
    wrong = CcTalkCoinAcceptor(machine.port, {1: 500, 2: 2_000}, SystemClock())
    with pytest.raises(CoinTableDiffers, match="VN1K0A"):
        await wrong.accept(frozenset({2_000}))
    assert machine.insert_cctalk_coin(1_000) == "returned"


@pytest.mark.parametrize("echo,crc", [(False, False), (True, True), (False, True)])
async def test_adapters_without_echo_and_crc_packets_work_alike(echo: bool, crc: bool) -> None:
    with CcTalkAcceptor(Record(), echo=echo, crc=crc) as machine:
        driver = CcTalkCoinAcceptor(machine.port, COINS_VND, SystemClock(), checksum="crc" if crc else "simple")
        await driver.accept(ALL)
        machine.insert_cctalk_coin(2_000)
        assert (await driver.read(0)).coins_vnd == (2_000,)


async def test_wrong_kind_of_checksum_is_silence(machine: CcTalkAcceptor) -> None:
    driver = CcTalkCoinAcceptor(machine.port, COINS_VND, SystemClock(), checksum="crc")
    with pytest.raises(CoinAcceptorSilent):
        await driver.read(0)


async def test_credits_are_the_coins_in_the_box() -> None:
    record = Record()
    with CcTalkAcceptor(record) as machine:
        driver = CcTalkCoinAcceptor(machine.port, COINS_VND, SystemClock())
        await driver.accept(frozenset({500, 2_000}))
        mark, credited = 0, 0
        for value in (500, 1_000, 2_000, 5_000, 500, 2_000):
            machine.insert_cctalk_coin(value)
            reading = await driver.read(mark)
            mark, credited = reading.mark, credited + sum(reading.coins_vnd)
        assert credited == record.sums()["box"] == 5_000
        assert record.sums()["tray"] == 6_000


@given(st.integers(0, 255), st.lists(st.sampled_from([(1, 1), (4, 1), (0, 2)]), max_size=40))
def test_arithmetic_agrees_with_an_acceptor_counted_by_hand(start: int, events: list[tuple[int, int]]) -> None:
    counter, slots = start, [(2, 1)] * min(start, 5) + [(0, 0)] * (5 - min(start, 5))
    for event in events:
        counter = 1 if counter == 255 else counter + 1
        slots = [event, *slots[:4]]
    buffer = bytes([counter, *(byte for slot in slots for byte in slot)])
    reading = reading_of(buffer, start, COINS_VND)
    seen = events[-5:]
    assert reading.mark == counter
    assert not reading.was_reset
    assert reading.unknown == len(events) - len(seen)
    assert reading.coins_vnd == tuple(COINS_VND[channel] for channel, _ in seen if channel)
    assert reading.remarks == tuple(code for channel, code in seen if not channel)


@given(st.integers(1, 255), st.integers(0, 4))
def test_reset_between_two_readings_is_seen_where_fewer_events_followed(before: int, since: int) -> None:
    slots = [(1, 1)] * since + [(0, 0)] * (5 - since)
    reading = reading_of(bytes([since, *(byte for slot in slots for byte in slot)]), before, COINS_VND)
    assert reading.was_reset == (since < before)
    if reading.was_reset:
        assert reading.coins_vnd == (500,) * since and reading.unknown == 0


def test_coin_of_an_unconfigured_channel_is_unknown() -> None:
    buffer = bytes([1, 9, 1, *[0] * 8])
    assert reading_of(buffer, 0, COINS_VND).unknown == 1


@pytest.mark.parametrize(
    "name,value_vnd",
    [
        (b"VN500A", 500),
        (b"VN1K0A", 1_000),
        (b"VN2K5B", 2_500),
        (b"VN10KA", 10_000),
        (b"EU100A", None),
        (b"......", None),
    ],
)
def test_coin_names(name: bytes, value_vnd: int | None) -> None:
    assert value_named(name) == value_vnd


async def test_answer_of_another_length_came_late_and_is_not_taken(machine: CcTalkAcceptor) -> None:
    line = await open_line(machine.port, baud=BAUD)
    try:
        talk = Talk(line, SystemClock(), address=2, checksum="simple")
        with pytest.raises(CoinAcceptorGarbled):
            await talk.ask(254, expects=11)
        assert len(await talk.ask(229, expects=11)) == 11
    finally:
        line.close()
