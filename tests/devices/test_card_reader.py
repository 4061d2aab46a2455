"""The card reader against a real pcscd and a virtual card: exchanges of every length, and each way of losing a card."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.apdu import Command, get_challenge, select
from agent.devices.card_reader import CardReader, PcscReader, SimulatedCardReader
from agent.devices.errors import CardMute, CardReaderFailed, CardReaderUnreachable, CardRemoved, DeviceError, NoCard
from agent.devices.status import DeviceState
from contract.clock import Deadline, SimulatedClock, SystemClock
from provisioning.onebox.card_reader import NAME, CardReaderStandIn
from provisioning.onebox.virtual_card import Heard, VirtualCard

EMRTD = bytes.fromhex("a0000002471001")
ECHO = 0xEC


class EchoCard(VirtualCard):
    """Says back what it was told, as far as it is wanted."""

    def answer(self, command: Heard) -> tuple[bytes, int]:
        if command.ins == ECHO:
            return command.data[: command.wanted] or bytes(command.wanted), 0x9000
        return super().answer(command)


class HoldingCard(VirtualCard):
    """An old card: says by 6C how many bytes there are, and holds the second half back (61)."""

    told = bytes(range(100))

    def answer(self, command: Heard) -> tuple[bytes, int]:
        if command.ins == 0xC0:
            return self.told[60:], 0x9000
        if command.ins == 0xB0:
            return (self.told[:60], 0x6128) if command.wanted == 100 else (b"", 0x6C64)
        return super().answer(command)


@pytest.fixture
def desk(card_stand_in: CardReaderStandIn) -> Iterator[CardReaderStandIn]:
    """The reader without a card."""
    card_stand_in.take_off()
    yield card_stand_in
    card_stand_in.take_off()


@pytest.fixture
def reader(desk: CardReaderStandIn) -> PcscReader:
    return PcscReader(NAME, socket=desk.socket)


async def seen(reader: CardReader) -> None:
    assert await reader.wait_for_card(True, soon())


def soon(seconds: float = 20.0) -> Deadline:
    return Deadline.after(SystemClock(), seconds)


async def test_application_is_selected_and_challenge_is_new_each_time(
    desk: CardReaderStandIn, reader: PcscReader
) -> None:
    card = VirtualCard()
    desk.lay_on(card)
    await seen(reader)
    async with reader.connect(soon()) as chip:
        assert chip.atr == card.atr
        assert (await chip.transmit(select(EMRTD), soon())).ok
        assert (await chip.transmit(select(b"\xa0\x00\x00\x01\x51"), soon())).status == 0x6A82
        first, second = [await chip.transmit(get_challenge(), soon()) for _ in range(2)]
    assert len(first.data) == len(second.data) == 8
    assert first.data != second.data
    assert card.heard[0] == Heard(cla=0, ins=0xA4, p1=4, p2=0x0C, data=EMRTD, wanted=0)


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [(0, 0), (0, 256), (1, 0), (255, 255), (255, 256), (256, 0), (300, 300), (0, 1000), (2000, 2000)],
)
async def test_short_and_extended_lengths_arrive_whole(
    desk: CardReaderStandIn, reader: PcscReader, sent: int, wanted: int
) -> None:
    card, data = EchoCard(), bytes(n % 251 for n in range(sent))
    desk.lay_on(card)
    await seen(reader)
    async with reader.connect(soon()) as chip:
        answer = await chip.transmit(Command(ins=ECHO, data=data, answer=wanted), soon())
    assert answer.ok
    assert answer.data == (data[:wanted] or bytes(wanted))
    assert (card.heard[0].data, card.heard[0].wanted) == (data, wanted)


async def test_answer_that_a_card_holds_back_is_fetched(desk: CardReaderStandIn, reader: PcscReader) -> None:
    desk.lay_on(HoldingCard())
    await seen(reader)
    async with reader.connect(soon()) as chip:
        answer = await chip.transmit(Command(ins=0xB0, answer=256), soon())
    assert (answer.data, answer.status) == (HoldingCard.told, 0x9000)


async def test_answer_without_end_is_given_up() -> None:
    """A card that always holds another 256 bytes back."""
    async with SimulatedCardReader(lambda apdu: bytes(256) + b"\x61\x00").connect(soon()) as chip:
        with pytest.raises(CardReaderFailed, match="does not end"):
            await chip.transmit(get_challenge(), soon())


async def test_empty_reader_is_ready_and_has_no_card(reader: PcscReader) -> None:
    await reader.wait_for_card(False, soon())
    status = await reader.status()
    assert (status.state, status.card_is_in) == (DeviceState.READY, False)
    assert NAME in status.detail
    with pytest.raises(NoCard):
        async with reader.connect(soon()):
            pass


async def test_card_pulled_amid_an_exchange_is_a_card_removed_and_the_next_card_is_read(
    desk: CardReaderStandIn, reader: PcscReader
) -> None:
    desk.lay_on(VirtualCard(pull_at=2))
    await seen(reader)
    with pytest.raises(CardRemoved):
        async with reader.connect(soon()) as chip:
            await chip.transmit(select(EMRTD), soon())
            await chip.transmit(get_challenge(), soon())
    assert await reader.wait_for_card(False, soon())
    desk.lay_on(VirtualCard())
    await seen(reader)
    async with reader.connect(soon()) as chip:
        assert (await chip.transmit(get_challenge(), soon())).ok


async def test_mute_card_is_given_up_at_the_deadline_and_the_reader_works_once_it_is_taken_off(
    desk: CardReaderStandIn, reader: PcscReader
) -> None:
    card = VirtualCard()
    desk.lay_on(card)
    await seen(reader)
    card.mute.set()
    began = time.monotonic()
    with pytest.raises(CardMute):
        async with reader.connect(soon()) as chip:
            await chip.transmit(get_challenge(), soon(1.0))
    assert time.monotonic() - began < 30.0, "the card would never answer"
    status = await reader.status()
    assert (status.state, status.remedy) == (DeviceState.DOWN, CardMute.remedy)
    desk.lay_on(VirtualCard())
    await _works(reader)


async def test_service_killed_amid_a_card_is_a_reader_unreachable_until_it_is_back(
    tmp_path: Path, desk: CardReaderStandIn, reader: PcscReader
) -> None:
    desk.lay_on(VirtualCard())
    await seen(reader)
    with pytest.raises(CardReaderUnreachable):
        async with reader.connect(soon()) as chip:
            desk.kill()
            await chip.transmit(get_challenge(), soon())
    status = await reader.status()
    assert (status.state, status.remedy) == (DeviceState.DOWN, CardReaderUnreachable.remedy)
    desk.take_off()
    desk.start()
    assert (await reader.status()).state is DeviceState.READY
    desk.lay_on(VirtualCard())
    await _works(reader)


async def test_self_test_powers_the_card_that_lies_there(desk: CardReaderStandIn, reader: PcscReader) -> None:
    await reader.wait_for_card(False, soon())
    assert "no card" in (await reader.self_test(soon())).detail
    card = VirtualCard()
    desk.lay_on(card)
    await seen(reader)
    assert "3b 80 80 01 01" in (await reader.self_test(soon())).detail
    assert card.power_ups


async def test_reader_of_another_name_is_not_taken(desk: CardReaderStandIn) -> None:
    status = await PcscReader("Another maker", socket=desk.socket).status()
    assert status.state is DeviceState.DOWN
    assert NAME in status.detail, "the technician sees which readers there are"


async def test_two_visits_never_speak_to_one_card_at_once(desk: CardReaderStandIn, reader: PcscReader) -> None:
    desk.lay_on(VirtualCard())
    await seen(reader)
    speaking = 0

    async def visit() -> None:
        nonlocal speaking
        async with reader.connect(soon()) as chip:
            speaking += 1
            assert speaking == 1
            assert (await reader.status()).state is DeviceState.BUSY
            await chip.transmit(get_challenge(), soon())
            speaking -= 1

    await asyncio.gather(visit(), visit())


async def test_card_that_is_moved_about_is_believed_once_it_lies_still() -> None:
    """A hand that searches for the place: the contact comes and goes every 0.3 s, five times."""
    clock = SimulatedClock(SystemClock().now())
    began_s = clock.monotonic()

    class Chattering(SimulatedCardReader):
        async def card_is_in(self) -> bool:
            at_s = clock.monotonic() - began_s
            return at_s >= 3.0 or int(at_s / 0.3) % 2 == 0

    assert await Chattering().wait_for_card(True, Deadline.after(clock, 10.0))
    assert clock.monotonic() - began_s >= 3.0
    never = Chattering()
    began_s = clock.monotonic()
    assert not await never.wait_for_card(True, Deadline.after(clock, 2.5))


async def test_chattering_card_on_the_real_reader_is_connected_once(
    desk: CardReaderStandIn, reader: PcscReader
) -> None:
    card = VirtualCard()
    for _ in range(3):
        desk.lay_on(card)
        await asyncio.sleep(0.3)
        desk.take_off()
        await asyncio.sleep(0.3)
    desk.lay_on(card)
    await seen(reader)
    async with reader.connect(soon()) as chip:
        assert (await chip.transmit(get_challenge(), soon())).ok


async def test_simulation_answers_as_its_card_does_and_loses_it_as_the_hardware_does() -> None:
    card = VirtualCard()
    reader = SimulatedCardReader(card.exchange)
    async with reader.connect(soon()) as chip:
        assert (await chip.transmit(select(EMRTD), soon())).ok
        reader.card = None
        with pytest.raises(CardRemoved):
            await chip.transmit(get_challenge(), soon())
    with pytest.raises(NoCard):
        async with reader.connect(soon()):
            pass


@pytest.mark.parametrize(
    "command", [Command(ins=1, data=bytes(65_536)), Command(ins=1, answer=65_537), Command(ins=1, answer=-1)]
)
def test_command_out_of_range_is_refused(command: Command) -> None:
    with pytest.raises(ValueError, match="APDU"):
        bytes(command)


async def _works(reader: PcscReader) -> None:
    """Wait until a challenge comes; the service takes a moment to see another card."""
    deadline = soon(30.0)
    while True:
        try:
            await seen(reader)
            async with reader.connect(deadline) as chip:
                assert (await chip.transmit(get_challenge(), deadline)).ok
            return
        except DeviceError:
            assert not deadline.passed
            await asyncio.sleep(0.3)
