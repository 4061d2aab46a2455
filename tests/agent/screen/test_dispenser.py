"""What a robot in the hall has printed at the kiosk: once for each of its calls, and true about the paper."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from kiosk_doubles import Hub, Town
from starlette.applications import Starlette

from agent.devices.errors import TicketPaperOut
from agent.devices.ticket_printer import SimulatedTicketPrinter
from agent.journeys.parts import Kiosk
from agent.screen.dispenser import LONGEST_KEY, Dispenser
from contract.clock import Deadline, SimulatedClock
from contract.messages import PrintOutcome, Service

BIRTH = {"procedure": "1.001193"}
KEY = {"idempotency-key": "robot 7, call 1"}


@pytest.fixture
def town(tmp_path: Path, clock: SimulatedClock) -> Town:
    return Town(folder=tmp_path, clock=clock, hub=Hub(clock))


@pytest.fixture
async def kiosk(town: Town) -> AsyncIterator[Kiosk]:
    async with town.kiosk() as kiosk:
        yield kiosk


def robot_of(kiosk: Kiosk) -> httpx.AsyncClient:
    app = Starlette(routes=Dispenser(kiosk).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://kiosk")


def slips(town: Town) -> list[Path]:
    return sorted((town.folder / "slips").glob("*.png"))


async def test_a_call_repeated_under_its_key_is_one_slip_even_after_the_kiosk_has_restarted(town: Town) -> None:
    for _ in range(2):
        async with town.kiosk() as kiosk, robot_of(kiosk) as robot:
            said = await robot.post("/dispense", json=BIRTH, headers=KEY)
            assert (said.status_code, said.json()["outcome"]) == (200, PrintOutcome.PRINTED)
            assert "slot" in said.json()["en"]
    assert len(slips(town)) == 1
    async with town.kiosk() as kiosk, robot_of(kiosk) as robot:
        await robot.post("/dispense", json=BIRTH, headers={"idempotency-key": "call 2"})
    assert len(slips(town)) == 2


async def test_an_empty_roll_is_told_with_its_cause_and_the_same_call_prints_once_there_is_paper(town: Town) -> None:
    town.ticket_fault = TicketPaperOut("the roll is empty")
    async with town.kiosk() as kiosk, robot_of(kiosk) as robot:
        said = await robot.post("/dispense", json=BIRTH, headers=KEY)
        assert said.status_code == 503 and "the roll is empty" in said.json()["en"] and "quầy" in said.json()["vi"]
    assert slips(town) == []
    town.ticket_fault = None
    async with town.kiosk() as kiosk, robot_of(kiosk) as robot:
        assert (await robot.post("/dispense", json=BIRTH, headers=KEY)).status_code == 200
    assert len(slips(town)) == 1


class Silent(SimulatedTicketPrinter):
    """A printer that took the slip and never said what became of it."""

    async def print_ticket(self, key: str, png: bytes, deadline: Deadline) -> PrintOutcome:
        return PrintOutcome.UNKNOWN


async def test_a_slip_that_nobody_knows_of_is_not_promised(kiosk: Kiosk, tmp_path: Path) -> None:
    async with robot_of(replace(kiosk, tickets=Silent(tmp_path / "silent"))) as robot:
        said = (await robot.post("/dispense", json=BIRTH, headers=KEY)).json()
    assert said["outcome"] == PrintOutcome.UNKNOWN and said["en"].startswith("If no slip came out")


@pytest.mark.parametrize(("body", "key", "status"), [
    (b'{"procedure": "1.001193"}', "", 422),
    (b'{"procedure": "1.001193"}', "k" * (LONGEST_KEY + 1), 422),
    (b'{"procedure": "9.999999"}', "k", 404),
    (b'{"procedure": "water"}', "k", 422),
    (b'{"procedure": "1.001193", "copies": 50}', "k", 422),
    (b"\xff", "k", 422),
])  # fmt: skip
async def test_what_is_not_understood_prints_nothing(
    town: Town, kiosk: Kiosk, body: bytes, key: str, status: int
) -> None:
    async with robot_of(kiosk) as robot:
        assert (await robot.post("/dispense", content=body, headers={"idempotency-key": key})).status_code == status
    assert slips(town) == []


async def test_a_kiosk_without_a_ticket_printer_or_out_of_service_says_so(kiosk: Kiosk) -> None:
    async with robot_of(replace(kiosk, tickets=None)) as robot:
        assert (await robot.post("/dispense", json=BIRTH, headers=KEY)).status_code == 404
    kiosk.door.mode = Service.OUT_OF_SERVICE
    async with robot_of(kiosk) as robot:
        assert (await robot.post("/dispense", json=BIRTH, headers=KEY)).status_code == 409
