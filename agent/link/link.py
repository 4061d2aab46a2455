"""The link: carries the outbox to the hub and brings its answers back, through hours without a network.

Nothing that matters is kept here: requests, facts and replies lie in the ledger; the link may be killed at any moment.
"""

import asyncio
import contextlib
import logging
import random
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.ledger.inbox import Inbox
from agent.ledger.outbox import Outbox
from agent.ledger.remote import Remote
from agent.ledger.starts import Start
from agent.link.bell import first
from agent.link.conversation import Conversation, PostRoom
from agent.link.faults import BlobLate, BlobRefused, LinkDown
from agent.link.schedule import Backoff, Pace
from agent.link.traffic import Traffic
from agent.link.transport import Session, Transport, Will
from contract.cancellation import apart
from contract.clock import Clock, Deadline
from contract.ids import RequestId, new_ulid
from contract.messages import (
    VERSION,
    BlobRef,
    CollectRequest,
    Fact,
    LegalMode,
    Rejected,
    ReplyEnvelope,
    Request,
    RequestEnvelope,
    State,
    decode,
    encode,
)
from contract.topics import down, up

log = logging.getLogger(__name__)

FAREWELL_S = 1.0
MOST_ASKED_FOR = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """What status page and doctor show of the link; `is_starting` until it has tried to connect for the first time."""

    online: bool
    since: datetime
    detail: str
    remedy: str
    is_starting: bool = False

    @property
    def may_answer(self) -> bool:
        """Whether an answer is worth waiting for: a kiosk that has just come back may be connected in a moment."""
        return self.online or self.is_starting


class Link:
    """The kiosk's way to the hub."""

    def __init__(
        self,
        *,
        kiosk: str,
        outbox: Outbox,
        inbox: Inbox,
        remote: Remote,
        transport: Transport,
        clock: Clock,
        version: str,
        legal_mode: LegalMode,
        pace: Pace | None = None,
        start: Start | None = None,
    ) -> None:
        self._room = PostRoom(kiosk=kiosk, outbox=outbox, inbox=inbox, remote=remote, clock=clock, pace=pace or Pace())
        self._transport, self._clock = transport, clock
        self._version, self._legal_mode, self._start = version, legal_mode, start or Start()
        self._session: Session | None = None
        self._status = LinkStatus(
            online=False, since=clock.now(), detail="not yet connected", remedy="", is_starting=True
        )

    @property
    def status(self) -> LinkStatus:
        """Whether the hub's broker is reached, since when, and what is wrong."""
        return self._status

    @property
    def refusal(self) -> Rejected | None:
        """The hub's refusal of this whole kiosk (`conversation.SHUT_OUT`), None where it treats it."""
        return self._room.standing.refusal

    def pardoned(self) -> None:
        """Forget that refusal: the hub was asked, and treats the kiosk again."""
        self._room.standing.refusal = None

    async def reject_open_requests(self, body: Rejected) -> None:
        """End every request that waits for the hub as if it had said this; facts go on waiting for it."""
        for message in await self._room.outbox.pending():
            if message.kind == "request":
                reply = ReplyEnvelope(v=VERSION, id=message.id, at=self._clock.now(), body=body)
                await self._room.outbox.hear(message.id, encode(reply), final=True)
        self._room.news.ring()

    @property
    def traffic(self) -> Traffic:
        """Bytes on the wire per visit."""
        return self._room.traffic

    async def request(self, key: str, visit: str, body: Request, blob: Path | None = None) -> RequestId:
        """Put a request on its way, once per `key`; return its id. `blob` is the file that the hub may ask for."""
        request = await self._room.outbox.ask(key, visit, body, blob)
        self._room.work.ring()
        return request

    async def tell(self, key: str, visit: str, body: Fact) -> str:
        """Put a fact on its way, once per `key`; return its id."""
        fact = await self._room.outbox.tell(key, visit, body)
        self._room.work.ring()
        return fact

    async def say(self, room: str, payload: bytes) -> None:
        """Send something that is not worth keeping to `up/<room>`, if there is a connection."""
        if self._session is not None:
            with contextlib.suppress(LinkDown):  # the conversation notices it too, and the link connects again
                await self._session.publish(up(self._room.kiosk, room), payload)

    async def keep_told(self, room: str, payload: bytes) -> None:
        """Have the broker keep this as the newest word on `up/<room>`: now if it is reached, and at each connection."""
        self._room.retained[room] = payload
        if self._session is not None:
            with contextlib.suppress(LinkDown):  # the next connection tells it
                await self._session.publish(up(self._room.kiosk, room), payload, retain=True)

    def next_news(self) -> asyncio.Event:
        """Return the event of the next message from the hub; take it before looking at what has come."""
        return self._room.news.next_ring()

    async def answer(self, request: str) -> ReplyEnvelope:
        """Wait for the final reply, however long a person takes, through restarts and hours without a network."""
        while True:
            ring = self._room.news.next_ring()
            reply, final = await self._room.outbox.reply(request)
            if reply is not None and final:
                return decode(ReplyEnvelope, reply)
            await ring.wait()

    async def collect(self, visit: str, blob: BlobRef, deadline: Deadline) -> bytes:
        """Return the bytes that `blob` names, asking again for missing chunks; raise BlobLate or BlobRefused."""
        asked, stalled = "", True
        ring = self._room.news.next_ring()
        while (content := self._room.collector.take(blob)) is None:
            if stalled:
                asked = await self._ask_for_chunks(visit, blob)
            pause_s = min(self._room.pace.collect_again_s, deadline.remaining_s)
            stalled = await first(ring.wait(), self._clock.sleep(pause_s)) == 1
            if refusal := self._room.refusals.pop(asked, None):
                raise BlobRefused(refusal.cause)
            if deadline.passed:
                missing = len(self._room.collector.missing(blob))
                raise BlobLate(f"{missing} of {blob.chunks} chunks of {blob.sha256} have not arrived")
            ring = self._room.news.next_ring()
        self.traffic.collected(visit, blob.sha256)
        return content

    async def run(self) -> None:
        """Keep connected until cancelled."""
        backoff = Backoff()
        while True:
            try:
                await apart(self._connect(backoff))
            except* LinkDown as group:
                self._lost(str(_leaf(group)))
            await self._clock.sleep(backoff.pause_s(random.random()))  # noqa: S311 - no secret

    async def _connect(self, backoff: Backoff) -> None:
        began = self._clock.now()  # of will and greeting alike: the hub takes what is older for a replay
        will = Will(topic=up(self._room.kiosk, "state"), payload=self._state(online=False, since=began))
        async with self._transport.session(down(self._room.kiosk, "#"), will) as session:
            await session.publish(will.topic, self._state(online=True, since=began), retain=True)
            for room, payload in self._room.retained.items():
                await session.publish(up(self._room.kiosk, room), payload, retain=True)
            backoff.restart()
            self._session = session
            self._status = LinkStatus(online=True, since=self._clock.now(), detail="connected", remedy="")
            try:
                await Conversation(self._room, session).run()
            except asyncio.CancelledError:
                await self._say_farewell(session, will.topic)
                raise

    async def _say_farewell(self, session: Session, topic: str) -> None:
        """Say offline before a clean goodbye, after which the broker would not publish the will."""
        with contextlib.suppress(LinkDown, TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await session.publish(topic, self._state(online=False, since=self._clock.now()), retain=True)

    def _lost(self, cause: str) -> None:
        if cause != self._status.detail:
            log.warning("link down: %s", cause)
        since = self._clock.now() if self._status.online else self._status.since
        self._session = None
        self._status = LinkStatus(online=False, since=since, detail=cause, remedy=LinkDown.remedy)

    async def _ask_for_chunks(self, visit: str, blob: BlobRef) -> str:
        if self._session is None:
            return ""
        now = self._clock.now()
        request = new_ulid(now)
        body = CollectRequest(blob=blob, missing=self._room.collector.missing(blob)[:MOST_ASKED_FOR])
        envelope = encode(RequestEnvelope(v=VERSION, id=request, at=now, body=body))
        with contextlib.suppress(LinkDown):  # the conversation notices it too, and the link connects again
            await self._room.publish(self._session, visit, "request/collect", envelope)
        return request

    def _state(self, *, online: bool, since: datetime) -> bytes:
        state = State(
            v=VERSION, online=online, since=since, version=self._version, legal_mode=self._legal_mode,
            start=self._start.number, nonce=self._start.nonce,
        )  # fmt: skip
        return encode(state)


def _leaf(fault: BaseException) -> BaseException:
    return _leaf(fault.exceptions[0]) if isinstance(fault, BaseExceptionGroup) else fault
