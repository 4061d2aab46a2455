"""The cabinet on a Pi's own pins, which gpiozero's mock pins stand in for."""

import asyncio
from collections.abc import Iterator

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from agent.devices.cabinet import Light, Quarter
from agent.devices.cabinet_gpio import GpioCabinet
from agent.devices.errors import DispenserJammed, PinsUnreachable
from agent.devices.status import DeviceState
from contract.clock import Deadline, SystemClock

RED, GREEN, BLUE, LEFT, RIGHT, BOLT, FAN, MOTOR, HOME, DOOR, TAMPER, BUTTON = range(2, 14)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    before = Device.pin_factory
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = before


@pytest.fixture
def cabinet(pins: MockFactory) -> GpioCabinet:
    made = GpioCabinet(
        SystemClock(),
        lamp=(RED, GREEN, BLUE),
        quarters={"left": LEFT, "right": RIGHT},
        bolt=BOLT,
        fan=FAN,
        motor=MOTOR,
        home=HOME,
        door=DOOR,
        tamper=TAMPER,
        button=BUTTON,
    )
    for closed in (DOOR, TAMPER):
        pins.pin(closed).drive_low()
    return made


def fed(pins: MockFactory, *numbers: int) -> list[float]:
    return [round(float(pins.pin(number).state), 2) for number in numbers]


async def test_ring_shines_in_the_colour_and_a_quarter_alone_in_white(cabinet: GpioCabinet, pins: MockFactory) -> None:
    await cabinet.show(Light.AT_WORK)
    assert fed(pins, RED, GREEN, BLUE, LEFT, RIGHT) == [0.16, 0.31, 0.78, 1, 1]
    await cabinet.shine(Quarter.LEFT)
    assert fed(pins, RED, GREEN, BLUE, LEFT, RIGHT) == [1, 1, 1, 1, 0]
    await cabinet.shine(None)
    assert fed(pins, RED, GREEN, BLUE, LEFT, RIGHT) == [0.16, 0.31, 0.78, 1, 1]


async def test_bolt_and_fan_do_what_they_are_told_and_the_bolt_is_shown(
    cabinet: GpioCabinet, pins: MockFactory
) -> None:
    await cabinet.unlock(True)
    await cabinet.blow(51)
    assert fed(pins, BOLT, FAN) == [1, 0.2] and (await cabinet.status()).unlocked
    await cabinet.unlock(False)
    assert fed(pins, BOLT) == [0] and not (await cabinet.status()).unlocked


async def test_switches_are_seen_and_named_with_their_remedy(cabinet: GpioCabinet, pins: MockFactory) -> None:
    assert (await cabinet.status()).state is DeviceState.READY
    pins.pin(BUTTON).drive_low()
    assert (await cabinet.status()).button_pressed
    pins.pin(DOOR).drive_high()
    pins.pin(TAMPER).drive_high()
    said = await cabinet.status()
    assert said.state is DeviceState.ATTENTION and said.door_open and said.tampered and "door" in said.remedy.lower()


async def turn(pins: MockFactory) -> None:
    await asyncio.sleep(0.05)
    pins.pin(HOME).drive_low()
    await asyncio.sleep(0.05)
    pins.pin(HOME).drive_high()


async def test_dispenser_turns_once_a_piece_and_stops(cabinet: GpioCabinet, pins: MockFactory) -> None:
    giving = asyncio.create_task(cabinet.give_out(2))
    await turn(pins)
    assert not giving.done() and fed(pins, MOTOR) == [1]
    await turn(pins)
    await giving
    assert fed(pins, MOTOR) == [0]


async def test_door_that_is_opened_stops_the_motor_and_the_jam_stays_said(
    cabinet: GpioCabinet, pins: MockFactory
) -> None:
    giving = asyncio.create_task(cabinet.give_out(1))
    await asyncio.sleep(0.02)
    pins.pin(DOOR).drive_high()
    with pytest.raises(DispenserJammed):
        await giving
    pins.pin(DOOR).drive_low()
    assert fed(pins, MOTOR) == [0] and (await cabinet.status()).state is DeviceState.ATTENTION


async def test_parts_that_are_not_there_are_passed_over(pins: MockFactory) -> None:
    bare = GpioCabinet(SystemClock())
    await bare.show(Light.FREE)
    await bare.unlock(True)
    assert (await bare.self_test(Deadline.after(SystemClock(), 5))).state is DeviceState.READY
    with pytest.raises(DispenserJammed, match="no dispenser"):
        await bare.give_out(1)


async def test_pins_that_can_t_be_had_are_a_sentence_and_no_crash(pins: MockFactory) -> None:
    first = GpioCabinet(SystemClock(), bolt=BOLT)
    second = GpioCabinet(SystemClock(), bolt=BOLT)
    said = await second.status()
    assert said.state is DeviceState.DOWN and str(BOLT) in said.detail and "kiosk.toml" in said.remedy
    for _ in range(3):
        with pytest.raises(PinsUnreachable) as raised:
            await second.unlock(True)
    assert len(raised.traceback) == 3  # here, unlock, and what refuses: nothing is remembered of the times before
    assert (await first.status()).state is DeviceState.READY
