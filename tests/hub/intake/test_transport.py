"""The line to a real broker: answers find their kiosk, and what waits is sent when the broker comes back."""

import asyncio
import getpass
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import aiomqtt
import msgspec
import pytest
from hub_doubles import KIOSK, CertifierDouble, KioskDouble, approve, draft_pdf, opened

from contract import messages, topics
from contract.clock import SystemClock
from contract.ids import new_ulid, sha256_hex
from contract.messages import (
    Certified,
    CollectRequest,
    Reply,
    ReplyEnvelope,
    RequestEnvelope,
    SendChunks,
    Sending,
    Waiting,
)
from hub.config import HubConfig, MqttConfig
from hub.intake.handler import Intake
from hub.intake.transport import Transport
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing import pki
from hub.signing.broker_pki import TlsFiles
from provisioning.onebox.child import Child, free_port, port_open
from tests.beside import beside

pytestmark = pytest.mark.skipif(shutil.which("mosquitto") is None, reason="mosquitto is not installed")

CONFIG = """\
listener {port} 127.0.0.1
cafile {broker.authority}
certfile {broker.certificate}
keyfile {broker.key}
require_certificate true
use_identity_as_username true
allow_anonymous false
user {user}
"""


class Broker:
    """Mosquitto on a port of its own, which can be killed and started again."""

    def __init__(self, folder: Path, files: TlsFiles) -> None:
        self.port = free_port()
        config = folder / "mosquitto.conf"
        config.write_text(CONFIG.format(port=self.port, broker=files, user=getpass.getuser()))
        self._mosquitto = Child("broker", ["mosquitto", "-c", str(config)], folder / "mosquitto.log")

    def start(self) -> None:
        self._mosquitto.start(lambda: port_open(self.port), within_s=60)

    def kill(self) -> None:
        self._mosquitto.kill()


@pytest.fixture
def keys(tmp_path: Path) -> pki.Pki:
    return pki.ensure(tmp_path / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=[])


@pytest.fixture
def broker(tmp_path: Path, keys: pki.Pki) -> Iterator[Broker]:
    broker = Broker(tmp_path, keys.broker.server)
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def served(config: HubConfig, broker: Broker, keys: pki.Pki) -> Iterator[Hub]:
    files = keys.broker.hub
    mqtt = MqttConfig(host="localhost", port=broker.port, ca=files.authority, cert=files.certificate, key=files.key)
    hub = opened(msgspec.structs.replace(config, mqtt=mqtt), SystemClock())  # type: ignore[arg-type]
    yield hub
    hub.database.close()


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[None]:
    """Run the line and the signing; where one of them ends by a fault, the test does too."""
    async with beside(Transport(hub, Intake(hub)).run(), SigningQueue(hub, CertifierDouble()).run()):
        yield


R = TypeVar("R", bound=Reply)


class Line:
    """The kiosk's end."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client
        self.messages = client.messages
        self.blobs: dict[int, bytes] = {}

    async def ask(self, payload: bytes, wanted: type[R], kind: str = "certify") -> R:
        """Send until answered, as the kiosk's outbox does."""
        while True:
            await self._client.publish(topics.up(KIOSK, "request", kind), payload, qos=1)
            with suppress(TimeoutError):
                return await self.answer(wanted, within_s=3)

    async def send(self, draft: bytes) -> Waiting:
        await self._client.publish(topics.up(KIOSK, "blob", sha256_hex(draft), 0), draft, qos=1)
        return await self.answer(Waiting)

    async def answer(self, wanted: type[R], within_s: float = 100) -> R:
        """Return the next answer of this kind; a slow hub may have been asked, and so have answered, twice."""
        async with asyncio.timeout(within_s):
            async for message in self._client.messages:
                if "/down/blob/" in str(message.topic):
                    self.blobs[int(str(message.topic).rsplit("/", 1)[1])] = bytes(message.payload)  # type: ignore[arg-type]
                    continue
                body = messages.decode(ReplyEnvelope, message.payload).body  # type: ignore[arg-type]
                if isinstance(body, wanted):
                    return body
        raise AssertionError


@asynccontextmanager
async def connected(keys: pki.Pki, broker: Broker) -> AsyncIterator[Line]:
    files = keys.issue_kiosk(KIOSK)
    tls = ssl.create_default_context(cafile=str(files.authority))
    tls.load_cert_chain(files.certificate, files.key)
    async with aiomqtt.Client("localhost", broker.port, protocol=aiomqtt.ProtocolVersion.V5, tls_context=tls) as client:
        await client.subscribe(topics.down(KIOSK, "#"), qos=1)
        yield Line(client)


async def test_copy_goes_all_the_way_over_mutual_tls(served: Hub, broker: Broker, keys: pki.Pki) -> None:
    request_id, payload = KioskDouble(served).request(draft_pdf())
    async with running(served), connected(keys, broker) as line:
        assert await line.ask(payload, SendChunks) == SendChunks(missing=(0,))
        await line.send(draft_pdf())
        await asyncio.to_thread(approve, served, request_id)
        copy = await line.answer(Certified)
        body = CollectRequest(blob=copy.tail, missing=tuple(range(copy.tail.chunks)))
        now = served.clock.now()
        envelope = RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body)
        await line.ask(messages.encode(envelope), Sending, "collect")
        tail = b"".join(line.blobs[n] for n in sorted(line.blobs))
        assert sha256_hex(draft_pdf() + tail) == copy.copy_sha256


async def test_broker_killed_meanwhile_does_not_keep_the_answer_from_the_kiosk(
    served: Hub, broker: Broker, keys: pki.Pki
) -> None:
    async with running(served):
        request_id, payload = KioskDouble(served).request(draft_pdf())
        async with connected(keys, broker) as line:
            await line.ask(payload, SendChunks)
            await line.send(draft_pdf())
        broker.kill()
        await asyncio.to_thread(approve, served, request_id)
        await asyncio.sleep(1)
        broker.start()
        async with connected(keys, broker) as line:
            assert await line.ask(payload, Certified)


async def test_hub_told_to_end_ends_where_the_broker_does_not_take_leave(
    served: Hub, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, connect = asyncio.Event(), Transport._client

    @asynccontextmanager
    async def rude(transport: Transport) -> AsyncIterator[aiomqtt.Client]:
        try:
            async with connect(transport) as client:
                entered.set()
                yield client
        finally:
            raise aiomqtt.MqttError("Operation timed out")

    monkeypatch.setattr(Transport, "_client", rude)
    line = asyncio.create_task(Transport(served, Intake(served)).run())
    await entered.wait()
    line.cancel()
    ended, _ = await asyncio.wait([line], timeout=60)
    assert ended and line.cancelled()


async def test_hub_restarted_between_signature_and_answer_tells_the_kiosk(
    served: Hub, broker: Broker, keys: pki.Pki
) -> None:
    request_id = KioskDouble(served).queue_paper()
    approve(served, request_id)
    assert SigningQueue(served, CertifierDouble()).sign_next()
    async with connected(keys, broker) as line, running(served):
        assert await line.answer(Certified)


async def test_two_hubs_share_what_waits_to_be_sent_and_send_it_once(
    served: Hub, broker: Broker, keys: pki.Pki
) -> None:
    kiosk = KioskDouble(served)
    papers = [kiosk.queue_paper(draft_pdf(mark=str(number))) for number in range(12)]
    for paper in papers:
        approve(served, paper)
        assert SigningQueue(served, CertifierDouble()).sign_next()
    heard: list[str] = []
    async with connected(keys, broker) as line, running(served), running(served):
        async with asyncio.timeout(60):
            async for message in line.messages:
                heard.append(messages.decode(ReplyEnvelope, message.payload).id)  # type: ignore[arg-type]
                if set(heard) == set(papers):
                    break
        await asyncio.sleep(2)
        assert len(line.messages) == 0
    assert sorted(heard) == sorted(papers)
