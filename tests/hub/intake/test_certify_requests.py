"""A certify request, from its first byte to the officers' queue and back."""

import random
from datetime import UTC, datetime

import msgspec
import pytest
from hub_doubles import KIOSK, KioskDouble, bodies, draft_pdf
from sqlalchemy import select, update

from contract import messages, topics
from contract.clock import VIETNAM, SimulatedClock
from contract.ids import sha256_hex
from contract.messages import LegalMode, Rejected, ReplyEnvelope, SendChunks, Waiting
from contract.topics import BLOB_CHUNK_BYTES
from hub.intake.requests import MAX_OPEN_PER_KIOSK
from hub.rooms import Hub
from hub.store.tables import Kiosk, RequestRow, RequestState

pytestmark = pytest.mark.both_databases

BIG = draft_pdf() + b"% " + random.Random(1).randbytes(150_000).hex().encode() + b"\n"


def rejected(answers: list) -> Rejected:
    (body,) = bodies(answers)
    assert isinstance(body, Rejected)
    assert body.cause.endswith(".") and body.remedy.endswith(".")
    return body


def test_new_request_is_told_every_chunk_the_hub_lacks(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(BIG)
    assert bodies(kiosk.ask(payload)) == [SendChunks(missing=(0, 1, 2, 3, 4))]


def test_answer_carries_the_request_id_on_the_reply_topic_of_its_kind(kiosk: KioskDouble) -> None:
    request_id, payload = kiosk.request(draft_pdf())
    (answer,) = kiosk.ask(payload)
    assert answer.topic == f"tram/v1/{KIOSK}/down/reply/certify"
    assert messages.decode(ReplyEnvelope, answer.payload).id == request_id


def test_upload_interrupted_in_the_middle_resumes_with_the_missing_chunks(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(BIG)
    kiosk.ask(payload)
    for n in (0, 3):
        chunk = BIG[n * BLOB_CHUNK_BYTES : (n + 1) * BLOB_CHUNK_BYTES]
        assert kiosk.intake.handle(topics.up(KIOSK, "blob", sha256_hex(BIG), n), chunk) == []
    restarted = KioskDouble(kiosk.hub)
    assert bodies(restarted.ask(payload)) == [SendChunks(missing=(1, 2, 4))]


def test_whole_draft_waits_and_is_promised_the_same_day(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(draft_pdf())
    kiosk.ask(payload)
    promised = datetime(2026, 11, 23, 17, 0, tzinfo=VIETNAM)
    assert bodies(kiosk.send_chunks(draft_pdf())) == [Waiting(position=0, promised_at=promised)]


def test_second_paper_waits_behind_the_first(kiosk: KioskDouble, clock: SimulatedClock) -> None:
    kiosk.queue_paper()
    clock.advance(1)
    _, payload = kiosk.request(draft_pdf(mark="b"))
    kiosk.ask(payload)
    (waiting,) = bodies(kiosk.send_chunks(draft_pdf(mark="b")))
    assert isinstance(waiting, Waiting)
    assert waiting.position == 1


def test_two_requests_for_the_same_draft_are_both_completed_by_one_upload(kiosk: KioskDouble) -> None:
    for _ in range(2):
        kiosk.ask(kiosk.request(draft_pdf())[1])
    waiting = bodies(kiosk.send_chunks(draft_pdf()))
    assert [type(body) for body in waiting] == [Waiting, Waiting]


def test_same_id_and_bytes_get_the_same_answer_and_make_one_row(kiosk: KioskDouble, hub: Hub) -> None:
    _, payload = kiosk.request(draft_pdf())
    assert bodies(kiosk.ask(payload)) == bodies(kiosk.ask(payload))
    with hub.database.reading() as session:
        assert len(session.scalars(select(RequestRow)).all()) == 1


def test_replayed_id_with_another_body_is_refused_and_changes_nothing(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(draft_pdf())
    before = kiosk.ask(payload)
    changed = messages.decode(messages.RequestEnvelope, payload)
    changed = msgspec.structs.replace(changed, body=msgspec.structs.replace(changed.body, copies=99))
    answer = rejected(kiosk.ask(messages.encode(changed)))
    assert (answer.code, answer.final) == ("REPLAYED_ID", True)
    assert bodies(kiosk.ask(payload)) == bodies(before)


def test_id_of_another_kiosk_is_refused(hub: Hub, kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(draft_pdf(), legal_mode=LegalMode.PREPARE_ONLY)
    other = KioskDouble(hub, "tram-02")
    other.ask(payload)
    assert rejected(kiosk.ask(payload)).code == "REPLAYED_ID"


def test_draft_with_another_hash_is_discarded_and_asked_for_again(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(BIG)
    kiosk.ask(payload)
    changed = BIG[:-5] + b"wrong"
    refusal, again = bodies(kiosk.send_chunks(changed, name=sha256_hex(BIG)))
    assert isinstance(refusal, Rejected)
    assert (refusal.code, refusal.final) == ("DRAFT_HASH", False)
    assert again == SendChunks(missing=(0, 1, 2, 3, 4))


def test_draft_sent_right_after_a_wrong_one_is_accepted(kiosk: KioskDouble) -> None:
    draft = draft_pdf()
    _, payload = kiosk.request(draft)
    kiosk.ask(payload)
    kiosk.send_chunks(draft[:-1] + b"?", name=sha256_hex(draft))
    (waiting,) = bodies(kiosk.send_chunks(draft))
    assert isinstance(waiting, Waiting)


@pytest.mark.parametrize(
    ("draft", "pages", "code"),
    [
        (draft_pdf(), 2, "DRAFT_PAGES"),
        (b"no pdf at all", 1, "DRAFT_UNREADABLE"),
        (draft_pdf()[:300], 1, "DRAFT_UNREADABLE"),
        (draft_pdf().replace(b"/TramUnsigned true", b"/TramUnsigned null"), 1, "DRAFT_UNREADABLE"),
    ],
    ids=["other page count", "text", "cut off", "without unsigned mark"],
)
def test_draft_that_can_never_be_certified_is_rejected_for_good(
    kiosk: KioskDouble, draft: bytes, pages: int, code: str
) -> None:
    _, payload = kiosk.request(draft, pages=pages)
    kiosk.ask(payload)
    answer = rejected(kiosk.send_chunks(draft))
    assert (answer.code, answer.final) == (code, True)
    assert rejected(kiosk.ask(payload)) == answer


def test_chunk_of_the_wrong_size_is_refused_and_not_kept(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(BIG)
    kiosk.ask(payload)
    answer = rejected(kiosk.intake.handle(topics.up(KIOSK, "blob", sha256_hex(BIG), 1), b"short"))
    assert answer.code == "CHUNK_SIZE"
    assert bodies(kiosk.ask(payload)) == [SendChunks(missing=(0, 1, 2, 3, 4))]


def test_chunk_behind_the_end_is_refused(kiosk: KioskDouble) -> None:
    kiosk.ask(kiosk.request(BIG)[1])
    assert rejected(kiosk.intake.handle(topics.up(KIOSK, "blob", sha256_hex(BIG), 5), b"x")).code == "CHUNK_SIZE"


def test_chunk_nobody_announced_is_refused_and_takes_no_room(kiosk: KioskDouble, hub: Hub) -> None:
    assert rejected(kiosk.send_chunks(draft_pdf())).code == "CHUNK_UNEXPECTED"
    assert not list((hub.config.data_dir / "chunks").rglob("*"))


def test_chunk_delivered_twice_after_the_draft_is_whole_is_passed_over(kiosk: KioskDouble) -> None:
    kiosk.queue_paper()
    assert kiosk.send_chunks(draft_pdf()) == []


def test_chunks_of_one_kiosk_do_not_complete_the_draft_of_another(hub: Hub, kiosk: KioskDouble) -> None:
    kiosk.ask(kiosk.request(draft_pdf())[1])
    assert rejected(KioskDouble(hub, "tram-02").send_chunks(draft_pdf())).code == "CHUNK_UNEXPECTED"


def test_kiosk_can_not_claim_another_legal_mode_than_it_is_enrolled_with(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(draft_pdf(), legal_mode=LegalMode.STAFFED_AT_OFFICE)
    assert rejected(kiosk.ask(payload)).code == "LEGAL_MODE"


def test_document_kind_that_no_seal_can_hold_is_refused_before_a_number_is_used(kiosk: KioskDouble) -> None:
    assert rejected(kiosk.ask(kiosk.request(draft_pdf(), kind="giấy khai sinh")[1])).code == "MALFORMED"


def test_kiosk_with_many_unfinished_drafts_must_finish_them_first(kiosk: KioskDouble) -> None:
    for _ in range(MAX_OPEN_PER_KIOSK):
        kiosk.ask(kiosk.request(BIG)[1])
    answer = rejected(kiosk.ask(kiosk.request(BIG)[1]))
    assert (answer.code, answer.final) == ("TOO_MANY_OPEN", False)


def test_unknown_kiosk_is_refused_but_may_come_again(hub: Hub) -> None:
    stranger = KioskDouble(hub, "tram-99")
    answer = rejected(stranger.ask(stranger.request(draft_pdf())[1]))
    assert (answer.code, answer.final) == ("KIOSK_UNKNOWN", False)


def test_revoked_kiosk_is_refused_for_good(hub: Hub, kiosk: KioskDouble) -> None:
    with hub.database.writing() as session:
        session.execute(update(Kiosk).where(Kiosk.id == KIOSK).values(revoked_at=datetime(2026, 1, 1, tzinfo=UTC)))
    answer = rejected(kiosk.ask(kiosk.request(draft_pdf())[1]))
    assert (answer.code, answer.final) == ("KIOSK_REVOKED", True)


def test_power_cut_between_last_chunk_and_commit_is_made_up_when_the_kiosk_asks_again(
    kiosk: KioskDouble, hub: Hub
) -> None:
    draft = draft_pdf()
    request_id, payload = kiosk.request(draft)
    kiosk.ask(payload)
    hub.chunks.put(KIOSK, sha256_hex(draft), 0, draft)  # on the disk, but the hub died before it looked
    (waiting,) = bodies(kiosk.ask(payload))
    assert isinstance(waiting, Waiting)
    with hub.database.reading() as session:
        assert session.get_one(RequestRow, request_id).state == RequestState.QUEUED
