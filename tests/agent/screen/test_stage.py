"""The stage over a real ledger: what is shown is what the ledger says, and nobody's data outlives their visit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import pytest
from house import House
from kiosk_doubles import ONE_COPY, Town

from agent.journeys.endings import Ending
from agent.journeys.recovery import CERTIFY, PICK_UP, go_on
from agent.journeys.slips import collect_code
from agent.journeys.touches import Touch
from agent.journeys.values import PickUp
from agent.screen.page.scenes import qr
from agent.screen.page.stage import IDLE_S, REMEMBERED, WARNING_S
from agent.screen.page.state import Deed, Form, Over, State, Where
from contract.clock import Deadline
from contract.messages import CertifyRequest, FeedbackFact, Presented, RequestEnvelope, Service, decode

NAME = "Nguyễn Thị Hường"


@pytest.fixture
async def house(town: Town) -> AsyncIterator[House]:
    async with town.kiosk() as kiosk:
        yield House(kiosk)


async def test_a_citizen_comes_to_the_end_and_nothing_of_them_is_left(house: House, town: Town) -> None:
    town.touches = ()
    await house.walk_to_the_glass()
    assert NAME in house.stage.state.name
    await house.tap(Deed.BEGIN)
    visit = house.stage.state.visit
    house.kiosk.touches.press(visit, Touch.TAKEN)
    (ending,) = await asyncio.gather(*house.running)
    assert (ending.code, await house.scene()) == ("HANDED_OVER", "end")
    assert "quyển số 01/2026" in await house.stage.shown()
    assert NAME not in await house.stage.shown()
    await house.tap(Deed.DONE)
    assert house.stage.state == State()
    html = await house.stage.page()
    assert visit not in html and NAME not in html and "quyển số" not in html


async def test_the_end_of_one_visit_is_not_shown_for_the_next_that_is_between_two_steps(house: House) -> None:
    ended = await house.stands_at("collect")
    assert await house.scene() == "printing"
    nothing = Ending(code="CANCELLED", vi="", en="", paper_vi="", paper_en="", money_vi="", money_en="")
    await house.kiosk.ledger.journal.close(ended.id, msgspec.json.encode(nothing))
    assert await house.scene() == "end"
    coming = await house.kiosk.ledger.journal.open(CERTIFY, msgspec.json.encode(ONE_COPY))
    assert (await house.scene(), house.stage.state.visit) == ("moment", coming.id)


async def test_a_reloaded_browser_and_a_restarted_agent_go_on_where_it_was(house: House) -> None:
    await house.tap(Deed.WAKE)
    await house.tap(Deed.COPY)
    await house.tap(Deed.LANGUAGE)
    assert 'data-scene="need"' in await house.stage.page() and "You may not need" in await house.stage.page()
    visit = await house.stands_at("next sheet 2")
    restarted = House(house.kiosk)
    assert await restarted.scene() == "next-page"
    assert restarted.stage.state.visit == visit.id


async def test_after_a_restart_who_stands_before_the_screen_has_it_and_who_waits_is_listed(house: House) -> None:
    paying = await house.stands_at("hand over", PICK_UP, PickUp())
    waiting = await house.stands_at("officer 1")
    assert await house.scene() == "take"
    assert (house.stage.state.visit, house.stage.state.aside) == (paying.id, (waiting.id,))
    assert house.stage.state.collects


async def test_who_waits_aside_frees_the_screen_is_found_by_the_code_and_called_when_wanted(house: House) -> None:
    visit = await house.stands_at("officer 1")
    assert await house.scene() == "officer"
    await house.tap(Deed.ASIDE)
    assert await house.scene() == "attract"
    code = f"{visit.id[-8:-4]}-{visit.id[-4:]}"
    assert code in await house.stage.shown()
    await house.tap(Deed.LOOK, "01ANOTHERVISIT")
    assert await house.scene() == "attract"
    await house.tap(Deed.LOOK, visit.id)
    assert await house.scene() == "officer"
    await house.tap(Deed.ASIDE)
    await house.kiosk.ledger.journal.begin(visit.id, "hand over", once=False)
    assert (await house.scene(), house.stage.state.aside) == ("take", ())


async def test_a_visit_that_ended_aside_is_forgotten_after_a_while(house: House, town: Town) -> None:
    visit = await house.stands_at("officer 1")
    await house.scene()
    await house.tap(Deed.ASIDE)
    (ending,) = [await go_on(house.kiosk, record) for record in await house.kiosk.ledger.journal.open_visits()]
    assert ending.code in ("NOT_TAKEN", "HANDED_OVER")
    await house.scene()
    assert house.stage.state.aside == (visit.id,)
    town.clock.advance(REMEMBERED.total_seconds() + 1)
    await house.scene()
    assert house.stage.state.aside == ()


async def test_who_went_away_before_a_visit_is_asked_and_then_the_screen_starts_over(house: House, town: Town) -> None:
    await house.walk_to_the_glass()
    town.clock.advance(IDLE_S - 1)
    await house.stage.look()
    assert house.stage.state.over is None
    town.clock.advance(1)
    await house.stage.look()
    assert house.stage.state.over is Over.IDLE
    await house.tap(Deed.CLOSE)
    town.clock.advance(IDLE_S)
    await house.stage.look()
    assert house.stage.state.over is Over.IDLE and house.stage.state.name
    town.clock.advance(WARNING_S)
    await house.stage.look()
    assert house.stage.state == State()


@pytest.mark.parametrize("step", ["quote", "next sheet 2", "officer 1", "hand over", "return", "scan 1"])
async def test_no_visit_is_left_by_itself_while_money_or_paper_is_in(house: House, town: Town, step: str) -> None:
    visit = await house.stands_at(step)
    await house.scene()
    town.clock.advance(86_400)
    await house.stage.look()
    assert (house.stage.state.visit, house.stage.state.over) == (visit.id, None)


async def test_a_button_touched_twice_answers_one_wait_only(house: House) -> None:
    visit = await house.stands_at("next sheet 2")
    await house.tap(Deed.PRESS, Touch.PAGE_IS_IN)
    await house.tap(Deed.PRESS, Touch.PAGE_IS_IN)
    deadline = Deadline.after(house.kiosk.clock, 1.0)
    assert await house.kiosk.touches.wait(visit.id, Touch.PAGE_IS_IN, deadline)
    await house.tap(Deed.PRESS, Touch.PAGE_IS_IN)
    assert not await house.kiosk.touches.wait(visit.id, Touch.PAGE_IS_IN, Deadline.after(house.kiosk.clock, 1.0))


async def test_cancelling_is_asked_again_before_it_is_done(house: House) -> None:
    visit = await house.stands_at("next sheet 2")
    await house.tap(Deed.ASK_CANCEL)
    assert house.stage.state.over is Over.CANCEL and not await visit.cancelled()
    await house.tap(Deed.CANCEL)
    assert await visit.cancelled()


async def test_while_somebody_else_is_served_the_citizen_is_told_and_nothing_is_lost(house: House) -> None:
    await house.walk_to_the_glass()
    async with house.kiosk.floor:
        await house.tap(Deed.BEGIN)
        assert "đang phục vụ người khác" in await house.stage.shown()
    assert (house.stage.state.where, house.stage.state.visit) == (Where.LAY, "")
    assert house.stage.state.name


async def test_a_kiosk_out_of_service_says_so(house: House) -> None:
    await house.walk_to_the_glass()
    house.kiosk.door.mode = Service.OUT_OF_SERVICE
    assert await house.scene() == "attract"
    assert "tạm nghỉ" in await house.stage.shown() and 'data-do="wake"' not in await house.stage.shown()


async def test_what_did_not_change_is_not_announced(house: House) -> None:
    await house.stage.look()
    ring = house.stage.changed.next_ring()
    await house.stage.look()
    assert not ring.is_set()
    await house.tap(Deed.WAKE)
    assert ring.is_set()


async def waits_at_the_officer(house: House) -> str:
    """A citizen whose kiosk lets them leave stands before the officer's scene."""
    house.kiosk = house.stage._kiosk = replace(
        house.kiosk, place=replace(house.kiosk.place, presented=Presented.KIOSK_BED_CAMERA)
    )
    visit = await house.stands_at("officer 1")
    assert await house.scene() == "officer"
    return visit.id


async def test_who_leaves_is_told_of_the_original_first_and_is_nowhere_on_the_screen_afterwards(house: House) -> None:
    visit = await waits_at_the_officer(house)
    await house.tap(Deed.ASK_LEAVE)
    assert "lấy bản chính khỏi máy quét" in await house.stage.shown()
    await house.tap(Deed.PRESS, Touch.LEAVE)
    assert house.kiosk.touches.use_up(visit, Touch.LEAVE)
    await house.kiosk.ledger.journal.resume(await house.kiosk.ledger.journal.visit(visit)).note("left 1", True)
    assert await house.scene() == "away"
    assert collect_code(visit).replace("-", "–") in await house.stage.shown()
    await house.tap(Deed.ASIDE)
    assert await house.scene() == "attract"
    assert visit not in await house.stage.page()
    restarted = House(house.kiosk)
    assert await restarted.scene() == "attract"


async def test_who_left_without_a_last_touch_leaves_a_free_screen(house: House, town: Town) -> None:
    visit = await waits_at_the_officer(house)
    await house.kiosk.ledger.journal.resume(await house.kiosk.ledger.journal.visit(visit)).note("left 1", True)
    assert await house.scene() == "away"
    town.clock.advance(IDLE_S + WARNING_S)
    await house.stage.look()
    assert await house.scene() == "attract"


async def test_who_waited_without_a_touch_has_the_time_to_read_the_end(house: House, town: Town) -> None:
    visit = await waits_at_the_officer(house)
    await house.scene()
    town.clock.advance(2 * (IDLE_S + WARNING_S))
    await house.scene()
    journal = house.kiosk.ledger.journal
    ending = Ending(
        code="REFUSED", vi="a", en="b", paper_vi="c", paper_en="d", money_vi="e", money_en="f",
    )  # fmt: skip
    await journal.close(visit, msgspec.json.encode(ending))
    town.clock.advance(1)
    assert [await house.scene() for _ in range(3)] == ["end"] * 3
    town.clock.advance(IDLE_S + WARNING_S)
    await house.stage.look()
    assert await house.scene() == "attract"


async def test_who_comes_back_with_the_code_stands_before_their_own_visit(house: House) -> None:
    visit = await waits_at_the_officer(house)
    journal = house.kiosk.ledger.journal
    await journal.resume(await journal.visit(visit)).note("left 1", True)
    await house.tap(Deed.ASIDE)
    for do, value in (
        (Deed.WAKE, ""), (Deed.COLLECT, ""), (Deed.TYPE_CODE, ""), *((Deed.KEY, key) for key in collect_code(visit)),
        (Deed.BEGIN, ""),
    ):  # fmt: skip
        await house.tap(do, value)
    (ending,) = await asyncio.gather(*house.running)
    assert ending.code == "CAME_BACK"
    assert await house.scene() == "officer"
    assert house.stage.state.visit == visit


async def test_file_alone_is_ordered_without_prints_and_costs_none(house: House, town: Town) -> None:
    await house.walk_to_the_glass()
    await house.tap(Deed.BACK)
    await house.tap(Deed.FORM, Form.FILE)
    assert "2.000" in await house.stage.shown()  # without the 1,000 for printing
    await house.tap(Deed.GO_ON)
    await house.tap(Deed.BEGIN)
    visit = house.stage.state.visit
    (ending,) = await asyncio.gather(*house.running)
    assert (ending.code, town.printer.sheets) == ("ELECTRONIC", 0)
    assert await house.scene() == "end"
    link = (town.folder / "visits" / visit / "link.txt").read_text()
    assert qr(link) in await house.stage.shown()
    await house.tap(Deed.DONE)
    assert qr(link) not in await house.stage.page()


async def test_who_has_a_copy_says_what_they_think_and_comes_back_to_its_end(house: House, town: Town) -> None:
    await house.walk_to_the_glass()
    await house.tap(Deed.BEGIN)
    house.kiosk.touches.press(house.stage.state.visit, Touch.TAKEN)
    await asyncio.gather(*house.running)
    assert await house.scene() == "end"
    await house.tap(Deed.OPEN, "feedback")
    assert await house.scene() == "feedback/faces"
    for do, value in ((Deed.ACT, "5"), (Deed.ACT, "tie"), (Deed.GO_ON, ""), (Deed.GO_ON, "")):
        await house.tap(do, value)
    assert await house.scene() == "end"
    (said,) = town.hub.told(FeedbackFact)
    assert said.about in town.hub.requests


async def test_another_original_asks_for_no_name_again_and_has_a_number_and_a_payment_of_its_own(
    house: House, town: Town
) -> None:
    town.hub.verdicts, town.notes = ["certified", "certified"], [5_000]
    await house.walk_to_the_glass()
    await house.tap(Deed.BEGIN)
    house.kiosk.touches.press(house.stage.state.visit, Touch.TAKEN)
    await asyncio.gather(*house.running)
    await house.tap(Deed.ANOTHER)
    assert await house.scene() == "pages"
    for do, value in ((Deed.PAGES, "1"), (Deed.GO_ON, ""), (Deed.GO_ON, "")):
        await house.tap(do, value)
    assert "Lấy giấy trước ra" in await house.stage.shown()
    town.notes = [2_000, 1_000]
    await house.tap(Deed.BEGIN)
    house.kiosk.touches.press(house.stage.state.visit, Touch.TAKEN)
    endings = await asyncio.gather(*house.running)
    assert [each.code for each in endings] == ["HANDED_OVER"] * 2
    asked = [decode(RequestEnvelope, each).body for each in town.hub.requests.values()]
    assert [(each.requester_name, each.paid_vnd) for each in asked if isinstance(each, CertifyRequest)] == [
        (NAME, 3_000)
    ] * 2
    await house.tap(Deed.DONE)
    assert house.stage.state == State()


async def test_while_the_second_paper_is_at_the_officer_the_first_one_calls_its_citizen(house: House) -> None:
    first = await waits_at_the_officer(house)
    await house.tap(Deed.ANOTHER, "aside")
    assert house.stage.state.aside == (first,)
    assert await house.scene() == "name"  # the agent was restarted in between: nobody knows the name any more
    second = await house.stands_at("officer 1")
    house.stage._state = replace(house.stage.state, where=Where.ATTRACT, visit=second.id)
    assert await house.scene() == "officer"
    assert house.stage.state.visit == second.id
    await house.kiosk.ledger.journal.begin(first, "rescan 2", once=False)
    assert await house.scene() == "rescan"
    assert (house.stage.state.visit, house.stage.state.aside) == (first, (second.id,))
