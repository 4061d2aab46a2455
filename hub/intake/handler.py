"""From a message to its answers, without the network: `handle(topic, payload)` commits, then says what to publish."""

import logging
import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import OperationalError

from contract import messages, topics
from contract.jobs import ShadowReported
from contract.messages import (
    BundleRequest,
    CertifyRequest,
    CollectRequest,
    FactEnvelope,
    Message,
    RedeemRequest,
    RequestEnvelope,
    State,
    Telemetry,
    TransferRequest,
)
from contract.topics import BadTopic, UpTopic
from hub.fleet import events, history, jobs, view
from hub.intake import answers, bundles, drafts, facts, requests
from hub.intake.answers import Outgoing
from hub.intake.refusals import KioskRevoked, KioskUnknown, Malformed, Refusal, StoreFull, UnknownRoom
from hub.register import transfers
from hub.rooms import Hub
from hub.store import upsert
from hub.store.tables import Kiosk, LastSeen

log = logging.getLogger(__name__)

_ROOM = re.compile("[a-z-]{1,40}")
"""What an answer may be addressed with; a longer name could make a topic that no broker takes."""

_Take = Callable[[Kiosk, UpTopic, bytes], list[Outgoing]]


class Intake:
    """The rules of the hub's side of the contract."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._rooms: dict[str, _Take] = {
            "request": self._request,
            "fact": self._fact,
            "blob": self._blob,
            "state": lambda kiosk, _topic, payload: self._last_seen(kiosk, "state", State, payload),
            "telemetry": lambda kiosk, _topic, payload: self._last_seen(kiosk, "telemetry", Telemetry, payload),
            "shadow": lambda kiosk, _topic, payload: self._last_seen(kiosk, "shadow", ShadowReported, payload),
        }

    def handle(self, topic: str, payload: bytes) -> list[Outgoing]:
        """Treat one message and return what to publish; a bad one is answered with a reason and never raises."""
        try:
            address = topics.parse_up(topic)
        except BadTopic:
            log.warning("a message on a topic without a kiosk was dropped: %.100r", topic)
            return []
        try:
            return self._treat(address, payload)
        except Refusal as refusal:
            return [self._refused(address, payload, refusal)]
        except (OSError, OperationalError) as fault:
            log.error("the hub can't store anything: %s", fault)
            return [self._refused(address, payload, StoreFull("The hub can't write to its disk or database."))]

    def _treat(self, address: UpTopic, payload: bytes) -> list[Outgoing]:
        kiosk = self._kiosk(address.kiosk)
        take = self._rooms.get(address.room[0])
        if take is None:
            raise UnknownRoom(f"The contract has no topic up/{'/'.join(address.room)[:80]}.")
        try:
            return take(kiosk, address, payload)
        except (messages.MalformedMessage, BadTopic) as fault:
            raise Malformed(f"The message breaks the contract: {fault}.") from fault

    def _kiosk(self, kiosk_id: str) -> Kiosk:
        with self._hub.database.reading() as session:
            kiosk = session.get(Kiosk, kiosk_id)
        if kiosk is None:
            raise KioskUnknown(f"No kiosk {kiosk_id} is enrolled here.")
        if kiosk.revoked_at is not None:
            raise KioskRevoked(f"The kiosk {kiosk_id} was revoked.")
        return kiosk

    def _request(self, kiosk: Kiosk, address: UpTopic, payload: bytes) -> list[Outgoing]:
        envelope = messages.decode(RequestEnvelope, payload)
        _require_kind(address, envelope.body)
        match envelope.body:
            case CertifyRequest():
                return requests.certify(self._hub, kiosk, envelope, payload)
            case CollectRequest():
                return requests.collect(self._hub, kiosk, envelope)
            case RedeemRequest():
                return requests.redeem(self._hub, kiosk, envelope)
            case TransferRequest():
                return requests.transfer(self._hub, kiosk, envelope)
            case BundleRequest():
                return bundles.take(self._hub, kiosk, envelope)

    def _fact(self, kiosk: Kiosk, address: UpTopic, payload: bytes) -> list[Outgoing]:
        envelope = messages.decode(FactEnvelope, payload)
        _require_kind(address, envelope.body)
        return facts.take(self._hub, kiosk, address.room[1], envelope, payload)

    def _blob(self, kiosk: Kiosk, address: UpTopic, payload: bytes) -> list[Outgoing]:
        chunk = address.blob
        assert chunk is not None
        if bundles.awaits(self._hub, chunk):
            bundles.take_chunk(self._hub, chunk, payload)
            return []
        whole = drafts.take_chunk(self._hub, chunk, payload)
        return [message for request in whole for message in requests.answer(self._hub, request)]

    def _last_seen(self, kiosk: Kiosk, room: str, kind: type[Message], payload: bytes) -> list[Outgoing]:
        message = messages.decode(kind, payload)
        now = self._hub.clock.now()
        with self._hub.database.noting() as session:
            row = session.get(LastSeen, (kiosk.id, room), with_for_update=True)
            before = view.said(kind, row)
            if before is not None and _place(message) < _place(before):
                return []  # a broker replays what it once retained
            upsert.put(session, LastSeen, {"kiosk": kiosk.id, "room": room, "payload": payload, "received_at": now})
            events.note(session, kiosk, before, message, now)
            if isinstance(message, Telemetry):
                history.note(session, kiosk, message, now)
        if isinstance(message, State) and message.online:
            with self._hub.database.writing() as session:
                transfers.hurry(session, kiosk, now)
                jobs.hurry(session, kiosk, now)
            self._hub.to_send.ring()
        if isinstance(message, ShadowReported):
            jobs.note_shadow(self._hub, kiosk, message)
        return []

    def _refused(self, address: UpTopic, payload: bytes, refusal: Refusal) -> Outgoing:
        told = str(refusal)  # a kiosk may have written its words, so it is quoted
        log.warning("refused %s of %s: %.300r", refusal.code, address.kiosk, told)
        named = address.room[0] in ("request", "fact") and len(address.room) == 2 and _ROOM.fullmatch(address.room[1])
        kind = address.room[1] if named else address.room[0] if _ROOM.fullmatch(address.room[0]) else "unknown"
        return answers.reply(self._hub.clock, address.kiosk, kind, _id_of(address, payload), refusal.as_reply())


def _place(message: Message) -> tuple[datetime, bool]:
    """Return where a message stands among those of its room; at the same moment the last will is the last word."""
    if isinstance(message, State):
        return message.since, not message.online
    assert isinstance(message, Telemetry | ShadowReported)
    return message.at, False


def _require_kind(address: UpTopic, body: Message) -> None:
    tag = body.__struct_config__.tag
    if address.room[1:] != (tag,):
        raise Malformed(f"A message of kind '{tag}' came on the topic up/{'/'.join(address.room)[:80]}.")


def _id_of(address: UpTopic, payload: bytes) -> str:
    return "" if address.room[0] == "blob" else messages.id_of(payload)
