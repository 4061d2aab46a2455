"""Staff at the screen: let in by PIN alone, shown what the devices say, and the money counted as `tram cash` counts."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from house import House
from identity_doubles import card
from kiosk_doubles import Town

from agent.devices.board import UNSTEADY_CHANGES, Board
from agent.devices.errors import PagePrinterPaperOut, ScannerUnreachable
from agent.devices.status import DeviceState, DeviceStatus
from agent.identity.attendant import SimulatedAttendant
from agent.journeys.pins import ATTEMPTS, Pins, hashed
from agent.journeys.touches import Touch
from agent.screen.page.activities.staff import Desk
from agent.screen.page.stage import IDLE_S, WARNING_S
from agent.screen.page.state import Deed
from agent.screen.status import staff_line
from contract.messages import Service

PIN = "472913"
COLLECTOR, CLERK = "Lê Thị Mẫu", "Trần Văn Thử"


@pytest.fixture
async def house(town: Town) -> AsyncIterator[House]:
    async with town.kiosk() as kiosk:
        pins = {COLLECTOR: hashed(PIN)}
        yield House(
            replace(kiosk, collectors=Pins(pins, kiosk.clock), staff=Pins({CLERK: hashed("880011")}, kiosk.clock))
        )


async def typed(house: House, pin: str) -> None:
    for digit in pin:
        await house.tap(Deed.KEY, digit)
    await house.tap(Deed.GO_ON)


async def come_in(house: House, number: str = "0", pin: str = PIN) -> None:
    await house.tap(Deed.OPEN, "staff")
    await house.tap(Deed.ACT, number)
    await typed(house, pin)


async def settled(house: House) -> Desk:
    """Wait for what the desk is finding out."""
    for _ in range(2_000):
        await house.stage.look()
        held = house.stage.state.held
        if isinstance(held, Desk) and not held.is_busy:
            return held
        await asyncio.sleep(0.005)
    raise AssertionError(held)


async def test_the_pin_opens_and_shows_every_device_and_is_never_drawn(house: House) -> None:
    await house.tap(Deed.OPEN, "staff")
    await house.tap(Deed.ACT, "0")
    for digit in PIN:
        await house.tap(Deed.KEY, digit)
    html = await house.stage.shown()
    assert html.count("<b>•</b>") == len(PIN) and PIN not in html
    await house.tap(Deed.GO_ON)
    desk = await settled(house)
    assert {line.name for line in desk.lines} == set(house.kiosk.devices)
    assert desk.is_collector


async def test_the_desk_tells_cause_and_remedy_in_the_language_of_the_screen(house: House) -> None:
    house.kiosk.printer.fault = PagePrinterPaperOut()  # type: ignore[attr-defined]
    await come_in(house)
    await settled(house)
    html = await house.stage.shown()
    assert f"{PagePrinterPaperOut.cause_vi}. {PagePrinterPaperOut.remedy_vi}." in html
    assert PagePrinterPaperOut.remedy not in html
    await house.tap(Deed.ACT, "test")
    assert (await settled(house)).is_tested and "Vừa thử xong" in await house.stage.shown()
    await house.tap(Deed.LANGUAGE)
    html = await house.stage.shown()
    assert PagePrinterPaperOut.remedy in html and PagePrinterPaperOut.remedy_vi not in html


async def test_a_device_that_comes_and_goes_or_is_silent_is_told_in_vietnamese_too(house: House) -> None:
    board, clock = Board(), house.kiosk.clock
    away, there = DeviceStatus.down(ScannerUnreachable()), DeviceStatus(state=DeviceState.READY, detail="there")
    for status in (there, away) * UNSTEADY_CHANGES:
        shown = board.shown({"scanner": status}, clock)
    vi, en = staff_line("scanner", shown["scanner"][0]).said
    assert "Chập chờn" in vi and ScannerUnreachable.remedy_vi in vi and ScannerUnreachable.remedy in en
    assert staff_line("scanner", there).said == ("", "there")


async def test_wrong_pins_shut_the_door_and_nothing_is_shown(house: House) -> None:
    await house.tap(Deed.OPEN, "staff")
    await house.tap(Deed.ACT, "0")
    for _ in range(ATTEMPTS):
        await typed(house, "000000")
    await typed(house, PIN)
    assert await house.scene() == "staff/pin"
    assert "15 phút" in await house.stage.shown()


async def test_a_clerk_who_collects_no_money_can_not_come_to_it(house: House) -> None:
    await come_in(house, "1", "880011")
    assert not (await settled(house)).is_collector
    await house.tap(Deed.ACT, "cash")
    assert await house.scene() == "staff/desk"
    await house.tap(Deed.BACK)
    assert await house.scene() in ("attract", "choose")


async def test_the_kiosk_is_shut_and_opened_again_also_from_the_closed_screen(house: House) -> None:
    await come_in(house)
    await settled(house)
    await house.tap(Deed.ACT, "switch")
    assert house.kiosk.door.mode is Service.OUT_OF_SERVICE
    assert await house.kiosk.ledger.remote.service() is Service.OUT_OF_SERVICE
    await house.tap(Deed.BACK)
    assert "Trạm tạm nghỉ" in await house.stage.shown()
    await come_in(house)
    await settled(house)
    await house.tap(Deed.ACT, "switch")
    assert house.kiosk.door.is_open


async def test_a_collection_is_begun_and_finished_and_outlives_the_one_who_went_away(house: House, town: Town) -> None:
    await come_in(house)
    await settled(house)
    await house.tap(Deed.ACT, "cash")
    counted = await settled(house)
    assert counted.report is not None and counted.report.difference_vnd == 0
    await house.tap(Deed.ACT, "begin")
    assert (await settled(house)).scene == "taking"
    town.clock.advance(IDLE_S + WARNING_S + 1)
    await house.stage.look()
    assert await house.scene() == "staff/taking"  # the cash stands open: the screen does not go away
    await house.tap(Deed.HOME)
    await come_in(house)
    await settled(house)
    await house.tap(Deed.ACT, "cash")
    assert (await settled(house)).scene == "taking"
    await house.tap(Deed.ACT, "finish")
    taken = await settled(house)
    assert taken.scene == "taken" and taken.closing is not None and taken.closing.collector == COLLECTOR


async def test_cash_is_not_counted_while_somebody_stands_there_and_says_why(house: House) -> None:
    await come_in(house)
    await settled(house)
    async with house.kiosk.floor:
        await house.tap(Deed.ACT, "cash")
        refused = await settled(house)
    assert "Có khách" in refused.refused[0] and "citizen" in refused.refused[1] and refused.report is None


async def test_who_leaves_the_desk_alone_finds_it_shut(house: House, town: Town) -> None:
    await come_in(house)
    await settled(house)
    town.clock.advance(IDLE_S + WARNING_S + 1)
    await house.stage.look()
    assert await house.scene() == "attract"


async def test_staff_vouch_on_the_screen_where_the_visit_asks_for_another_way(town: Town) -> None:
    town.attendant = SimulatedAttendant([card()])
    async with town.kiosk() as bare:
        kiosk = replace(bare, staff=Pins({CLERK: hashed(PIN)}, bare.clock))
        assert kiosk.identity is not None
        kiosk.identity.has_staff = True
        house = House(kiosk)
        visit = await house.stands_at("identity way 1")
        await house.stage.look()
        assert await house.scene() == "who"
        await house.tap(Deed.OPEN, "vouch")
        assert await house.scene() == "vouch/pin"
        await typed(house, "1")
        assert "chưa đúng" in await house.stage.shown()
        await typed(house, PIN)
        assert kiosk.identity.vouchers == {visit.id: CLERK}
        await asyncio.wait_for(kiosk.touches.pressed(visit.id, Touch.STAFF), 1)
        assert await house.scene() == "who"
