"""Calling a person: one call however often it is touched, true words for each state, and a crash forgets none."""

from datetime import timedelta

import pytest
from kiosk_doubles import Town

from agent.journeys.parts import Kiosk
from agent.screen.calling import LASTS, Calls
from agent.screen.page.stage import Stage
from agent.screen.page.state import Deed, Tap
from contract.messages import (
    VERSION,
    HelpOverFact,
    HelpRequest,
    HelpStands,
    HelpTaken,
    Rejected,
    Reply,
    ReplyEnvelope,
    RequestEnvelope,
    decode,
    encode,
)


async def asked(kiosk: Kiosk) -> list[RequestEnvelope]:
    pending = await kiosk.ledger.outbox.pending()
    return [decode(RequestEnvelope, each.payload) for each in pending if each.room == "request/help"]


async def answer(kiosk: Kiosk, body: Reply, *, final: bool) -> None:
    (request,) = await asked(kiosk)
    reply = ReplyEnvelope(v=VERSION, id=request.id, at=kiosk.clock.now(), body=body)
    await kiosk.ledger.outbox.hear(request.id, encode(reply), final=final)


async def tap(stage: Stage, do: Deed) -> str:
    await stage.look()
    assert stage.scene
    await stage.tap(Tap(scene=stage.scene.name, do=do))
    return await stage.shown()


async def no_visit(wish: object) -> str:
    raise AssertionError("nothing is begun here")


async def test_opening_the_card_calls_nobody_and_two_touches_call_once(town: Town) -> None:
    town.hub.is_deaf = True  # the test answers
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        await tap(stage, Deed.CALL)
        assert await asked(kiosk) == []
        await tap(stage, Deed.CALL_NOW)
        town.clock.advance(5)
        html = await tap(stage, Deed.CALL_NOW)
        (request,) = await asked(kiosk)
        assert request.body == HelpRequest(scene="attract")
        assert "Chưa có ai trả lời" in html and "09:00" in html


async def test_the_screen_says_what_is_true_of_the_call(town: Town) -> None:
    town.hub.is_deaf = True  # the test answers
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        await tap(stage, Deed.CALL)
        town.online = False
        assert "mất mạng" in await tap(stage, Deed.CALL_NOW)
        town.online = True
        await answer(kiosk, HelpStands(), final=False)
        assert "Nhân viên đã được báo" in await tap(stage, Deed.CALL)
        await answer(kiosk, HelpTaken(role="OPERATOR", at=town.clock.now()), final=True)
        html = await tap(stage, Deed.CALL)
        assert "Nhân viên kỹ thuật đã nhận lời gọi lúc 09:00" in html
        assert 'id="call" data-do="call" data-value="" class="tool" aria-pressed="true"' in html


async def test_a_hub_that_takes_no_calls_is_not_waited_for(town: Town) -> None:
    town.hub.is_deaf = True  # the test answers
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        await tap(stage, Deed.CALL)
        await tap(stage, Deed.CALL_NOW)
        await answer(kiosk, Rejected(code="MALFORMED", cause="an older hub", remedy="Update it"), final=True)
        html = await tap(stage, Deed.CALL)
        assert "không nhận lời gọi" in html and "hỏi nhân viên ở" in html


async def test_a_call_can_be_taken_back_and_made_anew(town: Town) -> None:
    town.hub.is_deaf = True  # the test answers
    async with town.kiosk() as kiosk:
        calls = Calls(kiosk)
        await calls.call("lay")
        (request,) = await asked(kiosk)
        await calls.withdraw()
        assert await calls.stands() is None and await asked(kiosk) == []
        assert town.hub.told(HelpOverFact) == [HelpOverFact(request=request.id)]
        await calls.withdraw()
        assert len(town.hub.told(HelpOverFact)) == 1
        await calls.call("lay")
        assert [each.id for each in await asked(kiosk)] != [request.id]


@pytest.mark.parametrize("taken", [False, True])
async def test_a_restarted_kiosk_goes_on_with_its_call_and_knows_one_that_is_over(town: Town, taken: bool) -> None:
    town.hub.is_deaf = True  # the test answers
    async with town.kiosk() as kiosk:
        calls = Calls(kiosk)
        await calls.call("pay")
        if taken:
            await answer(kiosk, HelpTaken(role="CLERK", at=town.clock.now()), final=True)
        town.clock.advance(60)
        restarted = Calls(kiosk)
        call = await restarted.stands()
        assert call and call.called_at == town.clock.now() - timedelta(seconds=60)
        assert call.role == ("CLERK" if taken else "")
        await restarted.withdraw()
        assert await Calls(kiosk).stands() is None


async def test_a_call_that_nobody_ends_is_over_after_a_while(town: Town) -> None:
    town.hub.is_deaf = True  # the test answers
    async with town.kiosk() as kiosk:
        calls = Calls(kiosk)
        await calls.call("pay")
        town.clock.advance(LASTS.total_seconds())
        assert await calls.stands()
        town.clock.advance(1)
        assert await calls.stands() is None and len(town.hub.told(HelpOverFact)) == 1
