"""Request to reply while the fleet speaks: a kiosk sends papers, a script approves each at once."""

import asyncio
import time

from tests.prove.hubs import Hubs, request
from tests.prove.line import Line, kiosk

APPROVAL = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA", "take_back": False}
LOOK_S = 0.05
DECIDED_WITHIN_S = 60.0


async def measure(hubs: Hubs, *, count: int, per_s: float) -> list[float]:
    """Return the seconds from request to `certified` of `count` papers that begin `per_s` a second."""
    papers = [await asyncio.to_thread(request, number) for number in range(count)]
    deciding = asyncio.create_task(asyncio.to_thread(_decide, hubs, count))
    async with kiosk(hubs) as line:
        begun = time.monotonic()
        running = []
        for number, paper in enumerate(papers):
            await asyncio.sleep(max(0.0, begun + number / per_s - time.monotonic()))
            running.append(asyncio.create_task(_timed(line, paper)))
        took, _ = await asyncio.gather(asyncio.gather(*running), deciding)
    return took


async def _timed(line: Line, paper: tuple[str, bytes, bytes]) -> float:
    begun = time.monotonic()
    await line.certified(*paper)
    return time.monotonic() - begun


def _decide(hubs: Hubs, count: int) -> None:
    """Approve whatever waits until `count` papers are decided; raise TimeoutError where none was for some time."""
    decided, last, refused = 0, time.monotonic(), ""
    with hubs.officer(0) as officer:
        while decided < count:
            for paper in officer.get("/api/queue").raise_for_status().json()["papers"]:
                answer = officer.post(f"/api/requests/{paper['id']}/decision", json=APPROVAL)
                if answer.is_success:
                    decided, last = decided + 1, time.monotonic()
                else:
                    refused = answer.text
            if time.monotonic() - last > DECIDED_WITHIN_S:
                raise TimeoutError(f"{decided} of {count} papers could be decided; the last refusal: {refused}")
            time.sleep(LOOK_S)
