"""Asking for a procedure at the screen and through the local API."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from house import House
from kiosk_doubles import LINE, PLACE, Town
from starlette.applications import Starlette
from starlette.testclient import TestClient

from agent.devices.errors import TicketPrinterUnreachable
from agent.screen.guide_desk import MACHINE, GuideDesk
from agent.screen.page.activities.guide import MOST_LETTERS, Asking
from agent.screen.page.drawing import strings
from agent.screen.page.stage import IDLE_S, WARNING_S
from agent.screen.page.state import Deed, State


@pytest.fixture
async def house(town: Town) -> AsyncIterator[House]:
    async with town.kiosk() as kiosk:
        made = House(kiosk)
        await made.tap(Deed.WAKE)
        await made.tap(Deed.OPEN, "guide")
        yield made


def held(house: House) -> Asking:
    shown = house.stage.state.held
    assert isinstance(shown, Asking)
    return shown


async def type_in(house: House, keys: str) -> None:
    await house.tap(Deed.ACT, "type")
    for key in keys:
        await house.tap(Deed.KEY, "space" if key == " " else key)
    await house.tap(Deed.GO_ON)


async def test_a_question_in_telex_leads_to_what_to_bring_and_back_again(house: House) -> None:
    assert await house.scene() == "guide/start"
    assert strings()("guide.machine").vi in await house.stage.shown()
    await type_in(house, "khai sinh cho con")
    assert (await house.scene(), held(house).found[0].code) == ("guide/list", "1.001193")
    await house.tap(Deed.ACT, "open:1.001193")
    html = await house.stage.shown()
    assert await house.scene() == "guide/procedure"
    for each in ("Giấy chứng sinh", "1 ngày", 'class="qr"'):
        assert each in html
    assert held(house).url == f"{PLACE.public_url}/tthc/1.001193"
    await house.tap(Deed.ACT, "more")
    assert "Luật Hộ tịch 60/2014/QH13" in await house.stage.shown() and "1.001193" in await house.stage.shown()
    for scene in ("guide/list", "guide/type", "guide/start", "choose"):
        await house.tap(Deed.BACK)
        assert await house.scene() == scene


async def test_what_is_not_in_the_catalogue_is_said_to_be_so_with_a_person_to_call(house: House) -> None:
    await type_in(house, "lamf hooj chieeus")
    html = await house.stage.shown()
    assert await house.scene() == "guide/unknown" and "Hộ chiếu, thị thực" in html and 'id="call-here"' in html
    await type_in(house, "qqqq")
    assert await house.scene() == "guide/unknown" and 'id="act-list"' not in await house.stage.shown()


async def test_who_is_not_understood_for_sure_is_asked_back(house: House) -> None:
    await type_in(house, "nha cua ong noi")
    assert await house.scene() == "guide/list" and held(house).found[0].code == "1.010041"
    assert strings()("guide.unsure").vi in await house.stage.shown()


async def test_a_group_is_leafed_through_to_its_last_page_and_no_further(house: House) -> None:
    await house.tap(Deed.ACT, "category:civil-status")
    pages = held(house).pages
    seen = [each.code for each in held(house).shown]
    for page in range(1, pages):
        await house.tap(Deed.ACT, f"page:{page}")
        seen += [each.code for each in held(house).shown]
    assert len(seen) == len(set(seen)) == 41
    for wrong in (f"page:{pages}", "page:-1", "page:x", "category:none", "open:9.999999"):
        await house.tap(Deed.ACT, wrong)
    assert (await house.scene(), held(house).page) == ("guide/list", pages - 1)


async def test_the_slip_is_printed_once_however_often_it_is_touched(house: House, town: Town) -> None:
    await house.tap(Deed.ACT, "open:2.000815")
    for _ in range(3):
        await house.tap(Deed.ACT, "print")
    await until(house, "out")
    await house.tap(Deed.ACT, "print")
    assert len(list((town.folder / "slips").glob("guide-*.png"))) == 1
    assert strings()("guide.slip_out").vi in await house.stage.shown()


async def test_a_printer_that_is_away_is_said_so_and_can_be_tried_again(house: House, town: Town) -> None:
    printer = house.kiosk.tickets
    printer.fault = TicketPrinterUnreachable("unplugged")  # type: ignore[union-attr]
    await house.tap(Deed.ACT, "open:2.000815")
    await house.tap(Deed.ACT, "print")
    await until(house, "failed")
    printer.fault = None  # type: ignore[union-attr]
    assert list((town.folder / "slips").glob("guide-*.png")) == []
    await house.tap(Deed.ACT, "print")
    await until(house, "out")
    assert len(list((town.folder / "slips").glob("guide-*.png"))) == 1


async def until(house: House, slip: str) -> None:
    async with asyncio.timeout(20):
        while held(house).slip != slip:
            await house.stage.look()
            await asyncio.sleep(0.01)


async def test_from_the_leaflet_one_goes_straight_on_to_the_copy(house: House) -> None:
    await house.tap(Deed.ACT, "open:2.000815")
    await house.tap(Deed.COPY)
    assert (await house.scene(), house.stage.state.held) == ("need", None)
    assert 'id="open-queue"' not in await house.stage.shown()


async def test_from_the_leaflet_one_goes_straight_on_to_a_queue_number_where_there_are_any(town: Town) -> None:
    town.line = LINE
    async with town.kiosk() as kiosk:
        house = House(kiosk)
        for do, value in ((Deed.WAKE, ""), (Deed.OPEN, "guide"), (Deed.ACT, "open:1.001193")):
            await house.tap(do, value)
        assert 'id="open-queue"' in await house.stage.shown()
        await house.tap(Deed.OPEN, "queue")
        assert await house.scene() == "queue/services"


async def test_nothing_that_was_asked_is_left_when_nobody_touches_any_more(house: House, town: Town) -> None:
    await type_in(house, "giaays xacs nhaanj ddoocj thaan")
    town.clock.advance(IDLE_S + WARNING_S)
    assert (await house.scene(), house.stage.state) == ("attract", State())


async def test_a_question_has_an_end_and_digits_of_a_real_keyboard_count(house: House) -> None:
    await house.tap(Deed.ACT, "type")
    for key in "ct07":
        await house.tap(Deed.KEY, key)
    assert held(house).question == "ct07"
    for _ in range(MOST_LETTERS):
        await house.tap(Deed.KEY, "b")
    assert len(held(house).question) == MOST_LETTERS


async def test_the_robot_asks_over_the_local_api(town: Town) -> None:
    async with town.kiosk() as kiosk:
        with TestClient(Starlette(routes=GuideDesk(kiosk).routes())) as robot:
            told = robot.get("/guide", params={"q": "nhap ho khau"}).json()
            assert told["procedures"][0]["code"] == "1.004222" and told["is_sure"]
            assert told["machine"]["vi"] == MACHINE.vi == strings()("guide.machine").vi
            away = robot.get("/guide", params={"q": "cấp lại thẻ căn cước"}).json()
            assert away["elsewhere"]["en"] == "Identity cards"
            assert [robot.get("/guide", params={"q": q}).status_code for q in ("", "x" * 201)] == [422, 422]
            one = robot.get("/guide/2.000815").json()
            assert one["here"] == "certify" and one["bring"]
            assert robot.get("/guide/9.999999").status_code == 404
