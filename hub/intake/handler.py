"""From a message to its answers, without the network: `handle(topic, payload)` commits, then says what to publish."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from contract import messages, topics
from contract.jobs import ShadowReported
from contract.messages import (
    BundleRequest,
    CertifyRequest,
    CheckInRequest,
    CollectRequest,
    DigitiseRequest,
    EvidenceRequest,
    FactEnvelope,
    HelpRequest,
    JudgeRequest,
    Message,
    NeedRequest,
    RedeemRequest,
    RequestEnvelope,
    State,
    Telemetry,
    TicketRequest,
    TransferRequest,
)
from contract.topics import BadTopic, UpTopic
from hub.enrolment import starts
from hub.fleet import events, history, jobs, view
from hub.intake import answers, bundles, calls, documents, drafts, evidence, facts, judging, queueing, requests
from hub.intake.answers import Outgoing
from hub.intake.need import NeedDesk
from hub.intake.refusals import (
    KioskQuarantined,
    KioskQuarantinedFact,
    KioskRevoked,
    KioskUnknown,
    Malformed,
    Refusal,
    StoreFull,
    UnknownRoom,
)
from hub.register import transfers
from hub.rooms import Hub, TrustSource
from hub.store import upsert
from hub.store.tables import Kiosk, LastSeen

log = logging.getLogger(__name__)

_ROOM = re.compile("[a-z-]{1,40}")
"""What an answer may be addressed with; a longer name could make a topic that no broker takes."""

_ASKS = frozenset({"request", "fact", "blob"})
"""What a kiosk in quarantine gets refused; how it is may still be seen, and is answered with the same refusal."""

_Take = Callable[[Kiosk, UpTopic, bytes], list[Outgoing]]


class Intake:
    """The rules of the hub's side of the contract; without `trust` no copy can be judged, and the answer says so."""

    def __init__(self, hub: Hub, trust: TrustSource | None = None) -> None:
        self._hub, self._trust, self.need = hub, trust, NeedDesk.of(hub)
        self._rooms: dict[str, _Take] = {
            "request": self._request,
            "fact": self._fact,
            "blob": self._blob,
            "state": lambda kiosk, _topic, payload: self._last_seen(kiosk, "state", State, payload),
            "shadow": lambda kiosk, _topic, payload: self._last_seen(kiosk, "shadow", ShadowReported, payload),
        }

    def handle(self, topic: str, payload: bytes) -> list[Outgoing]:
        """Treat one message and return what to publish; a bad one is answered with a reason and never raises."""
        try:
            address = topics.parse_up(topic)
        except BadTopic:
            log.warning("a message on a topic without a kiosk was dropped: %.100r", topic)
            return []
        if is_telemetry(topic):
            return self.note([(topic, payload)])
        try:
            return self._treat(address, payload)
        except Refusal as refusal:
            return [self._refused(address, payload, refusal)]
        except (OSError, OperationalError) as fault:
            log.error("the hub can't store anything: %s", fault)
            return [self._refused(address, payload, StoreFull("The hub can't write to its disk or database."))]

    def note(self, said: Sequence[tuple[str, bytes]]) -> list[Outgoing]:
        """Keep the newest telemetry of each kiosk, all in one transaction; return the answers to what is refused.

        `said` are topics, each with `is_telemetry`, and their payloads. What the database can't take is given up: the
        next telemetry is a minute away.
        """
        answers_to_bad: list[Outgoing] = []
        newest: dict[str, tuple[Telemetry, bytes]] = {}
        for topic, payload in said:
            address = topics.parse_up(topic)
            try:
                message = messages.decode(Telemetry, payload)
            except messages.MalformedMessage as fault:
                refusal = Malformed(f"The message breaks the contract: {fault}.")
                answers_to_bad.append(self._refused(address, payload, refusal))
                continue
            if address.kiosk not in newest or _place(newest[address.kiosk][0]) <= _place(message):
                newest[address.kiosk] = message, payload
        try:
            refused = self._keep(newest)
        except (OSError, OperationalError) as fault:
            log.error("the hub can't store anything: %s", fault)
            refused = dict.fromkeys(newest, StoreFull("The hub can't write to its disk or database."))
        answers_to_bad += [
            self._refused(UpTopic(kiosk=kiosk, room=("telemetry",)), newest[kiosk][1], refusal)
            for kiosk, refusal in refused.items()
        ]
        return answers_to_bad

    def _keep(self, newest: Mapping[str, tuple[Telemetry, bytes]]) -> dict[str, Refusal]:
        if not newest:
            return {}
        now = self._hub.clock.now()
        named = sorted(newest)  # two hubs that lock rows in the same order never wait for each other
        with self._hub.database.noting() as session:
            kiosks = {each.id: each for each in session.scalars(select(Kiosk).where(Kiosk.id.in_(named)))}
            refused = {each: refusal for each in named if (refusal := _why_not(each, kiosks.get(each)))}
            wanted = select(LastSeen).where(LastSeen.kiosk.in_(named), LastSeen.room == "telemetry")
            known = {row.kiosk: row for row in session.scalars(wanted.order_by(LastSeen.kiosk).with_for_update())}
            before = {each: view.said(Telemetry, known.get(each)) for each in named if each not in refused}
            fresh = {each: newest[each] for each, last in before.items() if not _is_late(newest[each][0], last)}
            for each, (message, _) in fresh.items():
                events.note(session, kiosks[each], before[each], message, now)
            if fresh:
                rows = [
                    {"kiosk": each, "room": "telemetry", "payload": payload, "received_at": now}
                    for each, (_, payload) in fresh.items()
                ]
                upsert.put_all(session, LastSeen, rows)
                history.note(session, {each: message for each, (message, _) in fresh.items()}, now)
            doubtful = {each: doubt for each, kiosk in kiosks.items() if (doubt := _doubt(kiosk))}
        return doubtful | refused

    def _treat(self, address: UpTopic, payload: bytes) -> list[Outgoing]:
        kiosk = self._kiosk(address)
        take = self._rooms.get(address.room[0])
        if take is None:
            raise UnknownRoom(f"The contract has no topic up/{'/'.join(address.room)[:80]}.")
        try:
            return take(kiosk, address, payload)
        except (messages.MalformedMessage, BadTopic) as fault:
            raise Malformed(f"The message breaks the contract: {fault}.") from fault

    def _kiosk(self, address: UpTopic) -> Kiosk:
        with self._hub.database.reading() as session:
            kiosk = session.get(Kiosk, address.kiosk)
        refusal = _why_not(address.kiosk, kiosk)
        if refusal is not None:
            raise refusal
        assert kiosk is not None
        if address.room[0] in _ASKS and (doubt := _doubt(kiosk, is_fact=address.room[0] == "fact")):
            raise doubt
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
            case EvidenceRequest():
                return evidence.take(self._hub, kiosk, envelope)
            case HelpRequest():
                return calls.take(self._hub, kiosk, envelope)
            case JudgeRequest():
                return judging.judge(self._hub, self._trust, kiosk, envelope)
            case NeedRequest():
                return self.need.take(kiosk, envelope)
            case DigitiseRequest():
                return documents.take(self._hub, kiosk, envelope, payload)
            case TicketRequest():
                return queueing.take(self._hub, kiosk, envelope, payload)
            case CheckInRequest():
                return queueing.check_in(self._hub, kiosk, envelope, payload)

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
        if evidence.awaits(self._hub, chunk):
            evidence.take_chunk(self._hub, chunk, payload)
            return []
        if documents.awaits(self._hub, chunk):
            documents.take_chunk(self._hub, chunk, payload)
            return []
        whole = drafts.take_chunk(self._hub, chunk, payload)
        return [message for request in whole for message in requests.answer(self._hub, request)]

    def _last_seen(self, kiosk: Kiosk, room: str, kind: type[State | ShadowReported], payload: bytes) -> list[Outgoing]:
        message = messages.decode(kind, payload)
        now = self._hub.clock.now()
        if isinstance(message, State) and message.online and message.start:
            with self._hub.database.writing() as session:
                starts.note(session, kiosk.id, message, now)
        with self._hub.database.noting() as session:
            row = session.get(LastSeen, (kiosk.id, room), with_for_update=True)
            before = view.said(kind, row)
            if _is_late(message, before):
                return []  # a broker replays what it once retained
            upsert.put(session, LastSeen, {"kiosk": kiosk.id, "room": room, "payload": payload, "received_at": now})
            events.note(session, kiosk, before, message, now)
        if isinstance(message, State) and message.online:
            with self._hub.database.writing() as session:
                transfers.hurry(session, kiosk, now)
                jobs.hurry(session, kiosk, now)
            self._hub.to_send.ring()
            if doubt := self._doubt_of(kiosk.id):
                return [self._refused(UpTopic(kiosk=kiosk.id, room=(room,)), payload, doubt)]
        if isinstance(message, ShadowReported):
            jobs.note_shadow(self._hub, kiosk, message)
        return []

    def _doubt_of(self, kiosk_id: str) -> Refusal | None:
        with self._hub.database.reading() as session:
            return _doubt(session.get_one(Kiosk, kiosk_id))

    def _refused(self, address: UpTopic, payload: bytes, refusal: Refusal) -> Outgoing:
        told = str(refusal)  # a kiosk may have written its words, so it is quoted
        log.warning("refused %s of %s: %.300r", refusal.code, address.kiosk, told)
        named = address.room[0] in ("request", "fact") and len(address.room) == 2 and _ROOM.fullmatch(address.room[1])
        kind = address.room[1] if named else address.room[0] if _ROOM.fullmatch(address.room[0]) else "unknown"
        return answers.reply(self._hub.clock, address.kiosk, kind, _id_of(address, payload), refusal.as_reply())


def is_telemetry(topic: str) -> bool:
    """Return whether a message only says how a kiosk is; such messages may be noted many at a time."""
    try:
        return topics.parse_up(topic).room == ("telemetry",)
    except BadTopic:
        return False


def _why_not(kiosk_id: str, kiosk: Kiosk | None) -> Refusal | None:
    if kiosk is None:
        return KioskUnknown(f"No kiosk {kiosk_id} is enrolled here.")
    return KioskRevoked(f"The kiosk {kiosk_id} was revoked.") if kiosk.revoked_at is not None else None


def _doubt(kiosk: Kiosk, *, is_fact: bool = False) -> Refusal | None:
    if kiosk.quarantined_at is None:
        return None
    what = KioskQuarantinedFact if is_fact else KioskQuarantined
    return what(f"Two machines seem to be the kiosk {kiosk.id}: {kiosk.quarantine_cause}.")


def _is_late(message: Message, before: Message | None) -> bool:
    return before is not None and _place(message) < _place(before)


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
