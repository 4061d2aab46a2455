"""The link over the real broker: presence by state and will, mutual TLS, and a broker that dies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from shutil import which

import aiomqtt
import pytest
from cryptography import x509

from agent.ledger.ledger import Ledger
from agent.link.device_key import DeviceKey
from agent.link.faults import BadCredentials, LinkDown
from agent.link.link import Link
from agent.link.mqtt import Credentials, MqttTransport
from agent.link.transport import Will
from contract.clock import SimulatedClock, SystemClock
from contract.messages import LegalMode, State, decode
from contract.topics import HUB_SUBSCRIPTION
from hub.signing.broker_pki import TlsFiles
from hub.signing.pki import ensure
from provisioning.onebox import broker
from provisioning.onebox.child import Child, free_port, port_open

pytestmark = pytest.mark.skipif(which("mosquitto") is None, reason="mosquitto is not installed")
CLOCK = SystemClock()


class Set:
    """A broker with its PKI, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.pki = ensure(folder / "pki", CLOCK, agency="UBND phường Mẫu", certifiers=())
        self.kiosk = self.pki.issue_kiosk("kiosk-01")
        self.port = free_port()
        server = self.pki.broker.server
        files = broker.BrokerFiles(
            ca=server.authority, crl=self.pki.broker.crl_path, certificate=server.certificate, key=server.key
        )
        argv = ["mosquitto", "-c", str(broker.write_config(folder / "broker", self.port, files))]
        self.child = Child("broker", argv, folder / "log")

    def start(self) -> None:
        self.child.start(lambda: port_open(self.port))

    def hub(self) -> aiomqtt.Client:
        tls = _credentials(self.pki.broker.hub).context()
        v5 = aiomqtt.ProtocolVersion.V5
        return aiomqtt.Client("127.0.0.1", self.port, protocol=v5, tls_context=tls)


def _credentials(files: TlsFiles) -> Credentials:
    return Credentials(ca=files.authority, certificate=files.certificate, key=DeviceKey.open(files.key))


@pytest.fixture
def town(folder: Path) -> Set:
    """A running broker."""
    return Set(folder)


@asynccontextmanager
async def linked(town: Set, folder: Path) -> AsyncIterator[tuple[Link, asyncio.Task[None]]]:
    ledger = await Ledger.open(folder / "kiosk", CLOCK)
    transport = MqttTransport("kiosk-01", "127.0.0.1", town.port, _credentials(town.kiosk), SystemClock())
    link = Link(
        kiosk="kiosk-01", outbox=ledger.outbox, inbox=ledger.inbox, remote=ledger.remote,
        transport=transport, clock=CLOCK, version="test",
        legal_mode=LegalMode.STAFFED_AT_OFFICE,
    )  # fmt: skip
    run = asyncio.create_task(link.run())
    try:
        yield link, run
    finally:
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await ledger.close()


async def _until(link: Link, *, online: bool) -> None:
    async with asyncio.timeout(100):
        while link.status.online is not online:
            await asyncio.sleep(0.02)


async def _next_state(hub: aiomqtt.Client) -> bool:
    async with asyncio.timeout(100):
        message = await anext(aiter(hub.messages))
        assert isinstance(message.payload, bytes)
        return decode(State, message.payload).online


async def test_kiosk_that_comes_and_goes_says_so(town: Set, folder: Path) -> None:
    town.start()
    try:
        async with town.hub() as hub:
            await hub.subscribe(HUB_SUBSCRIPTION, qos=1)
            async with linked(town, folder) as (link, _run):
                await _until(link, online=True)
                assert await _next_state(hub) is True
            assert await _next_state(hub) is False
    finally:
        town.child.stop()


async def test_broker_that_dies_is_noticed_and_met_again(town: Set, folder: Path) -> None:
    town.start()
    try:
        async with linked(town, folder) as (link, run):
            await _until(link, online=True)
            town.child.kill()
            await _until(link, online=False)
            assert str(town.port) in link.status.detail and link.status.remedy and not run.done()
            town.start()
            await _until(link, online=True)
    finally:
        town.child.stop()


async def test_revoked_kiosk_is_not_let_in_and_does_not_crash(town: Set, folder: Path) -> None:
    certificate = x509.load_pem_x509_certificate(town.kiosk.certificate.read_bytes())
    town.pki.revoke(certificate.serial_number)
    town.start()
    try:
        async with linked(town, folder) as (link, run):
            async with asyncio.timeout(100):
                while link.status.detail == "not yet connected":
                    await asyncio.sleep(0.02)
            assert not link.status.online and not run.done()
    finally:
        town.child.stop()


def test_broken_certificate_is_named(town: Set, tmp_path: Path) -> None:
    broken = tmp_path / "kiosk.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    with pytest.raises(BadCredentials, match=r"kiosk\.pem"):
        Credentials(ca=town.kiosk.authority, certificate=broken, key=DeviceKey.open(town.kiosk.key)).context()


@pytest.mark.parametrize(
    ("days", "says"),
    [(-9000, "the clock is wrong (R23)"), (1095 + 60, "can't renew itself any more"), (0, "Connection refused")],
)
async def test_what_keeps_the_kiosk_away_is_said_truly(town: Set, days: int, says: str) -> None:
    clock = SimulatedClock(CLOCK.now() + timedelta(days=days))
    transport = MqttTransport("kiosk-01", "127.0.0.1", town.port, _credentials(town.kiosk), clock)
    will = Will(topic="tram/v1/kiosk-01/up/state", payload=b"")
    with pytest.raises(LinkDown) as away:
        async with transport.session("tram/v1/kiosk-01/down/#", will):
            pass
    assert says in str(away.value)
