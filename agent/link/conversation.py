"""What is said over one connection: due messages go out, replies are on the disk before anything else is done."""

import asyncio
import logging
from dataclasses import dataclass, field
from pathlib import Path

from agent.ledger.inbox import Inbox
from agent.ledger.outbox import Outbox, Outgoing
from agent.ledger.remote import Remote
from agent.link.bell import Bell, first
from agent.link.blobs import Collector, cut
from agent.link.schedule import Pace, Schedule
from agent.link.traffic import Traffic
from agent.link.transport import Session
from contract.clock import Clock
from contract.ids import sha256_hex
from contract.messages import (
    FINAL_REPLIES,
    VERSION,
    Ack,
    MalformedMessage,
    Rejected,
    ReplyEnvelope,
    SendChunks,
    Sending,
    decode,
    encode,
)
from contract.topics import down, up

log = logging.getLogger(__name__)


SHUT_OUT = ("KIOSK_REVOKED", "KIOSK_QUARANTINED")
"""Codes of `Rejected` by which the hub refuses not a message but the kiosk."""


@dataclass(slots=True)
class Standing:
    """The last refusal of the whole kiosk, until somebody has found it lifted."""

    refusal: Rejected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRoom:
    """What outlives a connection; `refusals` holds, per id, rejections of requests that are not in the outbox.

    `retained` is what the broker keeps of this kiosk besides its state, per room; told anew at each connection.
    """

    kiosk: str
    outbox: Outbox
    inbox: Inbox
    remote: Remote
    clock: Clock
    pace: Pace = field(default_factory=Pace)
    collector: Collector = field(default_factory=Collector)
    traffic: Traffic = field(default_factory=Traffic)
    refusals: dict[str, Rejected] = field(default_factory=dict)
    retained: dict[str, bytes] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    work: Bell = field(default_factory=Bell)
    news: Bell = field(default_factory=Bell)

    async def publish(self, session: Session, visit: str, room: str, payload: bytes) -> None:
        """Send `payload` to `up/<room>` and count it for the visit; raise LinkDown."""
        topic = up(self.kiosk, room)
        self.traffic.up(visit, topic, payload)
        await session.publish(topic, payload)


class Conversation:
    """One connection's talk."""

    def __init__(self, room: PostRoom, session: Session) -> None:
        self._room, self._session = room, session
        self._schedule = Schedule(room.pace)
        self._uploading: set[str] = set()
        self._sent: dict[str, tuple[int, ...]] = {}

    async def run(self) -> None:
        """Talk until the connection breaks; raise a group of LinkDown."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send())
            tasks.create_task(self._receive(tasks))

    async def _send(self) -> None:
        while True:
            ring = self._room.work.next_ring()
            pending = await self._room.outbox.pending()
            for message in pending:
                await self._send_if_due(message)
            pause_s = self._schedule.pause_s([message.id for message in pending], self._room.clock.monotonic())
            await first(ring.wait(), self._room.clock.sleep(pause_s))

    async def _send_if_due(self, message: Outgoing) -> None:
        if message.id in self._uploading or not self._schedule.due(message.id, self._room.clock.monotonic()):
            return
        await self._room.publish(self._session, message.visit, message.room, message.payload)
        self._schedule.sent(message.id, self._room.clock.monotonic())

    async def _receive(self, tasks: asyncio.TaskGroup) -> None:
        async for topic, payload in self._session.received():
            try:
                await self._hear(tasks, topic, payload)
            except MalformedMessage as fault:
                log.warning("unreadable message on %s: %s", topic, fault)
            self._room.news.ring()

    async def _hear(self, tasks: asyncio.TaskGroup, topic: str, payload: bytes) -> None:
        match topic.removeprefix(down(self._room.kiosk, "")).split("/"):
            case ["reply", _]:
                await self._hear_reply(tasks, topic, payload)
            case ["ack"]:
                await self._room.outbox.acknowledged(decode(Ack, payload).ids)
            case ["transfer"]:
                await self._room.inbox.keep(payload)
            case ["job"]:
                await self._room.remote.keep_job(payload)
            case ["shadow"]:
                await self._room.remote.keep_shadow(payload)
            case ["blob", sha256, index] if index.isdecimal():
                self._room.traffic.chunk(sha256, topic, payload)
                self._room.collector.add(sha256, int(index[:6]), payload)

    async def _hear_reply(self, tasks: asyncio.TaskGroup, topic: str, payload: bytes) -> None:
        reply = decode(ReplyEnvelope, payload)
        if isinstance(reply.body, Rejected) and reply.body.code in SHUT_OUT:
            self._room.standing.refusal = reply.body
        message = await self._room.outbox.find(reply.id)
        if message is None:
            self._hear_stray(reply)
            return
        self._room.traffic.down(message.visit, topic, payload)
        if isinstance(reply.body, SendChunks):
            self._begin_upload(tasks, message, reply.body)
        elif not isinstance(reply.body, Sending):
            await self._room.outbox.hear(message.id, payload, final=_is_final(reply))

    def _hear_stray(self, reply: ReplyEnvelope) -> None:
        if isinstance(reply.body, Rejected):
            log.warning("the hub rejects %s: %s. %s", reply.id or "?", reply.body.cause, reply.body.remedy)
            self._room.refusals[reply.id] = reply.body

    def _begin_upload(self, tasks: asyncio.TaskGroup, message: Outgoing, wanted: SendChunks) -> None:
        if message.blob is not None and not message.done and message.id not in self._uploading:
            self._uploading.add(message.id)
            tasks.create_task(self._upload(message, message.blob, wanted))

    async def _upload(self, message: Outgoing, path: Path, wanted: SendChunks) -> None:
        """Send the wanted chunks and ask again at once; a hub that wants the same ones once more is asked later."""
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            await self._give_up(message)
            return
        sha256 = sha256_hex(content)
        for index, chunk in cut(content, wanted.missing):
            await self._room.publish(self._session, message.visit, f"blob/{sha256}/{index}", chunk)
        self._uploading.discard(message.id)
        if self._sent.get(message.id) != wanted.missing:
            self._schedule.hurry(message.id)
        self._sent[message.id] = wanted.missing
        self._room.work.ring()

    async def _give_up(self, message: Outgoing) -> None:
        """End a request whose file is destroyed: nothing that the hub could say would bring it back."""
        log.warning("the hub asks for the file of %s, which is destroyed already", message.id)
        body = Rejected(
            code="FILE_GONE",
            cause="The hub asks for pages that this kiosk has destroyed already",
            remedy="Scan the paper again. If it happens again, look in the logs why the hub came so late.",
        )
        reply = ReplyEnvelope(v=VERSION, id=message.id, at=self._room.clock.now(), body=body)
        await self._room.outbox.hear(message.id, encode(reply), final=True)
        self._uploading.discard(message.id)
        self._room.news.ring()
        self._room.work.ring()


def _is_final(reply: ReplyEnvelope) -> bool:
    return isinstance(reply.body, FINAL_REPLIES) or (isinstance(reply.body, Rejected) and reply.body.final)
