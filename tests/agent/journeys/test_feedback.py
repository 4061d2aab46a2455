"""Feedback from the kiosk: at the screen and over the local API, unknown unless the citizen says otherwise."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
import zxingcpp
from kiosk_doubles import ONE_COPY, Town
from PIL import Image

from agent.devices.errors import TicketPaperOut
from agent.journeys import feedback
from agent.journeys.feedback import Said
from agent.journeys.parts import Kiosk
from agent.journeys.recovery import start
from agent.screen.api import Screen
from agent.screen.feedback_desk import FeedbackDesk
from agent.screen.page.activities.feedback import MOST_LETTERS, Feedback, FeedbackHeld
from agent.screen.page.state import Deed, Tap
from agent.screen.view import view
from contract.messages import FeedbackFact, PrintOutcome
from contract.tracking import code_hash

WORDS = "Máy in kẹt giấy"


async def touch(activity: Feedback, held: FeedbackHeld | None, *touches: tuple[Deed, str]) -> FeedbackHeld | None:
    for do, value in touches:
        assert held is not None
        then = await activity.touched(held, Tap(scene=f"feedback/{held.scene}", do=do, value=value))
        assert then is None or isinstance(then, FeedbackHeld)
        held = then
    return held


def typing(text: str) -> list[tuple[Deed, str]]:
    return [(Deed.KEY, "space" if letter == " " else letter) for letter in text]


async def opened(activity: Feedback, visit: str = "") -> FeedbackHeld:
    held = await (activity.begin_over(visit) if visit else activity.begin())
    assert isinstance(held, FeedbackHeld)
    return held


async def one_order(town: Town, kiosk: Kiosk) -> str:
    visit = await start(kiosk, ONE_COPY)
    await town.go_on(kiosk, visit.id)
    return visit.id


async def test_face_and_typed_words_reach_the_hub_without_a_name_a_visit_or_a_code(town: Town) -> None:
    async with town.kiosk() as kiosk:
        activity = Feedback(kiosk)
        held = await touch(
            activity, await opened(activity), (Deed.ACT, "2"), *typing("masy in kejt giaasy"), (Deed.GO_ON, "")
        )
        assert held is not None
        assert (held.scene, held.given and held.given.code) == ("thanks", "")
        assert await touch(activity, held, (Deed.GO_ON, "")) is None
    (said,) = town.hub.told(FeedbackFact)
    assert (said.face, said.words, said.about, said.code_sha256) == (2, WORDS, None, None)


async def test_who_wants_an_answer_gets_a_code_that_the_kiosk_does_not_keep(town: Town) -> None:
    async with town.kiosk() as kiosk:
        activity = Feedback(kiosk)
        touches = ((Deed.ACT, "1"), (Deed.ACT, "answer"), (Deed.GO_ON, ""))
        held = await touch(activity, await opened(activity), *touches)
        assert held is not None
        assert held.given is not None
        code = held.given.code
        assert held.given.address == f"https://tram.example.vn/f/{code}"
        held = await touch(activity, held, (Deed.ACT, "print"))
        assert held is not None
        assert held.is_printing
        while held.is_printing:
            await asyncio.sleep(0)
            held = await activity.looked(held)  # type: ignore[assignment]
            assert isinstance(held, FeedbackHeld)
        assert held.slip is PrintOutcome.PRINTED
    (said,) = town.hub.told(FeedbackFact)
    assert said.code_sha256 == code_hash(code)
    (slip,) = (town.folder / "slips").glob("feedback-*")
    assert [each.text for each in zxingcpp.read_barcodes(Image.open(slip).convert("L"))] == [held.given.address]  # type: ignore[union-attr]
    assert code.encode() not in b"".join(path.read_bytes() for path in town.folder.glob("ledger.sqlite*"))


async def test_slip_that_does_not_come_out_is_told(town: Town) -> None:
    town.ticket_fault = TicketPaperOut()
    async with town.kiosk() as kiosk:
        given = await feedback.give(kiosk, Said(face=1, wants_answer=True))
        assert await feedback.print_code(kiosk, given) is PrintOutcome.NOT_PRINTED
        assert await feedback.print_code(replace(kiosk, tickets=None), given) is None


async def test_words_are_blanked_here_once_the_hub_has_them(town: Town) -> None:
    async with town.kiosk() as kiosk:
        await feedback.give(kiosk, Said(face=3, words="Không ai giúp tôi cả"))
    assert town.hub.told(FeedbackFact)[0].words == "Không ai giúp tôi cả"
    assert "Không ai giúp".encode() not in b"".join(path.read_bytes() for path in town.folder.glob("ledger.sqlite"))


@pytest.mark.parametrize("ties", [0, 1, 2])
async def test_visit_before_is_named_only_where_the_citizen_says_so(town: Town, ties: int) -> None:
    async with town.kiosk() as kiosk:
        visit = await one_order(town, kiosk)
        activity = Feedback(kiosk)
        touches = ((Deed.ACT, "5"), *[(Deed.ACT, "tie")] * ties, (Deed.GO_ON, ""))
        await touch(activity, await opened(activity, visit), *touches)
        request = (await view(kiosk, visit)).request
    assert request
    assert town.hub.told(FeedbackFact)[0].about == (request if ties == 1 else None)


async def test_back_goes_one_scene_back_and_nonsense_changes_nothing(town: Town) -> None:
    async with town.kiosk() as kiosk:
        activity = Feedback(kiosk)
        faces = await opened(activity)
        for nonsense in ("0", "6", "tie", "face"):
            assert await touch(activity, faces, (Deed.ACT, nonsense)) == faces
        words = await touch(activity, faces, (Deed.ACT, "4"), (Deed.ACT, "tie"), (Deed.ACT, "x"), (Deed.KEY, "<"))
        assert words == replace(faces, scene="words", face=4)
        assert await touch(activity, words, (Deed.BACK, ""), (Deed.BACK, "")) is None
        assert town.hub.told(FeedbackFact) == []


async def test_sentence_is_typed_with_capital_marks_and_an_end(town: Town) -> None:
    async with town.kiosk() as kiosk:
        activity = Feedback(kiosk)
        words = await touch(activity, await opened(activity), (Deed.ACT, "4"))
        typed = await touch(activity, words, (Deed.KEY, "."), *typing("tots lawsm 5 sao .xin"))
        assert typed is not None
        assert typed.words == "Tót lắm 5 sao. Xin"
        long = await touch(activity, words, *typing("b" * (MOST_LETTERS + 5)))
        assert long is not None
        assert len(long.words) == MOST_LETTERS


@asynccontextmanager
async def robot(kiosk: Kiosk) -> AsyncIterator[httpx.AsyncClient]:
    async def begin(_wish: object) -> str:
        raise NotImplementedError

    app = Screen(kiosk, begin, FeedbackDesk(kiosk).routes()).app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kiosk") as client:
        yield client


async def test_robot_gives_feedback_over_the_local_api(town: Town) -> None:
    async with town.kiosk() as kiosk, robot(kiosk) as client:
        visit = await one_order(town, kiosk)
        answer = await client.post(
            "/feedback", json={"face": 5, "words": "Nước mát", "wants_answer": True, "visit": visit}
        )
        assert answer.status_code == 201
        given = answer.json()
        assert given["address"].endswith(given["code"])
        bad = [{"face": 0}, {"face": 6}, {"words": "x"}, {"face": 3, "words": "x" * 1001}, {"face": 3, "name": "x"}]
        assert {(await client.post("/feedback", json=each)).status_code for each in bad} == {422}
        assert (await client.post("/feedback", json={"face": 3, "visit": "none"})).status_code == 404
    (said,) = town.hub.told(FeedbackFact)
    assert (said.words, said.code_sha256) == ("Nước mát", code_hash(given["code"]))
    assert said.about
