"""What stands behind the broker, in the matrix: a hub whose officer takes a minute, and the cable to it."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from agent.ledger.outbox import Outgoing
from agent.link.loopback import Loopback
from contract.ids import sha256_hex
from contract.messages import (
    VERSION,
    Ack,
    BlobRef,
    CertifyRequest,
    CheckInRequest,
    CollectRequest,
    DigitiseRequest,
    EvidenceRequest,
    FactEnvelope,
    JudgeRequest,
    NeedRequest,
    Rejected,
    Reply,
    ReplyEnvelope,
    RequestEnvelope,
    SendChunks,
    Sending,
    Stored,
    TicketRequest,
    Waiting,
    decode,
    encode,
)
from contract.topics import chunk_count, down, parse_up
from tests.agent.kiosk_doubles import PLACE, TAIL, Hub, PowerCut
from tests.prove.matrix import devices
from tests.prove.matrix.trouble import Mode, Trouble

OFFICER_S, HUB_LATE_S = 60.0, 400.0


class HubEnd:
    """What stands behind the broker: takes drafts in chunks, has them decided, sends tails, acknowledges facts."""

    def __init__(self, hub: Hub, folder: Path, trouble: Trouble) -> None:
        self.cable = Loopback(self)
        self._hub, self._folder, self._trouble = hub, folder, trouble
        self._chunks: dict[tuple[str, int], bytes] = {}
        self._asked: set[str] = set()
        self._tails: dict[str, bytes] = {}
        trouble.on_spring.append(self._disturb)

    def mend(self) -> None:
        """Put cable and hub in order."""
        self.cable.manners = replace(self.cable.manners, unplugged=False, drop=0.0, delay_s=0.0)

    def __call__(self, topic: str, payload: bytes) -> Iterable[tuple[str, bytes]]:
        mode = self._trouble.mode_of("hub")
        if mode in devices.GONE:
            return []
        answers = list(self._answer(parse_up(topic).room, payload, broken=mode is Mode.JAMMED))
        try:
            for device in ("network", "hub"):
                self._trouble.done_by(device)
        except PowerCut:  # it is the kiosk's, which notices by itself
            return []
        lost = {self._trouble.mode_of("network"), self._trouble.mode_of("hub")} & set(devices.GONE)
        return [] if lost else answers

    def _answer(self, room: tuple[str, ...], payload: bytes, *, broken: bool) -> Iterable[tuple[str, bytes]]:
        match room:
            case ("blob", sha256, index):
                self._chunks[sha256, int(index)] = payload
            case ("fact", _) if not broken:
                fact = decode(FactEnvelope, payload)
                self._hub.facts[fact.id] = fact.body
                yield down(PLACE.kiosk, "ack"), encode(Ack(v=VERSION, ids=(fact.id,)))
            case ("request", kind):
                yield from self._treat(kind, decode(RequestEnvelope, payload), payload, broken=broken)

    def _treat(
        self, kind: str, request: RequestEnvelope, payload: bytes, *, broken: bool
    ) -> Iterable[tuple[str, bytes]]:
        if broken:
            fault = Rejected(code="BROKEN", cause="The database is away", remedy="Wait", final=False)
            yield self._reply(kind, request.id, fault)
        elif isinstance(request.body, CollectRequest):
            yield self._reply(kind, request.id, Sending(chunks=1))
            yield down(PLACE.kiosk, "blob", request.body.blob.sha256, 0), self._tails[request.body.blob.sha256]
        elif isinstance(request.body, EvidenceRequest):
            yield self._keep(kind, request.id, request.body)
        elif isinstance(request.body, CertifyRequest):
            yield self._certify(kind, request, request.body, payload)
        elif isinstance(request.body, DigitiseRequest):
            yield self._file(kind, request.id, request.body, payload)
        elif isinstance(request.body, TicketRequest | CheckInRequest | JudgeRequest | NeedRequest):
            yield down(PLACE.kiosk, "reply", kind), self._hub.treat(_message(request.id, kind, payload))

    def _keep(self, kind: str, request: str, body: EvidenceRequest) -> tuple[str, bytes]:
        if body.request in self._hub.replies:
            late = Rejected(
                code="EVIDENCE_LATE", cause="The paper is decided", remedy="Nothing is to be done", final=True
            )
            return self._reply(kind, request, late)
        sealed = self._whole(body.blob)
        if isinstance(sealed, SendChunks):
            return self._reply(kind, request, sealed)
        self._hub.evidence[body.request] = [sealed]
        return self._reply(kind, request, Stored())

    def _whole(self, blob: BlobRef) -> bytes | SendChunks:
        numbers = range(chunk_count(blob.size_bytes))
        if missing := tuple(index for index in numbers if (blob.sha256, index) not in self._chunks):
            return SendChunks(missing=missing)
        return b"".join(self._chunks[blob.sha256, index] for index in numbers)

    def _certify(self, kind: str, request: RequestEnvelope, body: CertifyRequest, payload: bytes) -> tuple[str, bytes]:
        if done := self._hub.replies.get(request.id):
            return down(PLACE.kiosk, "reply", kind), done
        draft = self._whole(body.draft)
        if isinstance(draft, SendChunks):
            return self._reply(kind, request.id, draft)
        if request.id not in self._asked and sha256_hex(draft) == body.draft.sha256:
            self._asked.add(request.id)
            asyncio.get_running_loop().call_later(OFFICER_S, self._decide, kind, request.id, payload, draft)
        return self._reply(kind, request.id, Waiting(position=0, promised_at=self._hub.clock.now()))

    def _file(self, kind: str, request: str, body: DigitiseRequest, payload: bytes) -> tuple[str, bytes]:
        draft = self._whole(body.draft)
        if isinstance(draft, SendChunks):
            return self._reply(kind, request, draft)
        return down(PLACE.kiosk, "reply", kind), self._hub.treat(self._with_blob(kind, request, payload, draft))

    def _with_blob(self, kind: str, request: str, payload: bytes, draft: bytes) -> Outgoing:
        blob = self._folder / f"{request}.pdf"
        blob.write_bytes(draft)
        return _message(request, kind, payload, blob)

    def _decide(self, kind: str, request: str, payload: bytes, draft: bytes) -> None:
        message = self._with_blob(kind, request, payload, draft)
        self._hub.tail = TAIL + request.encode()
        self._tails[sha256_hex(self._hub.tail)] = self._hub.tail
        reply = self._hub.treat(message)
        if self._trouble.mode_of("hub") not in (*devices.GONE, Mode.JAMMED):
            self.cable.push(down(PLACE.kiosk, "reply", kind), reply)

    def _reply(self, kind: str, request: str, body: Reply) -> tuple[str, bytes]:
        envelope = ReplyEnvelope(v=VERSION, id=request, at=self._hub.clock.now(), body=body)
        return down(PLACE.kiosk, "reply", kind), encode(envelope)

    def _disturb(self) -> None:
        match self._trouble.device, self._trouble.mode:
            case ("network", Mode.LOST | Mode.CUT):
                self.cable.manners = replace(self.cable.manners, unplugged=True)
                self.cable.cut()
            case ("network", Mode.JAMMED):
                self.cable.manners = replace(self.cable.manners, drop=0.6)
            case ("network" | "hub", Mode.SLOW):
                self.cable.manners = replace(self.cable.manners, delay_s=HUB_LATE_S)


def _message(request: str, kind: str, payload: bytes, blob: Path | None = None) -> Outgoing:
    return Outgoing(id=request, visit="", kind="request", room=kind, payload=payload, blob=blob, done=False)
