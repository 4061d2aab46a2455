"""MQTT 5 over TLS with the kiosk's certificate: the one file that knows the library."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiomqtt

from agent.link.faults import BadCredentials, LinkDown
from agent.link.transport import Session, Will

KEEPALIVE_S = 20
TIMEOUT_S = 10.0
GOODBYE_S = 1.0
QOS_AT_LEAST_ONCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The PEM files that the kiosk shows to the broker."""

    ca: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return the TLS settings; raise BadCredentials naming the files."""
        try:
            context = ssl.create_default_context(cafile=self.ca)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as fault:
            raise BadCredentials(f"{self.ca}, {self.certificate} or {self.key} can't be used: {fault}") from fault
        return context


class MqttTransport:
    """Connections to the broker at `host`:`port` as client `kiosk`."""

    def __init__(self, kiosk: str, host: str, port: int, credentials: Credentials) -> None:
        self._kiosk, self._host, self._port = kiosk, host, port
        self._name = f"broker {host}:{port}"
        self._tls = credentials.context()

    @asynccontextmanager
    async def session(self, subscription: str, will: Will) -> AsyncIterator[Session]:
        """Connect, subscribe and yield; raise LinkDown on any loss of the connection."""
        try:
            async with self._client(will) as client:
                await client.subscribe(subscription, qos=QOS_AT_LEAST_ONCE)
                try:
                    yield MqttSession(client, self._name)
                except asyncio.CancelledError:
                    client.timeout = GOODBYE_S  # a dead broker must not hold up the end of the agent
                    raise
        except aiomqtt.MqttError as fault:
            raise LinkDown(f"{self._name}: {fault}") from fault

    def _client(self, will: Will) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._host,
            self._port,
            identifier=self._kiosk,
            protocol=aiomqtt.ProtocolVersion.V5,
            will=aiomqtt.Will(will.topic, will.payload, QOS_AT_LEAST_ONCE, retain=True),
            tls_context=self._tls,
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
