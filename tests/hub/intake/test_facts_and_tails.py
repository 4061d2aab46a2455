"""Facts are acknowledged after their commit, once; tails go only to whom they belong."""

import msgspec
import pytest
from hub_doubles import KIOSK, KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import func, select

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import (
    Ack,
    BlobRef,
    Certified,
    CollectRequest,
    Fact,
    FactEnvelope,
    HandedOverFact,
    PurgedFact,
    Rejected,
    RequestEnvelope,
    Sending,
)
from hub.intake import requests
from hub.intake.answers import Outgoing
from hub.register import retention
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import FactRow, Issue, RequestRow

pytestmark = pytest.mark.both_databases


def tell(kiosk: KioskDouble, body: Fact, fact_id: str = "") -> list[Outgoing]:
    now = kiosk.hub.clock.now()
    envelope = FactEnvelope(v=1, id=fact_id or new_ulid(now), at=now, body=body)
    tag = body.__struct_config__.tag
    return kiosk.intake.handle(topics.up(kiosk.id, "fact", str(tag)), messages.encode(envelope))


def certified(hub: Hub, kiosk: KioskDouble, signing: SigningQueue) -> tuple[str, Certified]:
    request_id = kiosk.queue_paper()
    approve(hub, request_id)
    assert signing.sign_next()
    (body,) = bodies(requests.answer(hub, request_id))
    assert isinstance(body, Certified)
    return request_id, body


def collect(kiosk: KioskDouble, blob: BlobRef, missing: tuple[int, ...]) -> list[Outgoing]:
    now = kiosk.hub.clock.now()
    body = CollectRequest(blob=blob, missing=missing)
    envelope = RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body)
    return kiosk.ask(messages.encode(envelope), "collect")


def test_fact_told_twice_is_recorded_once_and_acknowledged_twice(kiosk: KioskDouble, hub: Hub) -> None:
    fact_id = new_ulid(hub.clock.now())
    fact = HandedOverFact(request=kiosk.queue_paper(), paper_copies=2, electronic=True)
    answers = [*tell(kiosk, fact, fact_id), *tell(kiosk, fact, fact_id)]
    assert {answer.topic for answer in answers} == {f"tram/v1/{KIOSK}/down/ack"}
    assert [messages.decode(Ack, answer.payload).ids for answer in answers] == [(fact_id,), (fact_id,)]
    with hub.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(FactRow)) == 1


def test_fact_of_a_visit_that_never_asked_is_acknowledged(kiosk: KioskDouble, hub: Hub) -> None:
    (answer,) = tell(kiosk, PurgedFact(request=new_ulid(hub.clock.now()), sha256=()))
    assert answer.topic.endswith("/down/ack")


def test_fact_id_with_another_body_is_refused_and_not_acknowledged(kiosk: KioskDouble, hub: Hub) -> None:
    fact_id = new_ulid(hub.clock.now())
    fact = HandedOverFact(request=kiosk.queue_paper(), paper_copies=2, electronic=True)
    tell(kiosk, fact, fact_id)
    (body,) = bodies(tell(kiosk, msgspec.structs.replace(fact, paper_copies=1), fact_id))
    assert isinstance(body, Rejected)
    assert body.code == "REPLAYED_ID"


def test_fact_about_the_paper_of_another_kiosk_is_refused(kiosk: KioskDouble, hub: Hub) -> None:
    fact = HandedOverFact(request=kiosk.queue_paper(), paper_copies=2, electronic=True)
    (body,) = bodies(tell(KioskDouble(hub, "tram-02"), fact))
    assert isinstance(body, Rejected)
    assert body.code == "NOT_YOURS"


def test_tail_chunks_asked_for_come_before_the_word_that_they_are_sent(
    kiosk: KioskDouble, hub: Hub, signing: SigningQueue
) -> None:
    _, copy = certified(hub, kiosk, signing)
    answers = collect(kiosk, copy.tail, (0, 1))
    assert [answer.topic.split("/down/")[1] for answer in answers] == [
        f"blob/{copy.tail.sha256}/0",
        f"blob/{copy.tail.sha256}/1",
        "reply/collect",
    ]
    assert b"".join(answer.payload for answer in answers[:-1]) == hub.tails.get(copy.tail.sha256)
    assert bodies(answers) == [Sending(chunks=2)]


def test_chunks_that_do_not_exist_are_not_sent(kiosk: KioskDouble, hub: Hub, signing: SigningQueue) -> None:
    _, copy = certified(hub, kiosk, signing)
    assert bodies(collect(kiosk, copy.tail, (-1, 2, 7))) == [Sending(chunks=0)]


def test_tail_of_another_kiosk_is_not_given(kiosk: KioskDouble, hub: Hub, signing: SigningQueue) -> None:
    _, copy = certified(hub, kiosk, signing)
    (body,) = bodies(collect(KioskDouble(hub, "tram-02"), copy.tail, (0,)))
    assert isinstance(body, Rejected)
    assert body.code == "TAIL_UNKNOWN"


def test_handed_over_and_purged_at_the_kiosk_purges_draft_and_tail_here(
    kiosk: KioskDouble, hub: Hub, signing: SigningQueue
) -> None:
    request_id, copy = certified(hub, kiosk, signing)
    tell(kiosk, HandedOverFact(request=request_id, paper_copies=2, electronic=True))
    retention.sweep(hub)
    assert hub.tails.get(copy.tail.sha256) is not None
    tell(kiosk, PurgedFact(request=request_id, sha256=()))
    retention.sweep(hub)
    assert hub.tails.get(copy.tail.sha256) is None
    (body,) = bodies(collect(kiosk, copy.tail, (0,)))
    assert isinstance(body, Rejected)
    assert body.code == "TAIL_PURGED"
    with hub.database.reading() as session:
        assert session.get_one(Issue, copy.copy_id).copy_sha256 == copy.copy_sha256


def test_certified_answer_stays_the_same_after_the_purge(kiosk: KioskDouble, hub: Hub, signing: SigningQueue) -> None:
    request_id, copy = certified(hub, kiosk, signing)
    hub.clock.advance(25 * 3600)  # type: ignore[attr-defined]
    retention.sweep(hub)
    assert hub.drafts.get(draft_sha(hub, request_id)) is None
    assert bodies(requests.answer(hub, request_id)) == [copy]


def draft_sha(hub: Hub, request_id: str) -> str:
    with hub.database.reading() as session:
        return session.get_one(RequestRow, request_id).draft_sha256


def test_draft_is_whole_at_the_hub_while_the_paper_waits(kiosk: KioskDouble, hub: Hub) -> None:
    request_id = kiosk.queue_paper()
    retention.sweep(hub)
    assert hub.drafts.get(draft_sha(hub, request_id)) == draft_pdf()
