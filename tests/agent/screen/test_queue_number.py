"""Taking a number at the screen: four touches to the ticket, and a code typed or read instead."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from house import House
from kiosk_doubles import BOOKED, LINE, Town

from agent.journeys.recovery import DRAW_NUMBER
from agent.journeys.values import DrawNumber
from agent.screen.page.activities.queue import QueueNumber
from agent.screen.page.state import Deed

TO_THE_SERVICES = ((Deed.WAKE, ""), (Deed.OPEN, "queue"))


@pytest.fixture
async def house(town: Town) -> AsyncIterator[House]:
    town.line = LINE
    async with town.kiosk() as kiosk:
        yield House(kiosk)


async def touch(house: House, *touches: tuple[Deed, str]) -> None:
    for do, value in touches:
        await house.tap(do, value)


async def test_four_touches_lead_to_the_number_and_done_leaves_nothing(house: House) -> None:
    await touch(house, *TO_THE_SERVICES, (Deed.ACT, "service:HT"), (Deed.ACT, "right:NONE"))
    await asyncio.gather(*house.running)
    assert await house.scene() == "ticket"
    html = await house.stage.shown()
    assert "H1-001" in html and "2 người" in html and "khoảng 10–15 phút" in html and "Hộ tịch" in html
    await house.tap(Deed.DONE)
    assert "H1-001" not in await house.stage.page()


@pytest.mark.parametrize("typed", [True, False])
async def test_a_code_is_typed_or_read_by_a_reader_and_gives_the_booked_number(house: House, typed: bool) -> None:
    await touch(house, *TO_THE_SERVICES, (Deed.ACT, "code"))
    if typed:
        await touch(house, *((Deed.KEY, key) for key in ("X", "del", *BOOKED)), (Deed.GO_ON, ""))
    else:
        await house.tap(Deed.VOUCHER, f"https://tram.example.vn/b/{BOOKED}")
    await asyncio.gather(*house.running)
    assert "C0-001" in await house.stage.page()


async def test_what_is_not_offered_and_a_code_that_is_not_whole_begin_nothing(house: House) -> None:
    await touch(house, *TO_THE_SERVICES, (Deed.ACT, "service:ZZ"))
    assert await house.scene() == "queue/services"
    await touch(house, (Deed.ACT, "service:CT"), (Deed.ACT, "right:KING"))
    assert await house.scene() == "queue/right"
    await touch(
        house, (Deed.BACK, ""), (Deed.ACT, "code"), (Deed.KEY, "4"), (Deed.GO_ON, ""), (Deed.VOUCHER, "LOUI-LOUI")
    )
    assert (await house.scene(), house.running) == ("queue/code", [])
    await touch(house, (Deed.BACK, ""), (Deed.BACK, ""))
    assert await house.scene() == "choose"


async def test_a_number_drawn_for_a_robot_does_not_take_the_screen(house: House) -> None:
    await house.stands_at("queue ticket", DRAW_NUMBER, DrawNumber(service="CT", here=False))
    assert await house.scene() == "attract"
    await house.stands_at("queue ticket", DRAW_NUMBER, DrawNumber(service="CT"))
    assert await house.scene() == "ticket-drawn"


async def test_a_kiosk_without_a_line_has_no_tile(house: House) -> None:
    assert QueueNumber(house.kiosk).is_there
    assert not QueueNumber(replace(house.kiosk, line=None)).is_there
