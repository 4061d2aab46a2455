"""The hub's line to the broker: MQTT 5 over mutual TLS, reconnected for ever, messages answered in their turn."""

import asyncio
import logging
import ssl
from datetime import timedelta
from typing import NoReturn

import aiomqtt
from sqlalchemy import or_, select

from contract import messages, topics
from contract.cancellation import apart
from contract.ids import new_ulid
from contract.messages import TransferNoticeEnvelope
from hub.config import MqttConfig
from hub.faults import ConfigInvalid
from hub.fleet import home_assistant, jobs
from hub.fleet.view import sights
from hub.intake import requests
from hub.intake.answers import Outgoing
from hub.intake.fair_queue import FairQueue
from hub.intake.handler import Intake, is_telemetry
from hub.register import transfers
from hub.rooms import Hub
from hub.store.tables import PendingReply

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 15.0
NOTED_AT_ONCE = 200
LOOK_AGAIN_S = 2.0
DESCRIBE_AGAIN_S = 60.0
MAX_WAITING_MESSAGES = 1_000
SENDING_TAKES_AT_MOST = timedelta(seconds=30)
"""Then another hub takes a reply over; a kiosk that is told twice does one thing."""
SENT_AT_ONCE = 50
_QOS = 1


class Transport:
    """Carries messages between the broker and the intake; what waits to be sent is read from the database."""

    def __init__(self, hub: Hub, intake: Intake) -> None:
        self._hub = hub
        self._intake = intake
        self._tls = _tls(hub.config.mqtt)
        self._told_down = self._connected = False
        self._name = new_ulid(hub.clock.now())
        self._to_note: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(NOTED_AT_ONCE)

    async def run(self) -> NoReturn:
        """Stay connected; a broker that is down is said once and tried again with growing pauses."""
        pause_s = FIRST_PAUSE_S
        while True:
            self._connected = False
            try:
                await apart(self._connection())
            except* aiomqtt.MqttError as faults:
                self._say_down(faults.exceptions[0])
            pause_s = FIRST_PAUSE_S if self._connected else pause_s
            await self._hub.clock.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _connection(self) -> None:
        async with self._client() as client:
            self._connected = True
            await self._serve(client)

    def _client(self) -> aiomqtt.Client:
        mqtt = self._hub.config.mqtt
        return aiomqtt.Client(
            mqtt.host,
            mqtt.port,
            protocol=aiomqtt.ProtocolVersion.V5,
            tls_context=self._tls,
            keepalive=30,
            max_inflight_messages=64,
            queue_type=FairQueue,
            max_queued_incoming_messages=MAX_WAITING_MESSAGES,
        )

    async def _serve(self, client: aiomqtt.Client) -> None:
        await client.subscribe(topics.HUB_SUBSCRIPTION, qos=_QOS)
        log.info("connected to the broker at %s:%s", self._hub.config.mqtt.host, self._hub.config.mqtt.port)
        self._told_down = False
        async with asyncio.TaskGroup() as both:
            both.create_task(self._receive(client))
            both.create_task(self._note(client))
            both.create_task(self._send_pending(client))
            if self._hub.config.mqtt.home_assistant:
                both.create_task(self._describe_fleet(client))

    async def _receive(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = message.payload if isinstance(message.payload, bytes) else b""
            if is_telemetry(str(message.topic)):
                await self._to_note.put((str(message.topic), payload))
                continue
            answers = await asyncio.to_thread(self._intake.handle, str(message.topic), payload)
            await _publish(client, answers)

    async def _note(self, client: aiomqtt.Client) -> None:
        """Note telemetry: whatever has come while the batch before was committed."""
        while True:
            batch = [await self._to_note.get()]
            while not self._to_note.empty():
                batch.append(self._to_note.get_nowait())
            await _publish(client, await asyncio.to_thread(self._intake.note, batch))

    async def _send_pending(self, client: aiomqtt.Client) -> None:
        while True:
            while mine := await asyncio.to_thread(self._pending):
                for pending in mine:
                    await _publish(client, await asyncio.to_thread(requests.answer, self._hub, pending.request))
                    await asyncio.to_thread(self._mark_sent, pending.id)
            await _publish(client, await asyncio.to_thread(self._notices))
            await self._hub.to_send.wait(LOOK_AGAIN_S)

    async def _describe_fleet(self, client: aiomqtt.Client) -> None:
        """Tell dashboards which kiosks and devices there are, now and whenever that has changed."""
        told: dict[str, bytes] = {}
        while True:
            for letter in await asyncio.to_thread(self._descriptions):
                if told.get(letter.topic) != letter.payload:
                    await _publish(client, [letter])
                    told[letter.topic] = letter.payload
            await self._hub.clock.sleep(DESCRIBE_AGAIN_S)

    def _descriptions(self) -> list[Outgoing]:
        with self._hub.database.reading() as session:
            return home_assistant.discovery(sights(session))

    def _pending(self) -> list[PendingReply]:
        now = self._hub.clock.now()
        free = or_(PendingReply.claimed_until.is_(None), PendingReply.claimed_until <= now)
        unsent = (
            select(PendingReply)
            .where(PendingReply.sent_at.is_(None), or_(free, PendingReply.claimed_by == self._name))
            .order_by(PendingReply.id)
            .limit(SENT_AT_ONCE)
        )
        with self._hub.database.reading() as session:
            if session.scalar(unsent.limit(1)) is None:
                return []
        with self._hub.database.noting() as session:
            mine = list(session.scalars(unsent.with_for_update(skip_locked=True)))
            for pending in mine:
                pending.claimed_by, pending.claimed_until = self._name, now + SENDING_TAKES_AT_MOST
        return mine

    def _notices(self) -> list[Outgoing]:
        return (
            self._intake.need.due()
            + jobs.due(self._hub)
            + [
                Outgoing(
                    topic=topics.down(kiosk, "transfer"),
                    payload=messages.encode(TransferNoticeEnvelope(v=messages.VERSION, body=notice)),
                )
                for kiosk, notice in transfers.due(self._hub)
            ]
        )

    def _mark_sent(self, pending_id: int) -> None:
        with self._hub.database.writing() as session:
            session.get_one(PendingReply, pending_id).sent_at = self._hub.clock.now()

    def _say_down(self, fault: Exception) -> None:
        if not self._told_down:
            mqtt = self._hub.config.mqtt
            log.warning(
                "No connection to the broker at %s:%s (%s). Start it, or correct [mqtt] in hub.toml; the hub keeps "
                "trying and loses nothing meanwhile.",
                mqtt.host, mqtt.port, fault,
            )  # fmt: skip
        self._told_down = True


async def _publish(client: aiomqtt.Client, letters: list[Outgoing]) -> None:
    for letter in letters:
        await client.publish(letter.topic, letter.payload, qos=_QOS, retain=letter.retain)


def _tls(mqtt: MqttConfig) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(mqtt.ca))
        context.load_cert_chain(mqtt.cert, mqtt.key)
    except OSError as fault:
        files = f"{mqtt.ca}, {mqtt.cert}, {mqtt.key}"
        raise ConfigInvalid(f"The TLS files of [mqtt] ({files}) can't be used: {fault}.") from fault
    return context
