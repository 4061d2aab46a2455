"""The real broker with our configuration: who may connect, and what each may write and read."""

import ssl
from contextlib import contextmanager

import aiomqtt
import pytest
from cryptography import x509

from contract import topics
from contract.clock import SystemClock
from hub.signing.broker_pki import TlsFiles
from hub.signing.pki import ensure
from provisioning.onebox import broker
from provisioning.onebox.child import Child, free_port, port_open


@contextmanager
def running(folder, pki):
    port = free_port()
    server = pki.broker.server
    files = broker.BrokerFiles(
        ca=server.authority, crl=pki.broker.crl_path, certificate=server.certificate, key=server.key
    )
    child = Child("broker", ["mosquitto", "-c", str(broker.write_config(folder, port, files))], folder / "log")
    child.start(lambda: port_open(port))
    try:
        yield port
    finally:
        child.stop()


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    made = ensure(tmp_path_factory.mktemp("hub") / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=())
    made.issue_kiosk("k-one")
    made.issue_kiosk("k-two")
    return made


@pytest.fixture(scope="module")
def port(pki, tmp_path_factory):
    with running(tmp_path_factory.mktemp("broker"), pki) as listening:
        yield listening


def client(port: int, files: TlsFiles | None, authority) -> aiomqtt.Client:
    context = ssl.create_default_context(cafile=str(authority))
    if files is not None:
        context.load_cert_chain(files.certificate, files.key)
    v5 = aiomqtt.ProtocolVersion.V5
    return aiomqtt.Client("127.0.0.1", port, tls_context=context, tls_insecure=True, protocol=v5, timeout=10)


def kiosk(port: int, pki, name: str) -> aiomqtt.Client:
    files = pki.broker.kiosk(name)
    return client(port, files, files.authority)


async def test_a_kiosk_writes_its_own_topics_and_the_hub_reads_them(port, pki):
    async with client(port, pki.broker.hub, pki.broker.hub.authority) as hub, kiosk(port, pki, "k-one") as one:
        await hub.subscribe(topics.HUB_SUBSCRIPTION, qos=1)
        await one.publish(topics.up("k-one", "request", "certify"), b"x", qos=1)
        message = await anext(aiter(hub.messages))
        assert topics.parse_up(str(message.topic)).kiosk == "k-one"


@pytest.mark.parametrize(
    "topic",
    [topics.up("k-two", "request", "certify"), topics.down("k-one", "ack"), "tram/v1/k-one/up2/x", "$SYS/broker"],
)
async def test_a_kiosk_that_writes_elsewhere_is_told_so_and_reaches_nobody(port, pki, topic):
    async with client(port, pki.broker.hub, pki.broker.hub.authority) as hub, kiosk(port, pki, "k-one") as one:
        await hub.subscribe(topics.HUB_SUBSCRIPTION, qos=1)
        await one.publish(topic, b"forged", qos=1)
        await one.publish(topics.up("k-one", "state"), b"after", qos=1)
        message = await anext(aiter(hub.messages))
        assert message.payload == b"after"


async def test_a_kiosk_hears_nothing_of_another(port, pki):
    async with (
        client(port, pki.broker.hub, pki.broker.hub.authority) as hub,
        kiosk(port, pki, "k-one") as one,
        kiosk(port, pki, "k-two") as two,
    ):
        await two.subscribe("tram/v1/#", qos=1)
        await two.subscribe(topics.down("k-two", "#"), qos=1)
        await one.publish(topics.up("k-one", "state"), b"secret", qos=1)
        await hub.publish(topics.down("k-one", "ack"), b"secret", qos=1)
        await hub.publish(topics.down("k-two", "ack"), b"mine", qos=1)
        message = await anext(aiter(two.messages))
        assert message.payload == b"mine"


async def test_nobody_connects_without_a_certificate(port, pki):
    with pytest.raises(aiomqtt.MqttError):
        async with client(port, None, pki.broker.hub.authority):
            pass


async def test_a_revoked_kiosk_can_no_longer_connect(pki, tmp_path):
    files = pki.issue_kiosk("k-lost")
    pki.revoke(x509.load_pem_x509_certificate(files.certificate.read_bytes()).serial_number)
    with running(tmp_path, pki) as port:
        with pytest.raises(aiomqtt.MqttError):
            async with client(port, files, files.authority) as lost:
                await lost.publish(topics.up("k-lost", "state"), b"x", qos=1)
        async with kiosk(port, pki, "k-one") as one:
            await one.publish(topics.up("k-one", "state"), b"still welcome", qos=1)
