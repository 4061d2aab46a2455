"""Queue numbers by the local API, as a robot in the hall draws them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from kiosk_doubles import BOOKED, LINE, Hub, Town

from agent.journeys.parts import Kiosk
from agent.journeys.recovery import go_on, start
from agent.journeys.values import Wish
from agent.screen.api import Screen
from agent.screen.queue import QueueDesk
from contract.clock import SimulatedClock
from contract.messages import Service


@pytest.fixture
async def kiosk(tmp_path: Path, clock: SimulatedClock) -> AsyncIterator[Kiosk]:
    async with Town(folder=tmp_path, clock=clock, hub=Hub(clock), line=LINE).kiosk() as kiosk:
        yield kiosk


@pytest.fixture
async def robot(kiosk: Kiosk) -> AsyncIterator[httpx.AsyncClient]:
    async def begin(wish: Wish) -> str:
        visit = await start(kiosk, wish)
        await go_on(kiosk, await kiosk.ledger.journal.visit(visit.id))
        return visit.id

    app = Screen(kiosk, begin, QueueDesk(kiosk, begin).routes()).app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kiosk") as client:
        yield client


async def test_a_robot_learns_the_services_draws_a_number_and_says_it(robot: httpx.AsyncClient) -> None:
    services = (await robot.get("/queue")).json()
    assert [each["code"] for each in services["services"]] == ["CT", "HT"]
    begun = await robot.post("/tickets", json={"service": "CT", "priority": "ELDERLY", "printed": False})
    assert begun.status_code == 201
    said = (await robot.get(f"/tickets/{begun.json()['visit']}")).json()
    assert (said["done"], said["code"], said["ticket"]["number"]) == (True, "TICKET_GIVEN", "C1-001")
    assert said["ticket"]["wait_min"] == 12


async def test_a_call_repeated_under_one_key_is_one_number(robot: httpx.AsyncClient) -> None:
    key = {"idempotency-key": "a robot's own"}
    answers = await asyncio.gather(*(robot.post("/tickets", json={"service": "CT"}, headers=key) for _ in range(3)))
    assert len({each.json()["visit"] for each in answers}) == 1
    other = await robot.post("/tickets", json={"service": "CT"})
    assert other.json()["visit"] != answers[0].json()["visit"]


async def test_a_robot_is_served_while_somebody_stands_at_the_screen(kiosk: Kiosk, robot: httpx.AsyncClient) -> None:
    async with kiosk.floor:
        assert (await robot.post("/tickets", json={"service": "CT"})).status_code == 201


async def test_a_report_with_a_booking_gives_the_hubs_number(robot: httpx.AsyncClient) -> None:
    begun = await robot.post("/check-ins", json={"code": BOOKED})
    said = (await robot.get(f"/tickets/{begun.json()['visit']}")).json()
    assert (said["code"], said["ticket"]["number"]) == ("CHECKED_IN", "C0-001")


@pytest.mark.parametrize(("path", "body", "status"), [
    ("/tickets", b'{"service": "ZZ"}', 404),
    ("/tickets", b"{}", 422),
    ("/tickets", b"[1]", 422),
    ("/tickets", b'{"service": "CT", "who": "me"}', 422),
    ("/check-ins", b'{"code": "short"}', 422),
])  # fmt: skip
async def test_what_is_not_understood_is_named(robot: httpx.AsyncClient, path: str, body: bytes, status: int) -> None:
    said = await robot.post(path, content=body)
    assert said.status_code == status
    assert said.json()["vi"] and said.json()["en"]


async def test_a_kiosk_that_is_out_of_service_gives_no_number(kiosk: Kiosk, robot: httpx.AsyncClient) -> None:
    kiosk.door.mode = Service.OUT_OF_SERVICE
    assert (await robot.post("/tickets", json={"service": "CT"})).status_code == 409
