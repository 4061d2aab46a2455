"""A broker that lies: it doubles, reorders, drops and replays what is old; what is recorded stays the same.

The kiosk's side repeats what was not answered, as its outbox does. What the hub has written in the end must be what an
honest broker leads to: each request one paper, each paper one number, each fact one row.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hub_doubles import KIOSK, CertifierDouble, KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import select

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid, sha256_hex
from contract.messages import Certified, FactEnvelope, HandedOverFact, LegalMode, State, Telemetry, Waiting
from hub.intake import requests
from hub.intake.answers import Outgoing
from hub.intake.handler import Intake
from hub.register import retention
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import DecisionRow, FactRow, Issue, LastSeen, RegisterRow, RequestRow, RequestState

Message = tuple[str, bytes]
PAPERS = 4


@dataclass
class LyingBroker:
    """Takes messages and delivers them as it likes; `kept` is what it may replay at any time."""

    intake: Intake
    chance: random.Random
    kept: list[Message] = field(default_factory=list)
    held_back: list[Message] = field(default_factory=list)
    lies: Counter[str] = field(default_factory=Counter)

    def publish(self, topic: str, payload: bytes) -> list[Outgoing]:
        """Return what the hub answered to whatever was delivered now."""
        self.kept.append((topic, payload))
        answers: list[Outgoing] = []
        for lie, message in self._delivered((topic, payload)):
            self.lies[lie] += 1
            answers += self.intake.handle(*message)
        return [answer for answer in answers if self.chance.random() > 0.3]  # answers are lost too

    def _delivered(self, message: Message) -> Iterator[tuple[str, Message]]:
        fate = self.chance.choice(["true", "dropped", "doubled", "held back", "replayed"])
        if fate == "held back":
            self.held_back.append(message)
        elif fate != "dropped":
            yield fate, message
        if fate == "doubled":
            yield fate, message
        if fate == "replayed":
            yield from ((fate, old) for old in self.chance.sample(self.kept, min(5, len(self.kept))))
        if self.held_back and self.chance.random() < 0.4:
            self.chance.shuffle(self.held_back)
            yield "reordered", self.held_back.pop()
        if fate == "dropped":
            self.lies[fate] += 1


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_broker_does_each_paper_is_recorded_once(hub: Hub, clock: SimulatedClock, seed: int) -> None:
    chance = random.Random(seed)
    broker = LyingBroker(Intake(hub), chance)
    kiosk = KioskDouble(hub)
    papers = [_paper(kiosk, clock, number) for number in range(PAPERS)]
    for request_id, payload, draft in papers:
        _bring(hub, broker, request_id, payload, draft)
    for request_id, *_ in papers:
        approve(hub, request_id)
        _everything_old_again(broker)
    signing = SigningQueue(hub, CertifierDouble())
    while signing.sign_next():
        _everything_old_again(broker)
    before = _recorded(hub)
    for request_id, payload, _ in papers:
        while not any(isinstance(body, Certified) for body in bodies(broker.publish(_request_topic(), payload))):
            pass
        _tell(hub, broker, clock, request_id)
    _everything_old_again(broker)
    assert _recorded(hub) == before
    assert [number for number, _ in before] == list(range(1, PAPERS + 1))
    assert sorted(request for _, request in before) == sorted(request_id for request_id, *_ in papers)
    assert _facts(hub) == {request_id: 1 for request_id, *_ in papers}
    assert len(broker.lies) == 5, broker.lies


def test_replay_after_the_purge_opens_nothing(hub: Hub, clock: SimulatedClock) -> None:
    kiosk = KioskDouble(hub)
    request_id, payload, draft = _paper(kiosk, clock, 0)
    kiosk.ask(payload)
    kiosk.send_chunks(draft)
    approve(hub, request_id)
    SigningQueue(hub, CertifierDouble()).sign_next()
    clock.advance(2 * 86_400)
    retention.sweep(hub)
    before = _recorded(hub)
    kiosk.ask(payload)
    kiosk.send_chunks(draft)
    assert _recorded(hub) == before
    assert hub.drafts.get(sha256_hex(draft)) is None
    assert hub.chunks.missing(KIOSK, sha256_hex(draft), len(draft)) != ()


def test_old_retained_state_and_old_telemetry_change_nothing(hub: Hub, clock: SimulatedClock) -> None:
    began, later = clock.now(), clock.now() + timedelta(minutes=5)
    words = [_state(True, began), _state(False, began), _state(True, later), _state(False, later)]
    readings = [_telemetry(began), _telemetry(later)]
    intake = Intake(hub)
    for seed in range(20):
        replay = [*words[:3], *readings, *random.Random(seed).choices([*words[:3], *readings], k=8)]
        for room, payload in replay:
            intake.handle(topics.up(KIOSK, room), payload)
        assert _last(hub) == {"state": words[2][1], "telemetry": readings[1][1]}
    intake.handle(topics.up(KIOSK, "state"), words[3][1])  # the last will of this connection
    intake.handle(topics.up(KIOSK, "state"), words[2][1])
    assert _last(hub)["state"] == words[3][1]


def _state(online: bool, since: datetime) -> Message:
    state = State(v=messages.VERSION, online=online, since=since, version="1", legal_mode=LegalMode.PILOT_REMOTE)
    return "state", messages.encode(state)


def _telemetry(at: datetime) -> Message:
    return "telemetry", messages.encode(Telemetry(v=messages.VERSION, at=at, devices=(), vitals={}))


def _last(hub: Hub) -> dict[str, bytes]:
    with hub.database.reading() as session:
        return {row.room: row.payload for row in session.scalars(select(LastSeen))}


def _paper(kiosk: KioskDouble, clock: SimulatedClock, number: int) -> tuple[str, bytes, bytes]:
    clock.advance(1)
    draft = draft_pdf(mark=str(number))
    request_id, payload = kiosk.request(draft)
    return request_id, payload, draft


def _request_topic() -> str:
    return topics.up(KIOSK, "request", "certify")


def _bring(hub: Hub, broker: LyingBroker, request_id: str, payload: bytes, draft: bytes) -> None:
    """Repeat request and chunks until an answer says that the paper waits."""
    for _ in range(500):
        answers = broker.publish(_request_topic(), payload)
        for n in range(topics.chunk_count(len(draft))):
            chunk = draft[n * topics.BLOB_CHUNK_BYTES : (n + 1) * topics.BLOB_CHUNK_BYTES]
            answers += broker.publish(topics.up(KIOSK, "blob", sha256_hex(draft), n), chunk)
        own = [each for each in answers if request_id.encode() in each.payload]
        if any(isinstance(body, Waiting) for body in bodies(own)):
            return
    raise AssertionError(f"{request_id} never came through: {bodies(requests.answer(hub, request_id))}")


def _tell(hub: Hub, broker: LyingBroker, clock: SimulatedClock, request_id: str) -> None:
    """Repeat a fact until the hub has acknowledged it."""
    now = clock.now()
    fact_id = new_ulid(now)
    body = HandedOverFact(request=request_id, paper_copies=1, electronic=True)
    payload = messages.encode(FactEnvelope(v=messages.VERSION, id=fact_id, at=now, body=body))
    while not any(
        fact_id.encode() in each.payload for each in broker.publish(topics.up(KIOSK, "fact", "handed-over"), payload)
    ):
        pass


def _everything_old_again(broker: LyingBroker) -> None:
    for message in broker.chance.sample(broker.kept, min(10, len(broker.kept))):
        broker.intake.handle(*message)


def _recorded(hub: Hub) -> list[tuple[int, str]]:
    """The register with the papers behind it; all else that must not have changed is asserted here."""
    with hub.database.reading() as session:
        states = list(session.scalars(select(RequestRow.state)))
        assert set(states) == {RequestState.CERTIFIED}
        assert (
            len(states) == len(session.scalars(select(DecisionRow)).all()) == len(session.scalars(select(Issue)).all())
        )
        assert audit.first_broken_row(session) is None
        rows = select(RegisterRow.number, Issue.request).join(Issue, Issue.register_row == RegisterRow.id)
        return [(number, request) for number, request in session.execute(rows.order_by(RegisterRow.number))]


def _facts(hub: Hub) -> Counter[str]:
    with hub.database.reading() as session:
        return Counter(session.scalars(select(FactRow.request)))
