"""The screen's side of finding out who is there: what it is told to show, and who may press which button."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from identity_doubles import PROMPT, StandingClock, card, seen
from kiosk_doubles import ONE_COPY, Hub, Town

from agent.identity.attendant import Show, SimulatedAttendant
from agent.identity.values import CardRead, Seen
from agent.journeys import consent
from agent.journeys.parts import Kiosk
from agent.journeys.pins import ATTEMPTS, Pins, hashed
from agent.journeys.recovery import start
from agent.journeys.touches import Touch
from agent.screen.api import Screen
from agent.screen.identity import StaffDoor
from agent.screen.view import VisitView, view
from contract.clock import Deadline, SimulatedClock
from contract.messages import CardSource, IdentityResult

STAFF, PIN = "Lê Văn Mẫu", "483920"


@pytest.fixture
def town(folder: Path, clock: SimulatedClock) -> Town:
    standing = StandingClock(clock.now())
    return Town(folder=folder, clock=standing, hub=Hub(standing))


class Looking(SimulatedAttendant):
    """Goes on looking until it is told to stop."""

    def __init__(self) -> None:
        super().__init__([card()], [seen(IdentityResult.NO_MATCH)], prompt=PROMPT)
        self.stop = asyncio.Event()

    async def look(self, card: CardRead, show: Show, deadline: Deadline) -> Seen:
        seen = await super().look(card, show, deadline)
        await self.stop.wait()
        return seen


async def _until(kiosk: Kiosk, visit: str, shown: Callable[[VisitView], bool]) -> VisitView:
    while not shown(now := await view(kiosk, visit)):
        await asyncio.sleep(0)
    return now


def _asks(what: str) -> Callable[[VisitView], bool]:
    return lambda now: now.identity is not None and now.identity.asks == what


def _prompts(now: VisitView) -> bool:
    return now.identity is not None and now.identity.prompt is not None


def _client(kiosk: Kiosk) -> httpx.AsyncClient:
    async def never(_wish: Any) -> str:
        raise AssertionError

    staff = Pins({STAFF: hashed(PIN)}, kiosk.clock)
    app = Screen(kiosk, never, StaffDoor(kiosk, staff).routes()).app()
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://screen")


async def test_screen_leads_through_consent_card_challenge_and_the_other_way(town: Town) -> None:
    town.attendant, town.staff, town.touches = Looking(), "", (Touch.TAKEN,)
    async with town.kiosk() as kiosk, _client(kiosk) as screen:
        visit = (await start(kiosk, ONE_COPY)).id
        running = asyncio.create_task(town.go_on(kiosk, visit))
        first = (await _until(kiosk, visit, _asks("consent"))).identity
        assert first is not None and (first.text, first.touches) == (
            consent.CONSENT, [Touch.AGREE, Touch.NOT_MY_FACE],
        )  # fmt: skip
        assert (await screen.post(f"/visits/{visit}/agree")).status_code == 202
        look = (await _until(kiosk, visit, _prompts)).identity
        assert look is not None and look.prompt is not None and look.card is not None
        assert (look.asks, look.prompt.turn, [each.colour for each in look.prompt.lights]) == (
            "look", "left", [(1, 0, 0), (0, 1, 0)],
        )  # fmt: skip
        assert (look.card.source, look.card.verified, look.tries_left) == (CardSource.CHIP, True, 2)
        assert isinstance(town.attendant, Looking)
        town.attendant.stop.set()
        way = (await _until(kiosk, visit, _asks("way"))).identity
        assert way is not None and way.notice is not None and way.tries_left == 0
        assert way.touches == [Touch.PHOTO, Touch.WITHOUT] and way.text == consent.PHOTO
        assert (await screen.post(f"/visits/{visit}/without")).status_code == 202
        assert (await running).code == "HANDED_OVER"
        assert (await view(kiosk, visit)).identity is None


async def test_staff_vouch_with_their_pin_alone_and_only_when_asked(town: Town) -> None:
    town.attendant, town.touches = SimulatedAttendant([card()], [seen()]), (Touch.TAKEN,)
    async with town.kiosk() as kiosk, _client(kiosk) as screen:
        assert kiosk.identity is not None
        kiosk.identity.has_staff = True
        visit = (await start(kiosk, ONE_COPY)).id
        running = asyncio.create_task(town.go_on(kiosk, visit))
        await _until(kiosk, visit, _asks("consent"))
        who = {"name": STAFF, "pin": PIN}
        assert (await screen.post(f"/visits/{visit}/staff", json=who)).status_code == 409  # nobody has asked for staff
        await screen.post(f"/visits/{visit}/not-my-face")
        shown = (await _until(kiosk, visit, _asks("way"))).identity
        assert shown is not None and Touch.STAFF in shown.touches
        wrong = await screen.post(f"/visits/{visit}/staff", json={"name": STAFF, "pin": "000000"})
        assert wrong.status_code == 409 and "PIN" in wrong.json()["vi"]
        assert (await screen.post(f"/visits/{visit}/staff", content=b"{}")).status_code == 422
        assert (await screen.post(f"/visits/{visit}/staff", json=who)).status_code == 204
        assert (await running).code == "HANDED_OVER"
        steps = {step.name: step.result for step in await kiosk.ledger.journal.steps(visit)}
        assert STAFF.encode() in (steps["identity"] or b"") and PIN.encode() not in b"".join(
            filter(None, steps.values())
        )


async def test_button_of_staff_can_not_be_pressed_like_a_citizens(town: Town) -> None:
    async with town.kiosk() as kiosk:
        visit = (await start(kiosk, ONE_COPY)).id
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=Screen(kiosk, lambda _: asyncio.sleep(0, ""), []).app()),
            base_url="http://s",
        ) as screen:
            assert (await screen.post(f"/visits/{visit}/staff")).status_code == 404
            assert (await screen.post(f"/visits/{visit}/photo")).status_code == 202


async def test_staff_door_shuts_after_too_many_wrong_pins(town: Town) -> None:
    async with town.kiosk() as kiosk, _client(kiosk) as screen:
        visit = (await start(kiosk, ONE_COPY)).id
        for _ in range(ATTEMPTS):
            await screen.post(f"/visits/{visit}/staff", json={"name": STAFF, "pin": "000000"})
        shut = await screen.post(f"/visits/{visit}/staff", json={"name": STAFF, "pin": PIN})
        assert shut.status_code == 409 and "too often" in shut.json()["en"]
