"""Two hub processes, one PostgreSQL, one Mosquitto: a hub is killed amid its work; nothing is lost or done twice."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiomqtt
import httpx
import pytest

from contract import messages, topics
from contract.messages import Certified, Rejected, Reply, ReplyEnvelope
from tests.prove import numbers
from tests.prove.hubs import KIOSK_ID, Hubs, chunks, request, two_hubs

pytestmark = [pytest.mark.xdist_group("hubs"), pytest.mark.timeout(900)]

PAPERS = 8
ASK_AGAIN_S = 3.0


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


class Line:
    """A kiosk on MQTT 5 with mutual TLS; it repeats what was not answered, as its outbox does."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client
        self._heard: dict[str, Reply] = {}
        self._news = asyncio.Condition()

    async def listen(self) -> None:
        async for message in self._client.messages:
            assert isinstance(message.payload, bytes)
            if "/down/reply/" in str(message.topic):
                envelope = messages.decode(ReplyEnvelope, message.payload)
                async with self._news:
                    self._heard[envelope.id] = envelope.body
                    self._news.notify_all()

    async def certified(self, request_id: str, payload: bytes, draft: bytes) -> Certified:
        """Ask until the copy is certified; the answer that comes by itself counts as well as one that was asked for."""
        while True:
            await self._client.publish(topics.up(KIOSK_ID, "request", "certify"), payload, qos=1)
            for at, chunk in enumerate(chunks(draft)):
                sha256 = hashlib.sha256(draft).hexdigest()
                await self._client.publish(topics.up(KIOSK_ID, "blob", sha256, at), chunk, qos=1)
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_AGAIN_S), self._news:
                    await self._news.wait_for(lambda: isinstance(self._heard.get(request_id), Certified | Rejected))
            answer = self._heard.get(request_id)
            assert not isinstance(answer, Rejected), answer
            if isinstance(answer, Certified):
                return answer


@asynccontextmanager
async def kiosk(hubs: Hubs) -> AsyncIterator[Line]:
    files = hubs.pki.issue_kiosk(KIOSK_ID)
    tls = ssl.create_default_context(cafile=str(files.authority))
    tls.load_cert_chain(files.certificate, files.key)
    async with aiomqtt.Client(
        "localhost", hubs.broker_port, protocol=aiomqtt.ProtocolVersion.V5, tls_context=tls
    ) as client:
        await client.subscribe(topics.down(KIOSK_ID, "#"), qos=1)
        line = Line(client)
        listening = asyncio.create_task(line.listen())
        yield line
        listening.cancel()
