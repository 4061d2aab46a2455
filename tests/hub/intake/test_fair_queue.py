"""Kiosks are served in turn; a flood pushes out its own messages and nobody else's."""

import asyncio

import aiomqtt
import pytest

from contract import topics
from hub.intake import fair_queue
from hub.intake.fair_queue import FairQueue


def message(kiosk: str, payload: bytes = b"") -> aiomqtt.Message:
    topic = topics.up(kiosk, "telemetry")
    return aiomqtt.Message(topic=topic, payload=payload, qos=1, retain=False, mid=1, properties=None)


def drained(queue: FairQueue) -> list[str]:
    got = []
    while not queue.empty():
        each = queue.get_nowait()
        got.append(f"{str(each.topic).split('/')[2]}:{bytes(each.payload).decode()[:4]}")
    return got


def test_kiosks_are_served_in_turn_each_in_its_own_order() -> None:
    queue = FairQueue()
    for kiosk, text in (("aa", "1"), ("aa", "2"), ("aa", "3"), ("bb", "1"), ("cc", "1"), ("bb", "2")):
        queue.put_nowait(message(kiosk, text.encode()))
    assert drained(queue) == ["aa:1", "bb:1", "cc:1", "aa:2", "bb:2", "aa:3"]


def test_flood_loses_its_newest_messages_and_others_lose_none() -> None:
    queue = FairQueue(maxsize=10)
    queue.put_nowait(message("bb", b"b1"))
    for number in range(50):
        queue.put_nowait(message("aa", str(number).encode()))
    queue.put_nowait(message("cc", b"c1"))
    assert queue.qsize() == 10
    assert drained(queue) == ["bb:b1", "aa:0", "cc:c1", *(f"aa:{n}" for n in range(1, 8))]


def test_waiting_bytes_are_bounded_at_the_cost_of_the_heaviest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_queue, "MOST_BYTES", 1000)
    queue = FairQueue(maxsize=100)
    queue.put_nowait(message("bb", b"b" * 300))
    for _ in range(9):
        queue.put_nowait(message("aa", b"a" * 200))
    queue.put_nowait(message("cc", b"c" * 2000))
    assert drained(queue) == ["bb:bbbb", "aa:aaaa", "aa:aaaa", "aa:aaaa"]


async def test_who_waits_is_woken_and_gets_what_comes_later() -> None:
    queue = FairQueue(maxsize=1)
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(message("aa", b"x"))
    assert (await waiting).payload == b"x"
    assert queue.empty() and queue.qsize() == 0
