"""Asking VNeID whether a copy is needed: offered where it can be asked, and always with a way to the copy."""

from collections.abc import AsyncIterator

import pytest
from house import House
from kiosk_doubles import Town

from agent.journeys import need
from agent.journeys.recovery import recover
from agent.screen.page.activities.vneid import ANSWER_S
from agent.screen.page.state import Deed
from contract.messages import Held

CODE = "VNEID-MAU-0123456789abcdef"
TO_THE_READER = (
    (Deed.WAKE, ""), (Deed.COPY, ""), (Deed.OPEN, "vneid"), (Deed.ACT, "paper:LICENCE"),
)  # fmt: skip


@pytest.fixture
async def house(town: Town) -> AsyncIterator[House]:
    town.asks_vneid = True
    async with town.kiosk() as kiosk:
        yield House(kiosk)


async def touch(house: House, *touches: tuple[Deed, str]) -> None:
    for do, value in touches:
        await house.tap(do, value)


async def test_a_paper_that_is_there_needs_no_copy_and_the_code_is_blanked(house: House, town: Town) -> None:
    await touch(house, *TO_THE_READER)
    assert await house.scene() == "vneid/hold"
    await house.tap(Deed.VOUCHER, CODE)
    assert await house.scene() == "vneid/answer"
    html = await house.stage.shown()
    assert "đã có trên VNeID" in html and "04/05/2031" in html
    (sent,) = town.hub.requests.values()
    assert CODE.encode() in sent
    (asked,) = await house.kiosk.ledger.outbox.asked("need", "need")
    kept = await house.kiosk.ledger.outbox.find(asked.id)
    assert kept is not None and kept.payload == b""
    await house.tap(Deed.HOME)
    assert await house.scene() == "attract"


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (Held.NOT_THERE, "chưa có trên VNeID"),
        (Held.STALE_CODE, "Mã QR không còn dùng được"),
        (Held.UNKNOWN, "Chưa hỏi được VNeID"),
    ],
)
async def test_any_other_answer_leads_on_to_the_copy(house: House, town: Town, held: Held, words: str) -> None:
    town.hub.on_vneid = held
    await touch(house, *TO_THE_READER, (Deed.VOUCHER, CODE))
    assert await house.scene() == "vneid/answer"
    assert words in await house.stage.shown()
    await touch(house, (Deed.GO_ON, ""))
    assert await house.scene() == "need"
    await touch(house, (Deed.GO_ON, ""))
    assert await house.scene() == "consent"


async def test_a_stale_code_is_shown_anew(house: House, town: Town) -> None:
    town.hub.on_vneid = Held.STALE_CODE
    await touch(house, *TO_THE_READER, (Deed.VOUCHER, CODE), (Deed.ACT, "again"))
    assert await house.scene() == "vneid/hold"


async def test_a_hub_that_says_nothing_is_waited_for_no_longer_than_said(house: House, town: Town) -> None:
    town.hub.is_deaf = True
    await touch(house, *TO_THE_READER, (Deed.VOUCHER, CODE))
    assert await house.scene() == "vneid/asking"
    town.clock.advance(ANSWER_S + 1)
    assert await house.scene() == "vneid/answer"
    assert "Chưa hỏi được VNeID" in await house.stage.shown()
    assert await house.kiosk.ledger.outbox.pending() == []


async def test_who_leaves_before_the_answer_takes_their_code_with_them(house: House, town: Town) -> None:
    town.hub.is_deaf = True
    await touch(house, *TO_THE_READER, (Deed.VOUCHER, CODE), (Deed.HOME, ""))
    assert await house.scene() == "attract"
    (asked,) = await house.kiosk.ledger.outbox.asked("need", "need")
    kept = await house.kiosk.ledger.outbox.find(asked.id)
    assert kept is not None and kept.payload == b""
    assert await house.kiosk.ledger.outbox.pending() == []


async def test_a_question_that_a_power_cut_broke_off_is_not_asked_again_and_its_code_is_gone(
    house: House, town: Town
) -> None:
    town.hub.is_deaf = True
    await touch(house, *TO_THE_READER, (Deed.VOUCHER, CODE))
    outbox = house.kiosk.ledger.outbox
    (asked,) = await outbox.asked(need.QUESTIONS, "need")
    await recover(house.kiosk)
    assert await outbox.pending() == []
    kept = await outbox.find(asked.id)
    assert kept is not None and kept.payload == b""


async def test_it_is_not_offered_without_a_network_or_where_nobody_asks(house: House, town: Town) -> None:
    town.online = False
    await touch(house, *TO_THE_READER)
    assert await house.scene() == "need"
    assert 'data-do="open"' not in await house.stage.shown()


async def test_what_is_not_offered_asks_nothing(house: House, town: Town) -> None:
    await touch(house, *TO_THE_READER[:3], (Deed.ACT, "paper:PASSPORT"), (Deed.VOUCHER, CODE))
    assert await house.scene() == "vneid/papers"
    await touch(house, (Deed.ACT, "paper:VEHICLE"), (Deed.VOUCHER, "short"))
    assert await house.scene() == "vneid/hold"
    await touch(house, (Deed.BACK, ""), (Deed.BACK, ""))
    assert (await house.scene(), town.hub.requests) == ("need", {})
