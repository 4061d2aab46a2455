"""Practice: the whole way with made-up moments; no visit, no device, no message, and one touch leaves it."""

import pytest
from kiosk_doubles import Town

from agent.screen.page import practice
from agent.screen.page.stage import Stage
from agent.screen.page.state import Deed, State, Tap

TO_THE_GLASS = (
    (Deed.WAKE, ""), (Deed.PRACTISE, ""), (Deed.GO_ON, ""), (Deed.GO_ON, ""), (Deed.GO_ON, ""), (Deed.PAGES, "2"),
    (Deed.GO_ON, ""), (Deed.GO_ON, ""),
)  # fmt: skip


async def no_visit(wish: object) -> str:
    raise AssertionError("practice begins no visit")


async def tap(stage: Stage, do: Deed, value: str = "") -> str:
    await stage.look()
    assert stage.scene
    await stage.tap(Tap(scene=stage.scene.name, do=do, value=value))
    await stage.look()
    return stage.scene.name


async def test_the_whole_way_is_walked_and_nothing_is_done(town: Town) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        for do, value in TO_THE_GLASS:
            await tap(stage, do, value)
        way = [stage.scene.name if stage.scene else ""]
        way.append(await tap(stage, Deed.BEGIN))
        for do, value in (
            (Deed.GO_ON, ""), (Deed.PAY, "cash"), (Deed.GO_ON, ""), (Deed.GO_ON, ""), (Deed.PRESS, "taken"),
            (Deed.DONE, ""),
        ):  # fmt: skip
            assert "LÀM THỬ" in await stage.shown()
            way.append(await tap(stage, do, value))
        assert way == ["lay", "reading", "pay", "officer", "printing", "take", "end", "attract"]
        assert stage.state == State()
        assert await kiosk.ledger.journal.open_visits() == [] and await kiosk.ledger.outbox.pending() == []
        assert town.hub.copies == [] and not kiosk.floor.locked()


@pytest.mark.parametrize("moments", range(practice.MOMENTS))
async def test_one_touch_leaves_it_from_every_moment_and_back_goes_back(town: Town, moments: int) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        for do, value in (*TO_THE_GLASS, (Deed.BEGIN, ""), *(((Deed.GO_ON, ""),) * moments)):
            await tap(stage, do, value)
        assert stage.state.practice == moments + 1
        assert await tap(stage, Deed.CANCEL) == stage.scene.name  # type: ignore[union-attr]
        await tap(stage, Deed.BACK)
        assert stage.state.practice == moments
        assert await tap(stage, Deed.HOME) == "attract"
        assert stage.state.practice is None and not stage.state.name


async def test_after_practice_a_copy_is_in_earnest(town: Town) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        for do, value in (*TO_THE_GLASS[:3], (Deed.BACK, ""), (Deed.BACK, ""), (Deed.COPY, "")):
            await tap(stage, do, value)
        assert (stage.state.practice, stage.state.name) == (None, "")
        assert "LÀM THỬ" not in await stage.shown()


async def test_who_goes_away_from_practice_leaves_the_screen_to_the_next(town: Town) -> None:
    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, no_visit)
        for do, value in (*TO_THE_GLASS, (Deed.BEGIN, "")):
            await tap(stage, do, value)
        town.clock.advance(1_000)
        await stage.look()
        assert stage.state == State()
