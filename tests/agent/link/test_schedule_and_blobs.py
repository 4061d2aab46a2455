"""When to send again, and what makes a blob whole."""

from hypothesis import given
from hypothesis import strategies as st

from agent.link.blobs import Collector, cut
from agent.link.schedule import Backoff, Pace, Schedule
from contract.ids import sha256_hex
from contract.messages import BlobRef
from contract.topics import BLOB_CHUNK_BYTES


def test_unanswered_request_is_sent_ever_less_often_up_to_half_a_minute() -> None:
    schedule, sent_at = Schedule(Pace()), list[int]()
    for second in range(150):
        if schedule.due("A", second):
            sent_at.append(second)
            schedule.sent("A", second)
    assert sent_at == [0, 3, 9, 21, 45, 75, 105, 135]


def test_message_to_be_hurried_is_due_at_once_and_one_that_is_done_is_forgotten() -> None:
    schedule = Schedule(Pace())
    schedule.sent("A", 0)
    assert not schedule.due("A", 1) and schedule.pause_s(["A"], 1) == 2
    schedule.hurry("A")
    assert schedule.due("A", 1)
    schedule.sent("A", 1)
    schedule.pause_s([], 1)
    assert schedule.due("A", 1)


def test_fleet_that_lost_its_broker_comes_back_spread_out() -> None:
    early, late = Backoff(), Backoff()
    assert [early.pause_s(0.0) for _ in range(3)] == [0.25, 0.5, 1.0]
    assert [late.pause_s(1.0) for _ in range(9)][-1] == 30.0


@given(size=st.integers(1, 5 * BLOB_CHUNK_BYTES), order=st.randoms(use_true_random=False), doubled=st.booleans())
def test_chunks_in_any_order_doubled_or_not_make_the_blob(size: int, order: object, doubled: bool) -> None:
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    blob = BlobRef(sha256=sha256_hex(content), size_bytes=size)
    chunks = list(cut(content, range(blob.chunks))) * (1 + doubled)
    order.shuffle(chunks)  # type: ignore[attr-defined]
    collector = Collector()
    for index, chunk in chunks:
        collector.add(blob.sha256, index, chunk)
    assert collector.missing(blob) == () and collector.take(blob) == content


def test_chunks_asked_for_twice_or_beyond_the_end_are_sent_once_or_not() -> None:
    content = b"x" * (BLOB_CHUNK_BYTES + 1)
    assert [(index, len(chunk)) for index, chunk in cut(content, [1, 0, 1, 2, 99, -1])] == [
        (0, BLOB_CHUNK_BYTES),
        (1, 1),
    ]


def test_blobs_that_nobody_collects_do_not_fill_the_memory() -> None:
    collector = Collector(limit_bytes=3 * BLOB_CHUNK_BYTES)
    content = b"y" * BLOB_CHUNK_BYTES
    wanted = BlobRef(sha256=sha256_hex(content), size_bytes=len(content))
    for number in range(20):
        collector.add(f"{number:064x}", 0, b"z" * BLOB_CHUNK_BYTES)
    collector.add(wanted.sha256, 0, content)
    assert collector.take(wanted) == content
    assert sum(len(parts) for parts in collector._parts.values()) <= 3
