"""MQTT 5 over TLS with the kiosk's certificate: the one file that knows the library."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiomqtt

from agent.link.device_key import DeviceKey, certificate_in
from agent.link.faults import BadCredentials, LinkDown
from agent.link.transport import Session, Will
from contract.clock import Clock, vietnam_text
from contract.seal_profile import SealSigner
from contract.topics import down

KEEPALIVE_S = 20
TIMEOUT_S = 10.0
GOODBYE_S = 1.0
QOS_AT_LEAST_ONCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What the kiosk shows to broker and hub: PEM files, and its key."""

    ca: Path
    certificate: Path
    key: DeviceKey

    def context(self) -> ssl.SSLContext:
        """Return the TLS settings of the files as they are now; raise BadCredentials naming them."""
        try:
            context = ssl.create_default_context(cafile=self.ca)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self.key.load_into(context, self.certificate)
        except (OSError, ssl.SSLError) as fault:
            raise BadCredentials(f"{self.ca}, {self.certificate} or its key can't be used: {fault}") from fault
        return context

    def signer(self) -> SealSigner:
        """Return what signs in the name of the certificate as it is now; raise BadCredentials."""
        return self.key.signer(self.certificate)

    def wrong_now(self, now: datetime) -> str:
        """Return the sentence that says why no hub would take the certificate at `now`, empty where it would."""
        certificate = certificate_in(self.certificate)
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if now < begins:
            return (
                f"this machine's clock says {vietnam_text(now)}, before its certificate was made "
                f"({vietnam_text(begins)}): the clock is wrong (R23). Set it by its time server (NTP)"
            )
        if now > ends:
            return (
                f"the kiosk's certificate ended on {vietnam_text(ends)} and can't renew itself any more. "
                "Have the hub's operator make an enrolment code, then: tram enrol"
            )
        return ""


class MqttTransport:
    """Connections to the broker at `host`:`port` as client `kiosk`."""

    def __init__(self, kiosk: str, host: str, port: int, credentials: Credentials, clock: Clock) -> None:
        self._kiosk, self._host, self._port = kiosk, host, port
        self._name = f"broker {host}:{port}"
        self._credentials, self._clock = credentials, clock
        credentials.context()  # what can't be used is said at the start

    @asynccontextmanager
    async def session(self, subscription: str, will: Will) -> AsyncIterator[Session]:
        """Connect with the newest certificate, subscribe and yield; raise LinkDown on any loss of the connection."""
        try:
            async with self._client(will) as client:
                await client.subscribe(subscription, qos=QOS_AT_LEAST_ONCE)
                try:
                    yield MqttSession(client, self._name)
                except asyncio.CancelledError:
                    client.timeout = GOODBYE_S  # a dead broker must not hold up the end of the agent
                    raise
        except (aiomqtt.MqttError, BadCredentials) as fault:
            raise LinkDown(f"{self._name}: {self._wrong_now() or fault}") from fault

    def _wrong_now(self) -> str:
        try:
            return self._credentials.wrong_now(self._clock.now())
        except BadCredentials as fault:
            return str(fault)

    def _client(self, will: Will) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._host,
            self._port,
            identifier=self._kiosk,
            protocol=aiomqtt.ProtocolVersion.V5,
            will=aiomqtt.Will(will.topic, will.payload, QOS_AT_LEAST_ONCE, retain=True),
            tls_context=self._credentials.context(),
            keepalive=KEEPALIVE_S,
            timeout=TIMEOUT_S,
        )


class MqttSession:
    """One live connection."""

    def __init__(self, client: aiomqtt.Client, name: str) -> None:
        self._client, self._name = client, name

    async def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Return when the broker has acknowledged; raise LinkDown."""
        try:
            await self._client.publish(topic, payload, qos=QOS_AT_LEAST_ONCE, retain=retain)
        except aiomqtt.MqttError as fault:
            raise LinkDown(f"{self._name}: {fault}") from fault

    async def received(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield what arrives; raise LinkDown when the connection breaks."""
        try:
            async for message in self._client.messages:
                payload = message.payload
                yield message.topic.value, payload if isinstance(payload, bytes) else b""
        except aiomqtt.MqttError as fault:
            raise LinkDown(f"{self._name}: {fault}") from fault


async def knock(kiosk: str, host: str, port: int, credentials: Credentials) -> None:
    """Connect once as this kiosk, beside its running program, and go again; raise LinkDown saying why not."""
    client = aiomqtt.Client(
        host,
        port,
        identifier=f"{kiosk}-doctor",
        protocol=aiomqtt.ProtocolVersion.V5,
        tls_context=credentials.context(),
        timeout=TIMEOUT_S,
    )
    try:
        async with client:
            await client.subscribe(down(kiosk, "#"), qos=QOS_AT_LEAST_ONCE)
    except aiomqtt.MqttError as fault:
        raise LinkDown(f"broker {host}:{port}: {fault}") from fault
