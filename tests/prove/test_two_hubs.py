"""Two hub processes, one PostgreSQL, one Mosquitto: a hub is killed amid its work; nothing is lost or done twice."""

import asyncio
import hashlib
from contextlib import suppress

import httpx
import pytest

from tests.prove import numbers
from tests.prove.hubs import Hubs, request, two_hubs
from tests.prove.line import kiosk

pytestmark = [pytest.mark.xdist_group("hubs"), pytest.mark.timeout(900)]

PAPERS = 8


async def test_every_request_ends_once_though_a_hub_is_killed_amid_its_work() -> None:
    with two_hubs("postgresql", with_broker=True) as hubs:
        papers = [request(number) for number in range(PAPERS)]
        async with kiosk(hubs) as line, asyncio.timeout(600):
            asking = [asyncio.create_task(line.certified(*paper)) for paper in papers]
            deciding = asyncio.create_task(decide_all(hubs, {paper[0] for paper in papers}))
            while not await asyncio.to_thread(signed, hubs):
                await asyncio.sleep(0.1)
            await asyncio.to_thread(hubs.kill_hub, 0)
            copies = await asyncio.gather(*asking)
            await deciding
        assert len({copy.copy_id for copy in copies}) == PAPERS
        assert {copy.register_label.split(",")[0] for copy in copies} == {f"{n:02d}" for n in range(1, PAPERS + 1)}
        for (_, _, draft), copy in zip(papers, copies, strict=True):
            tail = hubs.seen.tails.get(copy.tail.sha256)
            assert tail is not None and hashlib.sha256(draft + tail).hexdigest() == copy.copy_sha256
        numbers.check(hubs, [paper[0] for paper in papers])


def signed(hubs: Hubs) -> bool:
    return numbers.states(hubs)[1] > 0


async def decide_all(hubs: Hubs, papers: set[str]) -> None:
    """Approve what waits, at whichever hub answers, until every paper is decided."""
    number = 0
    while papers:
        decided = await asyncio.to_thread(decide_waiting, hubs, number)
        papers -= decided
        number = 1 - number
        await asyncio.sleep(0 if decided else 0.2)


def decide_waiting(hubs: Hubs, number: int) -> set[str]:
    """Approve the first paper that waits; return it, and whatever was decided before."""
    approval = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA", "take_back": False}
    with suppress(httpx.TransportError, httpx.HTTPStatusError), hubs.officer(number) as officer:
        for paper in officer.get("/api/queue").raise_for_status().json()["papers"][:1]:
            officer.post(f"/api/requests/{paper['id']}/decision", json=approval)
    return numbers.decided(hubs)
