"""A kiosk's end of the line in a proof: real MQTT 5 over mutual TLS, repeating what was not answered."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiomqtt

from contract import messages, topics
from contract.messages import Certified, Rejected, Reply, ReplyEnvelope
from tests.prove.hubs import KIOSK_ID, Hubs, chunks

ASK_AGAIN_S = 3.0


class Line:
    """A kiosk on MQTT 5 with mutual TLS; it repeats what was not answered, as its outbox does."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client
        self._heard: dict[str, Reply] = {}
        self._news = asyncio.Condition()

    async def listen(self) -> None:
        """Keep the newest answer to each request, for ever."""
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
    """Yield the connection of the hubs' kiosk."""
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
